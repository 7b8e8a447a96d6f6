import { Malformed } from './finding.ts'

export type Bytes = Uint8Array<ArrayBuffer>

export const utf8 = (text: string): Bytes => new TextEncoder().encode(text)

export const sha256 = async (...parts: readonly Uint8Array[]): Promise<Bytes> => {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let offset = 0
  for (const part of parts) {
    whole.set(part, offset)
    offset += part.length
  }
  return new Uint8Array(await crypto.subtle.digest('SHA-256', whole))
}

export const equalBytes = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && a.every((byte, index) => byte === b[index])

export const toHex = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')

export const isSha256Hex = (value: unknown): value is string =>
  typeof value === 'string' && /^[0-9a-f]{64}$/.test(value)

export const fromHex = (hex: string): Bytes =>
  Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))

/** Strict UTF-8; a byte order mark stays in the text, where no format allows it. */
export const readText = (bytes: Uint8Array): string => {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    throw new Malformed('It is not UTF-8 text.')
  }
}

/** Base64 with padding, in its one canonical spelling. */
export const readBase64 = (text: string): Bytes => {
  const wellFormed = /^[A-Za-z0-9+/]*={0,2}$/.test(text) && text.length % 4 === 0
  const decoded = wellFormed ? atob(text) : ''
  if (!wellFormed || btoa(decoded) !== text) throw new Malformed('A base64 text is not canonical.')
  return Uint8Array.from(decoded, (character) => character.charCodeAt(0))
}

export const readHash = (base64: string): Bytes => {
  const hash = readBase64(base64)
  if (hash.length !== 32) throw new Malformed('A hash does not have 32 bytes.')
  return hash
}

/** Decimal without leading zero, up to 2⁵³−1. */
export const readIndex = (text: string): number => {
  const value = /^(?:0|[1-9][0-9]{0,15})$/.test(text) ? Number(text) : Number.NaN
  if (!Number.isSafeInteger(value)) throw new Malformed('An index or size is not well-formed.')
  return value
}
