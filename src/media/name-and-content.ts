import type { Finding } from '../case/item-facts.ts'
import type { Sniffed } from './sniff.ts'

/** Name endings that fit each media type; endings not listed here say nothing. */
const endings: Readonly<Record<string, readonly string[]>> = {
  'video/mp4': ['mp4', 'm4v', 'm4a', 'mov', '3gp'],
  'audio/mp4': ['m4a', 'm4b', 'mp4'],
  'video/quicktime': ['mov', 'qt', 'mp4'],
  'video/3gpp': ['3gp', '3g2', 'mp4'],
  'video/webm': ['webm', 'weba', 'mkv'],
  'video/x-matroska': ['mkv', 'mka', 'webm'],
  'video/x-msvideo': ['avi'],
  'video/mp2t': ['ts', 'mts', 'm2ts'],
  'video/mpeg': ['mpg', 'mpeg', 'vob', 'mod'],
  'video/x-flv': ['flv'],
  'audio/wav': ['wav'],
  'audio/ogg': ['ogg', 'oga', 'ogv', 'opus', 'spx'],
  'audio/flac': ['flac'],
  'audio/amr': ['amr'],
  'audio/gsm': ['gsm'],
  'audio/mpeg': ['mp3'],
  'audio/aac': ['aac'],
  'image/jpeg': ['jpg', 'jpeg'],
  'image/png': ['png'],
  'image/heic': ['heic', 'heif'],
  'application/pdf': ['pdf'],
  'text/html': ['html', 'htm', 'xhtml'],
  'text/plain': ['txt', 'text', 'md', 'csv', 'srt', 'vtt'],
  'application/zip': ['zip'],
}

const known = new Set(Object.values(endings).flat())

/** A notice where the name's ending promises something else than the bytes hold. */
export function nameAndContent(name: string, sniffed: Sniffed): Finding | undefined {
  const ending = /\.([a-z0-9]{1,5})$/i.exec(name)?.[1]?.toLowerCase()
  if (ending === undefined || !known.has(ending)) return undefined
  if (endings[sniffed.mediaType]?.includes(ending) === true) return undefined
  return {
    code: 'name-and-content-differ',
    severity: 'notice',
    message: `The name ends in .${ending}, but the bytes are ${sniffed.mediaType}. The bytes count.`,
  }
}
