/** Files with words in all the places where phones, programs and people leave them. */
import { execFileSync } from 'node:child_process'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'

type Plant = (where: string, like?: (word: string) => string) => string

function ffmpeg(args: readonly string[]): void {
  execFileSync('ffmpeg', ['-nostdin', '-v', 'error', '-y', ...args], { stdio: 'inherit' })
}

/** Six digits after the point, of which none come by chance: a place to a tenth of a metre. */
const place = (): string =>
  `${(10 + Math.random() * 80).toFixed(6)}`.replace(
    /0$/,
    () => `${1 + Math.floor(Math.random() * 9)}`,
  )

/** A recording once more, with what phones say of themselves and their owners. */
export function markRecording(path: string, to: string, plant: Plant, what: string): void {
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
  ffmpeg([
    ...['-i', path, '-f', 'ffmetadata', '-i', chapters, '-map', '0', '-map_chapters', '1'],
    ...['-c', 'copy'],
    ...Object.entries(tags).flatMap(([name, text]) => ['-metadata', `${name}=${text}`]),
    ...['-metadata:s:v', `handler_name=${stream}`, '-metadata:s:v', `title=${stream}`],
    ...(to.endsWith('.mkv')
      ? attachment(`${to}.txt`, plant(`${what}: an attachment`))
      : ['-movflags', 'use_metadata_tags']),
    to,
  ])
  rmSync(chapters)
}

function attachment(path: string, text: string): readonly string[] {
  writeFileSync(path, text)
  return ['-attach', path, '-metadata:s:t', 'mimetype=text/plain']
}

/** A photo with EXIF (owner, serial number, GPS), XMP and a comment. */
export function markedPhoto(to: string, plant: Plant, what: string): void {
  const bare = `${to}.bare.jpg`
  ffmpeg(['-f', 'lavfi', '-i', 'testsrc=size=320x240', '-frames:v', '1', bare])
  const jpeg = readFileSync(bare)
  rmSync(bare)
  const xmp = `http://ns.adobe.com/xap/1.0/\0<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description xmlns:exif="http://ns.adobe.com/exif/1.0/" exif:GPSLatitude="${plant(`${what}: GPS in XMP`, place)}"/></rdf:RDF></x:xmpmeta>`
  const segments = [
    [0xe1, exif(plant, what)],
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

/** TIFF 6.0, big-endian: texts in IFD0, the serial number and GPS in theirs. */
function exif(plant: Plant, what: string): Buffer {
  const texts: [tag: number, text: string][] = [
    [0x010e, plant(`${what}: description`)],
    [0x0110, plant(`${what}: model`)],
    [0x013b, plant(`${what}: artist`)],
    [0xa431, plant(`${what}: body serial number`)],
    [0xa430, plant(`${what}: camera owner`)],
    // GPSAreaInformation and GPSDestination-like texts stand in for positions that are numbers.
    [0x001b, plant(`${what}: GPS method`)],
  ]
  const rows = texts.length
  const dataAt = 8 + 2 + rows * 12 + 4
  const ifd = Buffer.alloc(dataAt)
  ifd.write('MM', 0, 'latin1')
  ifd.writeUInt16BE(42, 2)
  ifd.writeUInt32BE(8, 4)
  ifd.writeUInt16BE(rows, 8)
  const data: Buffer[] = []
  let at = dataAt
  for (const [row, [tag, text]] of texts.toSorted(([a], [b]) => a - b).entries()) {
    const bytes = Buffer.from(`${text}\0`)
    const start = 10 + row * 12
    ifd.writeUInt16BE(tag, start)
    ifd.writeUInt16BE(2, start + 2)
    ifd.writeUInt32BE(bytes.length, start + 4)
    ifd.writeUInt32BE(at, start + 8)
    data.push(bytes)
    at += bytes.length
  }
  return Buffer.concat([Buffer.from('Exif\0\0'), ifd, ...data])
}

/** One page of text, and what word processors say of who wrote it. */
export function markedPdf(to: string, lines: readonly string[], plant: Plant, what: string): void {
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
