import assert from 'node:assert/strict'
import { rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { after, test } from 'node:test'
import { readDocument } from './documents.ts'
import { temporaryFolder } from './fixture.ts'
import { readPdfPages } from './pdf-pages.ts'
import { sniffFile } from './sniff.ts'

const folder = temporaryFolder()
after(() => rmSync(folder, { recursive: true, force: true }))

async function read(name: string, bytes: string | Uint8Array) {
  const file = path.join(folder, name)
  writeFileSync(file, bytes)
  const sniffed = await sniffFile(file)
  assert.equal(sniffed.kind, 'document')
  return readDocument(file, sniffed)
}

/** A PDF with one page for each text, lines 20 points apart from the top at 100. */
function pdf(pages: readonly (readonly string[])[], trailer = ''): string {
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    `<< /Type /Pages /Count ${pages.length} /Kids [${pages.map((_, index) => `${4 + 2 * index} 0 R`).join(' ')}] >>`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
    ...pages.flatMap((lines, index) => {
      const text = lines.map((line, row) => `BT /F1 12 Tf 72 ${700 - 20 * row} Td (${line}) Tj ET`)
      const content = text.join('\n')
      return [
        `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents ${5 + 2 * index} 0 R /Resources << /Font << /F1 3 0 R >> >> >>`,
        `<< /Length ${content.length} >>\nstream\n${content}\nendstream`,
      ]
    }),
  ]
  let body = '%PDF-1.4\n'
  const offsets = objects.map((object, index) => {
    const offset = body.length
    body += `${index + 1} 0 obj\n${object}\nendobj\n`
    return offset
  })
  const start = body.length
  const rows = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('')
  return `${body}xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${rows}trailer\n<< /Size ${objects.length + 1} /Root 1 0 R ${trailer} >>\nstartxref\n${start}\n%%EOF\n`
}

test('a PDF gives its words with their boxes, in points from the upper left', async () => {
  const { facts, findings } = await read(
    'release.pdf',
    pdf([['A traffic stop <ended>', 'without & incident.'], ['Page two']]),
  )
  assert.ok(facts.kind === 'document')
  assert.deepEqual(findings, [])
  assert.deepEqual(
    facts.pages.map((page) => page.text.replaceAll(/\s+/g, ' ')),
    ['A traffic stop <ended> without & incident.', 'Page two'],
  )
  const [page] = facts.pages
  assert.deepEqual([page?.widthPoints, page?.heightPoints], [612, 792])
  const word = page?.words?.find(({ text }) => text === '<ended>')
  assert.ok(word !== undefined)
  assert.ok(word.xMin > 72 && word.xMax > word.xMin)
  assert.ok(word.yMin > 70 && word.yMin < 792 - 700 && word.yMax > 792 - 700)
})

test('an encrypted PDF is called encrypted', async () => {
  const nothing = '0'.repeat(64)
  const lock = `/Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <${nothing}> /U <${nothing}> >> /ID [<00><00>]`
  const { facts, findings } = await read('locked.pdf', pdf([['secret']], lock))
  assert.equal(facts.kind, 'other')
  assert.deepEqual(
    findings.map((finding) => finding.code),
    ['encrypted'],
  )
})

test('a PDF of nothing, or without text, is a finding', async () => {
  const broken = await read('broken.pdf', '%PDF-1.4\nnothing')
  assert.equal(broken.facts.kind, 'other')
  assert.deepEqual(
    broken.findings.map((finding) => finding.code),
    ['unreadable-media'],
  )
  const scanned = await read('scanned.pdf', pdf([[]]))
  assert.equal(scanned.facts.kind, 'document')
  assert.deepEqual(
    scanned.findings.map((finding) => finding.code),
    ['text-not-found'],
  )
})

test('words that look like markup stay words', () => {
  const pages = readPdfPages(
    '<page width="10" height="20"><word xMin="1" yMin="2" xMax="3" yMax="4">&lt;page&gt;&#x41;&amp;lt;</word></page>',
  )
  assert.deepEqual(pages, [
    {
      text: '<page>A&lt;',
      widthPoints: 10,
      heightPoints: 20,
      words: [{ text: '<page>A&lt;', xMin: 1, yMin: 2, xMax: 3, yMax: 4 }],
    },
  ])
})

test('a web page gives its text without scripts and styles', async () => {
  const { facts } = await read(
    'report.html',
    '<!doctype html><title>t</title><style>p{}</style><h1>Shots</h1><p>on the <b>quay</b></p><script>alert("x")</script>',
  )
  assert.ok(facts.kind === 'document')
  const text = facts.pages[0]?.text ?? ''
  assert.match(text, /Shots\s+on the quay/)
  assert.doesNotMatch(text, /alert|p\{\}/)
})

test('a web page nested without end does not end the program', async () => {
  const { facts, findings } = await read('deep.html', `<html>${'<div>'.repeat(400_000)}x`)
  assert.ok(facts.kind === 'document' || findings[0]?.code === 'limit-exceeded')
})

test('plain text is kept as it is but for its line ends', async () => {
  const { facts } = await read('note.txt', '\uFEFFfirst line\r\nsecond – line\n')
  assert.ok(facts.kind === 'document')
  assert.equal(facts.pages[0]?.text, 'first line\nsecond – line\n')
})

test('text that turns out not to be UTF-8 is a finding', async () => {
  const bytes = Buffer.concat([Buffer.from('a'.repeat(70_000)), Buffer.from([0xe9, 0x0a])])
  const { facts, findings } = await read('latin.txt', bytes)
  assert.equal(facts.kind, 'other')
  assert.equal(findings[0]?.code, 'unrecognised-content')
})
