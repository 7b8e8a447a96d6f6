/**
 * What may come in from outside, by its bytes: footage, photographs, documents.
 * A file of another kind can still be taken in by hand (`sightline ingest`).
 */
import { sniff, type Sniffed } from './sniff.ts'

/** Enough for every mark below. */
export const telltaleBytes = 1024

const packed = 'an archive: unpack it and send the files in it'
const program = 'a program'
const marks: readonly (readonly [string, number, string])[] = [
  ['\x7fELF', 0, program],
  ['\xca\xfe\xba\xbe', 0, program],
  ['\xcf\xfa\xed\xfe', 0, program],
  ['\xce\xfa\xed\xfe', 0, program],
  ['\0asm', 0, program],
  ['dex\n', 0, program],
  ['#!/', 0, program],
  ['#! /', 0, program],
  ['BZh', 0, packed],
  ['\x28\xb5\x2f\xfd', 0, packed],
  ['MSCF\0\0\0\0', 0, packed],
  ['!<arch>\n', 0, packed],
  ['ustar', 257, packed],
]

/**
 * Why the first bytes are those of something that is never taken, or undefined:
 * then the whole file decides. `head`: at least the first `telltaleBytes`, or all there is.
 */
export function refusedHead(head: Uint8Array): string | undefined {
  const text = Buffer.from(head.subarray(0, telltaleBytes)).toString('latin1')
  const found = marks.find(([mark, at]) => text.startsWith(mark, at))
  if (found !== undefined) return `It is ${found[2]}.`
  // The offset at 60 leads to the real header of what Windows runs.
  if (text.startsWith('MZ') && text.includes('\0')) return `It is ${program}.`
  const sniffed = sniff(head)
  if (sniffed.kind !== 'other') return undefined
  const isArchive = /^application\/(?:zip|gzip|x-7z-compressed|vnd\.rar|x-xz)$/.test(
    sniffed.mediaType,
  )
  return isArchive || sniffed.finding.code === 'refers-to-other-files'
    ? sniffed.finding.message
    : undefined
}

/** Why a whole file is not taken, or undefined. A picture that is not read yet is one still. */
export function refusedContent(sniffed: Sniffed): string | undefined {
  if (sniffed.kind !== 'other' || sniffed.mediaType.startsWith('image/')) return undefined
  return sniffed.finding.message
}
