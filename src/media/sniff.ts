import { open } from 'node:fs/promises'
import type { Finding } from '../case/item-facts.ts'

/**
 * What a file is by its bytes. Names are not looked at: whoever sends a file
 * chooses its name. `container` is the FFmpeg demuxer to force, so that no file
 * can talk its way into another one.
 */
export type Sniffed =
  | { readonly kind: 'recording'; readonly mediaType: string; readonly container: Container }
  | { readonly kind: 'photo'; readonly mediaType: string; readonly format: PhotoFormat }
  | { readonly kind: 'document'; readonly mediaType: string; readonly format: DocumentFormat }
  | { readonly kind: 'other'; readonly mediaType: string; readonly finding: Finding }

/** FFmpeg demuxers that may be forced; no other is ever used on a recording. */
export const containers = [
  'mov',
  'matroska',
  'avi',
  'mpegts',
  'mpeg',
  'flv',
  'wav',
  'mp3',
  'aac',
  'ogg',
  'flac',
  'amr',
  'gsm',
] as const

export type Container = (typeof containers)[number]
export type PhotoFormat = 'jpeg' | 'png' | 'heic'
export type DocumentFormat = 'pdf' | 'text' | 'html'

const headBytes = 65_536
const gsmFrameBytes = 33
/** Of 50 a second: other bytes look like so many once in four billion. */
const leastGsmFrames = 8

/** Reads the first 64 KiB of a file and says what they are. */
export async function sniffFile(path: string): Promise<Sniffed> {
  const file = await open(path, 'r')
  try {
    const buffer = Buffer.alloc(headBytes)
    let length = 0
    while (length < headBytes) {
      const { bytesRead } = await file.read(buffer, length, headBytes - length, length)
      if (bytesRead === 0) break
      length += bytesRead
    }
    return sniff(buffer.subarray(0, length))
  } finally {
    await file.close()
  }
}

/** `head`: the first 64 KiB, or the whole of a smaller file. */
export function sniff(head: Uint8Array): Sniffed {
  if (head.length === 0) {
    return other('application/octet-stream', 'unreadable-media', 'The file is empty.')
  }
  return sniffPicture(head) ?? sniffRecording(head) ?? sniffArchive(head) ?? sniffText(head)
}

function sniffRecording(head: Uint8Array): Sniffed | undefined {
  const four = latin(head, 0, 4)
  const box = latin(head, 4, 8)
  if (box === 'ftyp') return recording(isoMediaType(latin(head, 8, 12)), 'mov')
  if (['moov', 'mdat', 'wide', 'free', 'skip', 'pnot'].includes(box)) {
    return recording('video/quicktime', 'mov')
  }
  if (starts(head, [0x1a, 0x45, 0xdf, 0xa3])) {
    const webm = latin(head, 0, 64).includes('webm')
    return recording(webm ? 'video/webm' : 'video/x-matroska', 'matroska')
  }
  if (four === 'RIFF' && latin(head, 8, 12) === 'AVI ') return recording('video/x-msvideo', 'avi')
  if (['RIFF', 'RF64'].includes(four) && latin(head, 8, 12) === 'WAVE') {
    return recording('audio/wav', 'wav')
  }
  if (four === 'OggS') return recording('audio/ogg', 'ogg')
  if (four === 'fLaC') return recording('audio/flac', 'flac')
  if (latin(head, 0, 5) === '#!AMR') return recording('audio/amr', 'amr')
  if (latin(head, 0, 3) === 'FLV' && head[3] === 1) return recording('video/x-flv', 'flv')
  if (starts(head, [0, 0, 1, 0xba])) return recording('video/mpeg', 'mpeg')
  if (isTransportStream(head)) return recording('video/mp2t', 'mpegts')
  if (latin(head, 0, 3) === 'ID3') return recording('audio/mpeg', 'mp3')
  const second = head[1] ?? 0
  if (head[0] === 0xff && (second & 0xf6) === 0xf0) return recording('audio/aac', 'aac')
  if (head[0] === 0xff && (second & 0xe6) === 0xe2 && (head[2] ?? 0xff) >> 4 !== 15) {
    return recording('audio/mpeg', 'mp3')
  }
  return undefined
}

function sniffPicture(head: Uint8Array): Sniffed | undefined {
  if (starts(head, [0xff, 0xd8, 0xff])) return photo('image/jpeg', 'jpeg')
  if (starts(head, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]))
    return photo('image/png', 'png')
  if (latin(head, 4, 8) !== 'ftyp') return undefined
  const brand = latin(head, 8, 12)
  if (['heic', 'heix', 'heim', 'heis', 'mif1', 'msf1', 'hevc'].includes(brand)) {
    return photo('image/heic', 'heic')
  }
  if (brand === 'avif' || brand === 'avis') {
    return other(
      'image/avif',
      'unrecognised-content',
      'AVIF pictures are not read: convert it to PNG or JPEG and keep this file as the original.',
    )
  }
  return undefined
}

