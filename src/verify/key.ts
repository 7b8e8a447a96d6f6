import { type Bytes, equalBytes, readBase64, sha256, toHex, utf8 } from './bytes.ts'
import { Malformed } from './finding.ts'

/** The log's public key, from a C2SP signed-note verifier key. */
export type Key = { readonly name: string; readonly keyId: string; readonly publicKey: Bytes }

/** Printable ASCII without space and `+`. */
export const namePattern = /^[!-*,-~]{1,200}$/

// y of the points of order 1, 2, 4, 8, little-endian. Such a key, or such an R,
// makes signatures that verify without anyone having signed.
const smallOrderPoints = new Set([
  '00'.repeat(32),
  `01${'00'.repeat(31)}`,
  `ec${'ff'.repeat(30)}7f`,
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
])

/** Canonical (y < 2²⁵⁵−19) and of large order. Libraries disagree on others. */
const isSoundPoint = (encoded: Uint8Array): boolean => {
  const y = Uint8Array.from(encoded)
  y[31] = (y[31] ?? 0) & 0x7f
  const top = y[31] === 0x7f && y.subarray(1, 31).every((byte) => byte === 0xff)
  return !(top && (y[0] ?? 0) >= 0xed) && !smallOrderPoints.has(toHex(y))
}

/** `<name>+<key ID>+<base64 of 0x01 ‖ public key>`, without line feed. */
export const readKey = async (line: string): Promise<Key> => {
  // The base64 may hold further plus signs; the name and the key ID cannot.
  const [name = '', keyId = '', ...data] = line.split('+')
  if (!namePattern.test(name) || !/^[0-9a-f]{8}$/.test(keyId)) {
    throw new Malformed('It is not a line of name, key ID and key.')
  }
  const typed = readBase64(data.join('+'))
  const publicKey = typed.slice(1)
  if (typed.length !== 33 || typed[0] !== 1) throw new Malformed('It is not an Ed25519 key.')
  if (!isSoundPoint(publicKey)) throw new Malformed('The public key is not a usable point.')
  const hash = await sha256(utf8(`${name}\n`), typed)
  if (toHex(hash.subarray(0, 4)) !== keyId) throw new Malformed('The key ID is not the key’s.')
  return { name, keyId, publicKey }
}

export const isSameKey = (a: Key, b: Key): boolean =>
  a.name === b.name && equalBytes(a.publicKey, b.publicKey)

export const isSignedBy = async (
  key: Key,
  message: Bytes,
  signature: Uint8Array,
): Promise<boolean> => {
  if (signature.length !== 64 || !isSoundPoint(signature.subarray(0, 32))) return false
  const publicKey = await crypto.subtle
    .importKey('raw', key.publicKey, 'Ed25519', false, ['verify'])
    .catch(notAPoint)
  if (publicKey === undefined) return false
  return crypto.subtle.verify('Ed25519', publicKey, signature.slice(), message)
}

/** Some platforms refuse at import what others refuse at verification. Without Ed25519 at all, say so. */
const notAPoint = (error: unknown): undefined => {
  if (error instanceof Error && error.name === 'NotSupportedError') throw error
  return undefined
}
