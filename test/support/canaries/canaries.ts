/**
 * Words that occur nowhere else, put in where nothing may come out, and looked for in what came out:
 * as they are, and in the forms that texts take in files, addresses and programs.
 */
import { randomBytes } from 'node:crypto'
import { inflateRawSync, inflateSync } from 'node:zlib'

export interface Canary {
  /** Where it was put in. */
  readonly planted: string
  readonly bytes: Buffer
}

export interface Found {
  readonly canary: string
  readonly where: string
  readonly form: string
}

export interface Canaries {
  readonly all: readonly Canary[]
  /** A word of its own; `like`: made into what the place takes. */
  readonly plant: (where: string, like?: (word: string) => string) => string
  /** A secret that the program made itself. */
  readonly watch: (where: string, secret: string | Uint8Array) => void
  findIn(where: string, bytes: Uint8Array | string): readonly Found[]
}

export function newCanaries(): Canaries {
  const all: Canary[] = []
  const patterns: { canary: string; form: string; pattern: Buffer }[] = []
  const watch = (planted: string, secret: string | Uint8Array): void => {
    const bytes = Buffer.from(secret as string)
    if (bytes.length < 8) throw new Error(`"${planted}" is too short to be told from chance`)
    all.push({ planted, bytes })
    const forms =
      typeof secret === 'string' ? [...textForms(secret), ...byteForms(bytes)] : byteForms(bytes)
    for (const [form, pattern] of forms) patterns.push({ canary: planted, form, pattern })
  }
  return {
    all,
    watch,
    plant: (where, like = (word) => word) => {
      const text = like(`Zeisig${randomBytes(6).toString('hex')}`)
      watch(where, text)
      return text
    },
    findIn: (where, given) => {
      const bytes = Buffer.from(given as string)
      const found = new Map<string, Found>()
      for (const [index, part] of [bytes, ...unpacked(bytes)].entries()) {
        for (const { canary, form, pattern } of patterns) {
          if (found.has(canary) || !part.includes(pattern)) continue
          found.set(canary, { canary, form, where: index === 0 ? where : `${where}, unpacked` })
        }
      }
      return [...found.values()]
    },
  }
}

type Form = readonly [name: string, pattern: Buffer]

function textForms(text: string): readonly Form[] {
  const wide = Buffer.from(text, 'utf16le')
  return [
    ['in upper case', Buffer.from(text.toUpperCase())],
    ['in lower case', Buffer.from(text.toLowerCase())],
    ['UTF-16LE', wide],
    ['UTF-16BE', Buffer.from(wide).swap16()],
    ['for an address', Buffer.from(encodeURIComponent(text))],
    ['for JSON', Buffer.from(JSON.stringify(text).slice(1, -1))],
    ['for HTML', Buffer.from(text.replaceAll('&', '&#x26;').replaceAll('<', '&#x3C;'))],
  ]
}

function byteForms(bytes: Buffer): readonly Form[] {
  const hex = bytes.toString('hex')
  return [
    ['as it is', bytes],
    ['hex', Buffer.from(hex)],
    ['HEX', Buffer.from(hex.toUpperCase())],
    ...[0, 1, 2].flatMap((shift) => base64Forms(bytes, shift)),
  ]
}

/** As it stands in the base64 of something longer, by how it lies against the groups of three bytes. */
function base64Forms(bytes: Buffer, shift: number): Form[] {
  const all = Buffer.concat([Buffer.alloc(shift), bytes])
    .toString('base64')
    .replaceAll('=', '')
  // The first and last characters also hold bits of what stands beside it.
  const sure = all.slice(Math.ceil((shift * 8) / 6), -1)
  return [
    [`base64 at ${shift}`, Buffer.from(sure)],
    [`base64url at ${shift}`, Buffer.from(sure.replaceAll('+', '-').replaceAll('/', '_'))],
  ]
}

/** What is compressed in it by deflate, as in PDF, PNG, gzip and fonts; what does not unpack is left. */
function unpacked(bytes: Buffer): readonly Buffer[] {
  const parts: Buffer[] = []
  for (let at = bytes.indexOf(0x78); at >= 0; at = bytes.indexOf(0x78, at + 1)) {
    if (![0x01, 0x5e, 0x9c, 0xda].includes(bytes[at + 1] ?? -1)) continue
    const part = tryUnpack(() => inflateSync(bytes.subarray(at), limits))
    if (part !== undefined && part.length > 0) parts.push(part)
  }
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) {
    const part = tryUnpack(() => inflateRawSync(bytes.subarray(10), limits))
    if (part !== undefined) parts.push(part)
  }
  return parts
}

const limits = { maxOutputLength: 32 << 20 }

function tryUnpack(unpack: () => Buffer): Buffer | undefined {
  try {
    return unpack()
  } catch {
    return undefined
  }
}