function sniffArchive(head: Uint8Array): Sniffed | undefined {
  if (starts(head, [0x50, 0x4b, 3, 4]) || starts(head, [0x50, 0x4b, 5, 6])) {
    // APPNOTE 4.4.4: bit 0 of the general purpose flag says encrypted.
    const encrypted = head[2] === 3 && ((head[6] ?? 0) & 1) === 1
    return encrypted
      ? other(
          'application/zip',
          'encrypted',
          'The file is an encrypted zip archive: unpack it and add the files in it.',
        )
      : other(
          'application/zip',
          'unrecognised-content',
          'The file is a zip archive: unpack it and add the files in it.',
        )
  }
  const packed: readonly (readonly [readonly number[], string])[] = [
    [[0x1f, 0x8b], 'application/gzip'],
    [[0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c], 'application/x-7z-compressed'],
    [[0x52, 0x61, 0x72, 0x21, 0x1a, 0x07], 'application/vnd.rar'],
    [[0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00], 'application/x-xz'],
  ]
  for (const [magic, mediaType] of packed) {
    if (starts(head, magic)) {
      return other(
        mediaType,
        'unrecognised-content',
        'The file is an archive: unpack it and add the files in it.',
      )
    }
  }
  return undefined
}

function sniffText(head: Uint8Array): Sniffed {
  // ISO 32000-1, implementation note 13: the header may stand in the first 1024 bytes.
  if (latin(head, 0, 1024).includes('%PDF-')) {
    return { kind: 'document', mediaType: 'application/pdf', format: 'pdf' }
  }
  const text = utf8Of(head)
  if (text === undefined) {
    return isGsm(head)
      ? recording('audio/gsm', 'gsm')
      : other(
          'application/octet-stream',
          'unrecognised-content',
          'The bytes are of no kind that is read here. Text must be UTF-8.',
        )
  }
  const begin = text.slice(0, 4096).trimStart()
  const playlist = playlistNamed(begin)
  if (playlist !== undefined) {
    return other(
      'text/plain',
      'refers-to-other-files',
      `The file is ${playlist}, which only points to other files: add those files instead. Nothing it points to was opened.`,
    )
  }
  if (/^(?:<!--[\s\S]*?-->\s*)*(?:<!doctype html|<html|<head|<body)/i.test(begin)) {
    return { kind: 'document', mediaType: 'text/html', format: 'html' }
  }
  return { kind: 'document', mediaType: 'text/plain', format: 'text' }
}

/** Text files that FFmpeg would follow to other files or to the network. */
function playlistNamed(begin: string): string | undefined {
  if (begin.startsWith('#EXTM3U')) return 'an HLS playlist'
  if (/<MPD[\s>]/.test(begin)) return 'a DASH manifest'
  if (/^ffconcat version/i.test(begin)) return 'an FFmpeg concat list'
  if (/^v=0\r?\n/.test(begin)) return 'a session description (SDP)'
  if (/^\[playlist\]/i.test(begin)) return 'a PLS playlist'
  if (/^<asx[\s>]/i.test(begin)) return 'an ASX playlist'
  if (/<SmoothStreamingMedia[\s>]/.test(begin)) return 'a Smooth Streaming manifest'
  if (/<AssetMap[\s>]|<CompositionPlaylist[\s>]/.test(begin)) return 'an IMF package list'
  return undefined
}

function utf8Of(head: Uint8Array): string | undefined {
  // A character may be cut where the head ends.
  for (let cut = 0; cut < 4; cut += 1) {
    try {
      const end = head.length < headBytes ? head.length : head.length - cut
      const text = new TextDecoder('utf-8', { fatal: true }).decode(head.subarray(0, end))
      // Control characters other than tab, line ends and form feed are not text.
      // eslint-disable-next-line no-control-regex
      return /[\u0000-\u0008\u000E-\u001F]/.test(text) ? undefined : text
    } catch {
      // Try a byte less.
    }
  }
  return undefined
}

function isTransportStream(head: Uint8Array): boolean {
  for (const [packet, first] of [
    [188, 0],
    [192, 4],
  ] as const) {
    if (head.length < first + 1) continue
    let at = first
    let seen = 0
    while (at < head.length && seen < 8 && head[at] === 0x47) {
      at += packet
      seen += 1
    }
    if (seen === 8 || (seen >= 2 && at >= head.length)) return true
  }
  return false
}

/** GSM 06.10 full rate has no header: 33 bytes a frame, the first half-byte 13 (RFC 3551, 4.5.8.2). */
function isGsm(head: Uint8Array): boolean {
  if (head.length < gsmFrameBytes * leastGsmFrames) return false
  for (let at = 0; at < head.length; at += gsmFrameBytes) {
    if (head[at]! >> 4 !== 13) return false
  }
  return true
}

function isoMediaType(brand: string): string {
  if (brand === 'qt  ') return 'video/quicktime'
  if (brand.startsWith('3g')) return 'video/3gpp'
  if (brand === 'M4A ' || brand === 'M4B ') return 'audio/mp4'
  return 'video/mp4'
}

function recording(mediaType: string, container: Container): Sniffed {
  return { kind: 'recording', mediaType, container }
}

function photo(mediaType: string, format: PhotoFormat): Sniffed {
  return { kind: 'photo', mediaType, format }
}

function other(mediaType: string, code: Finding['code'], message: string): Sniffed {
  return { kind: 'other', mediaType, finding: { code, severity: 'problem', message } }
}

function starts(head: Uint8Array, magic: readonly number[]): boolean {
  return magic.every((byte, index) => head[index] === byte)
}

function latin(head: Uint8Array, from: number, to: number): string {
  return Buffer.from(head.subarray(from, to)).toString('latin1')
}
