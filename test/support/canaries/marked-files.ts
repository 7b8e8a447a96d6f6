/** Files with words in all the places where phones, programs and people leave them. */
import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import type { Canaries } from './canaries.ts'

function ffmpeg(args: readonly string[]): void {
  execFileSync('ffmpeg', ['-nostdin', '-v', 'error', '-y', ...args], { stdio: 'inherit' })
}

/** Six digits after the point, of which none come by chance: a place to a tenth of a metre. */
const place = (): string => (10 + Math.random() * 80).toFixed(6).replace(/0$/, '7')

/** A recording once more, with what phones say of themselves and their owners. */
export function markRecording(path: string, to: string, { plant }: Canaries, what: string): void {
  const chapters = `${to}.chapters`
  writeFileSync(
    chapters,
    `;FFMETADATA1\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=4000\ntitle=${plant(`${what}: a chapter's title`)}\n`,
  )
  const tags = {
    title: plant(`${what}: title`),
    artist: plant(`${what}: artist`),
    comment: plant(`${what}: comment`),
    location: plant(`${what}: GPS`, () => `+${place()}-001.234567/`),
    'com.apple.quicktime.model': plant(`${what}: model`),
    'com.apple.quicktime.serial': plant(`${what}: serial number`),
  }
  const stream = plant(`${what}: name of a stream`)
  const inputs = ['-i', path, '-f', 'ffmetadata', '-i', chapters, '-map', '0', '-map_chapters', '1']
  const named = ['-metadata:s:v', `handler_name=${stream}`, '-metadata:s:v', `title=${stream}`]
  const more = to.endsWith('.mkv')
    ? attachment(`${to}.txt`, plant(`${what}: an attachment`))
    : ['-movflags', 'use_metadata_tags']
  const global = Object.entries(tags).flatMap(([name, text]) => ['-metadata', `${name}=${text}`])
  ffmpeg([...inputs, '-c', 'copy', ...global, ...named, ...more, to])
  rmSync(chapters)
}

function attachment(path: string, text: string): readonly string[] {
  writeFileSync(path, text)
  return ['-attach', path, '-metadata:s:t', 'mimetype=text/plain']
}

/** A photo with EXIF (owner, serial number, GPS), XMP and a comment. */
export function markedPhoto(to: string, canaries: Canaries, what: string): void {
  const { plant } = canaries
  const bare = `${to}.bare.jpg`
  ffmpeg(['-f', 'lavfi', '-i', 'testsrc=size=320x240', '-frames:v', '1', bare])
  const jpeg = readFileSync(bare)
  rmSync(bare)
  const xmp = `http://ns.adobe.com/xap/1.0/\0<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description xmlns:exif="http://ns.adobe.com/exif/1.0/" exif:GPSLatitude="${plant(`${what}: GPS in XMP`, place)}"/></rdf:RDF></x:xmpmeta>`
  const segments = [
    [0xe1, exif(canaries, what)],
    [0xe1, Buffer.from(xmp)],
    [0xfe, Buffer.from(plant(`${what}: comment`))],
  ] as const
  const marked = segments.map(([marker, body]) => {
    const head = Buffer.from([0xff, marker, 0, 0])
    head.writeUInt16BE(body.length + 2, 2)
    return Buffer.concat([head, body])
  })
  writeFileSync(to, Buffer.concat([jpeg.subarray(0, 2), ...marked, jpeg.subarray(2)]))
}

interface Entry {
  readonly tag: number
  /** TIFF 6.0: 2 text, 4 long, 5 rational. */
  readonly type: 2 | 4 | 5
  readonly count: number
  readonly data: Buffer
}

const text = (tag: number, value: string): Entry => {
  const data = Buffer.from(`${value}\0`)
  return { tag, type: 2, count: data.length, data }
}
const pointer = (tag: number, to: number): Entry => {
  const data = Buffer.alloc(4)
  data.writeUInt32BE(to)
  return { tag, type: 4, count: 1, data }
}

/** A directory of TIFF 6.0, big-endian, as it lies at `at`, with its values behind it. */
function directory(at: number, entries: readonly Entry[]): Buffer {
  const table = Buffer.alloc(2 + entries.length * 12 + 4)
  table.writeUInt16BE(entries.length)
  const values: Buffer[] = []
  let next = at + table.length
  for (const [row, { tag, type, count, data }] of entries.entries()) {
    const start = 2 + row * 12
    table.writeUInt16BE(tag, start)
    table.writeUInt16BE(type, start + 2)
    table.writeUInt32BE(count, start + 4)
    if (data.length <= 4) data.copy(table, start + 8)
    else {
      table.writeUInt32BE(next, start + 8)
      values.push(data)
      next += data.length
    }
  }
  return Buffer.concat([table, ...values])
}

function exif({ plant, watch }: Canaries, what: string): Buffer {
  const latitude = randomBytes(24)
  watch(`${what}: GPS latitude`, latitude)
  const camera = [
    text(0xa4_30, plant(`${what}: camera owner`)),
    text(0xa4_31, plant(`${what}: body serial number`)),
  ]
  const position: readonly Entry[] = [
    text(1, 'N'),
    { tag: 2, type: 5, count: 3, data: latitude },
    text(0x1b, plant(`${what}: GPS method`)),
  ]
  const owner = [
    text(0x01_0e, plant(`${what}: description`)),
    text(0x01_10, plant(`${what}: model`)),
    text(0x01_3b, plant(`${what}: artist`)),
  ]
  const main = (cameraAt: number, positionAt: number): Buffer =>
    directory(8, [...owner, pointer(0x87_69, cameraAt), pointer(0x88_25, positionAt)])
  const cameraAt = 8 + main(0, 0).length
  const positionAt = cameraAt + directory(cameraAt, camera).length
  return Buffer.concat([
    Buffer.from('Exif\0\0MM\0*\0\0\0\b', 'latin1'),
    main(cameraAt, positionAt),
    directory(cameraAt, camera),
    directory(positionAt, position),
  ])
}

/** One page of text, and what word processors say of who wrote it. */
export function markedPdf(
  to: string,
  lines: readonly string[],
  { plant }: Canaries,
  what: string,
): void {
  const info = ['Author', 'Title', 'Subject', 'Creator']
    .map((name) => `/${name} (${plant(`${what}: ${name}`)})`)
    .join(' ')
  const xmp = `<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">${plant(`${what}: XMP`)}</x:xmpmeta><?xpacket end="w"?>`
  const content = lines
    .map((line, row) => `BT /F1 12 Tf 72 ${700 - 20 * row} Td (${line}) Tj ET`)
    .join('\n')
  const stream = (more: string, text: string): string =>
    `<< ${more} /Length ${text.length} >>\nstream\n${text}\nendstream`
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R /Metadata 7 0 R >>',
    '<< /Type /Pages /Count 1 /Kids [4 0 R] >>',
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 5 0 R /Resources << /Font << /F1 3 0 R >> >> >>',
    stream('', content),
    `<< ${info} >>`,
    stream('/Type /Metadata /Subtype /XML', xmp),
  ]
  let body = '%PDF-1.4\n'
  const offsets = objects.map((object, index) => {
    const offset = body.length
    body += `${index + 1} 0 obj\n${object}\nendobj\n`
    return offset
  })
  const rows = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('')
  writeFileSync(
    to,
    `${body}xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${rows}trailer\n<< /Size ${objects.length + 1} /Root 1 0 R /Info 6 0 R >>\nstartxref\n${body.length}\n%%EOF\n`,
  )
}
