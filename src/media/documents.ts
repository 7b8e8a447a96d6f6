import { readFile, stat } from 'node:fs/promises'
import { toText } from 'hast-util-to-text'
import rehypeParse from 'rehype-parse'
import { unified } from 'unified'
import type { DocumentFacts, DocumentPage, Finding, OtherFacts } from '../case/item-facts.ts'
import { documentLimits } from './limits.ts'
import { MediaError } from './media-error.ts'
import { readPdfPages } from './pdf-pages.ts'
import type { Probed } from './probe.ts'
import { runSandboxed } from './sandbox.ts'
import type { Sniffed } from './sniff.ts'

type DocumentSniffed = Extract<Sniffed, { kind: 'document' }>

const mostPages = 500
const mostTextBytes = 5 * 1024 * 1024

/**
 * A document's text; for PDF with each word's box. Bad content is a finding;
 * throws MediaError only for trouble of this machine.
 */
export async function readDocument(
  path: string,
  sniffed: DocumentSniffed,
): Promise<Probed<DocumentFacts | OtherFacts>> {
  if (sniffed.format === 'pdf') return readPdf(path, sniffed)
  if ((await stat(path)).size > mostTextBytes) {
    return unusable(sniffed, 'limit-exceeded', 'The text is longer than 5 MB and is not read.')
  }
  const bytes = await readFile(path)
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return unusable(
      sniffed,
      'unrecognised-content',
      'The text is not UTF-8 throughout: save it as UTF-8 and keep this file as the original.',
    )
  }
  if (sniffed.format === 'html') {
    const read = htmlText(text)
    if (read === undefined) {
      return unusable(sniffed, 'limit-exceeded', 'The page is nested too deeply to be read.')
    }
    text = read
  }
  return document(sniffed, [{ text: text.replaceAll(/\r\n?/g, '\n') }], [])
}

async function readPdf(
  path: string,
  sniffed: DocumentSniffed,
): Promise<Probed<DocumentFacts | OtherFacts>> {
  let run
  try {
    run = await runSandboxed({
      program: 'pdftotext',
      args: ['-bbox-layout', '-enc', 'UTF-8', '-l', String(mostPages + 1), 'in/0', '-'],
      inputs: [path],
      limits: documentLimits,
      acceptFailure: true,
    })
  } catch (error) {
    if (!(error instanceof MediaError) || !error.code.endsWith('-limit')) throw error
    return unusable(sniffed, 'limit-exceeded', `Reading was stopped: ${error.message}.`)
  }
  if (/incorrect password/i.test(run.stderr)) {
    return unusable(
      sniffed,
      'encrypted',
      'The PDF is encrypted: ask for a copy without a password and keep this one as the original.',
    )
  }
  const pages = readPdfPages(run.stdout.toString('utf8'))
  if (pages.length === 0) {
    return unusable(
      sniffed,
      'unreadable-media',
      'The file begins like a PDF but holds no page that can be read.',
    )
  }
  const findings: Finding[] = []
  if (run.exitCode !== 0) {
    findings.push({
      code: 'truncated',
      severity: 'problem',
      message: 'The PDF is damaged; only part of it was read.',
    })
  }
  if (pages.length > mostPages) {
    findings.push({
      code: 'limit-exceeded',
      severity: 'problem',
      message: `Only the first ${mostPages} pages are read.`,
    })
  }
  return document(sniffed, pages.slice(0, mostPages), findings)
}

function htmlText(html: string): string | undefined {
  try {
    // Drops script, style and what is hidden, breaks lines as a browser would.
    return toText(unified().use(rehypeParse).parse(html)).trim()
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}

function document(
  sniffed: DocumentSniffed,
  pages: readonly DocumentPage[],
  findings: readonly Finding[],
): Probed<DocumentFacts> {
  const empty = pages.every((page) => page.text.trim() === '')
  return {
    facts: { kind: 'document', mediaType: sniffed.mediaType, pages },
    findings: empty
      ? [
          ...findings,
          {
            code: 'text-not-found',
            severity: 'notice',
            message:
              'No text was found; the pages may be pictures of text. Quotes cannot be located in it.',
          },
        ]
      : findings,
  }
}

function unusable(
  sniffed: DocumentSniffed,
  code: Finding['code'],
  message: string,
): Probed<OtherFacts> {
  return {
    facts: { kind: 'other', mediaType: sniffed.mediaType },
    findings: [{ code, severity: 'problem', message }],
  }
}
