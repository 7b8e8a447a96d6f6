import {
  type Bytes,
  concatBytes,
  fromBase64,
  fromHex,
  sha256,
  toBase64,
  toHex,
  utf8,
} from './bytes.ts'
import { CustodyError } from './custody-error.ts'

/** A log's public key. `keyId` is 8 hexadecimal digits. C2SP signed-note, type 0x01. */
export type LogKey = { readonly name: string; readonly keyId: string; readonly publicKey: Bytes }

export const keyNamePattern = /^[!-*,-~]{1,200}$/
const ed25519Type = Uint8Array.of(1)

const keyIdOf = async (name: string, publicKey: Uint8Array): Promise<string> => {
  const hash = await sha256(concatBytes(utf8(`${name}\n`), ed25519Type, publicKey))
  return toHex(hash.subarray(0, 4))
}

/** @throws CustodyError key-malformed */
export const logKey = async (name: string, publicKey: Bytes): Promise<LogKey> => {
  if (!keyNamePattern.test(name) || publicKey.length !== 32) {
    throw new CustodyError('key-malformed', 'A key has a printable name and 32 bytes.')
  }
  return { name, keyId: await keyIdOf(name, publicKey), publicKey }
}

/** `<name>+<key ID>+<base64 of type and key>`, without a line feed. */
export const formatVkey = (key: LogKey): string =>
  `${key.name}+${key.keyId}+${toBase64(concatBytes(ed25519Type, key.publicKey))}`

/** y < 2²⁵⁵−19, little-endian, sign bit ignored. */
const isCanonicalPoint = (encoded: Uint8Array): boolean => {
  const high = (encoded[31] ?? 0) & 0x7f
  const allOnes = high === 0x7f && encoded.subarray(1, 31).every((byte) => byte === 0xff)
  return !allOnes || (encoded[0] ?? 0) < 0xed
}

// The y coordinates of the points of order 1, 2, 4 and 8. A key among them
// verifies signatures that nobody made (custody-log.md, section 5).
const smallOrder = new Set([
  `00${'00'.repeat(31)}`,
  `01${'00'.repeat(31)}`,
  `ec${'ff'.repeat(30)}7f`,
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
])

/** What is asked of a public key and of the point in a signature. */
const isSoundPoint = (encoded: Uint8Array): boolean => {
  const unsigned = Uint8Array.from(encoded)
  unsigned[31] = (unsigned[31] ?? 0) & 0x7f
  return isCanonicalPoint(encoded) && !smallOrder.has(toHex(unsigned))
}

/**
 * Reads one line of vkey, with or without its line feed.
 * @throws CustodyError key-malformed
 */
export const parseVkey = async (line: string): Promise<LogKey> => {
  const refuse = (what: string): never => {
    throw new CustodyError('key-malformed', what)
  }
  const match = /^([^+\s]+)\+([0-9a-f]{8})\+(\S+)\n?$/.exec(line)
  const [name, keyId, data] = [match?.[1] ?? '', match?.[2] ?? '', fromBase64(match?.[3] ?? '')]
  if (data?.length !== 33 || data[0] !== 1) return refuse('Not an Ed25519 signed-note key.')
  const publicKey = data.slice(1)
  if (!isSoundPoint(publicKey)) return refuse('The public key is not a usable point.')
  const key = await logKey(name, publicKey)
  return key.keyId === keyId ? key : refuse('The key ID is not that of the key.')
}

/**
 * Ed25519 over `message`. False, never an exception, for bytes that are no signature.
 * The checks on R and on the key keep libraries that differ there apart from the result.
 */
export const verifySignature = async (
  key: LogKey,
  signature: Bytes,
  message: Bytes,
): Promise<boolean> => {
  if (signature.length !== 64 || !isSoundPoint(signature.subarray(0, 32))) return false
  try {
    const imported = await crypto.subtle.importKey('raw', key.publicKey, 'Ed25519', false, [
      'verify',
    ])
    return await crypto.subtle.verify('Ed25519', imported, signature, message)
  } catch {
    return false
  }
}

export const keyIdBytes = (key: LogKey): Bytes => fromHex(key.keyId) ?? new Uint8Array(4)
