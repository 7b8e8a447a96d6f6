import { type Bytes, concatBytes, fromBase64, fromHex, sha256, toHex } from './bytes.ts'
import { CustodyError } from './custody-error.ts'
import { type LogKey, logKey } from './key.ts'

export type Signer = LogKey & { readonly sign: (message: Bytes) => Promise<Bytes> }

/** RFC 8410 section 7: an Ed25519 private key in PKCS #8 is this prefix and the seed. */
const pkcs8Prefix = fromHex('302e020100300506032b657004220420') ?? new Uint8Array(0)

type SecretKey = Awaited<ReturnType<typeof crypto.subtle.importKey>>
type KeyExport = {
  exportKey(format: 'jwk', key: SecretKey): Promise<{ readonly x?: string | undefined }>
}

const publicKeyOf = async (pkcs8: Bytes): Promise<Bytes> => {
  const key = await crypto.subtle.importKey('pkcs8', pkcs8, 'Ed25519', true, ['sign'])
  // RFC 8037 section 2: `x` is the public key in base64url without padding.
  const jwk = await (crypto.subtle as unknown as KeyExport).exportKey('jwk', key)
  const base64 = `${(jwk.x ?? '').replaceAll('-', '+').replaceAll('_', '/')}=`
  const publicKey = fromBase64(base64)
  if (publicKey?.length !== 32) throw new CustodyError('seed-malformed', 'No key from this seed.')
  return publicKey
}

/** `sightline.invalid/log/` and 16 hexadecimal digits of the public key's hash. */
const logOrigin = async (publicKey: Bytes): Promise<string> =>
  `sightline.invalid/log/${toHex((await sha256(publicKey)).subarray(0, 8))}`

/**
 * The signer of a log, from its 32-byte secret seed (RFC 8032 section 5.1.5).
 * Without a name it takes the origin that belongs to the key.
 * @throws CustodyError seed-malformed, key-malformed
 */
export const signerFromSeed = async (seed: Uint8Array, name?: string): Promise<Signer> => {
  if (seed.length !== 32) throw new CustodyError('seed-malformed', 'A seed has 32 bytes.')
  const pkcs8 = concatBytes(pkcs8Prefix, seed)
  const publicKey = await publicKeyOf(pkcs8)
  const secret = await crypto.subtle.importKey('pkcs8', pkcs8, 'Ed25519', false, ['sign'])
  const key = await logKey(name ?? (await logOrigin(publicKey)), publicKey)
  const sign = async (message: Bytes): Promise<Bytes> =>
    new Uint8Array(await crypto.subtle.sign('Ed25519', secret, message))
  return { ...key, sign }
}

/** A new key. The seed is the secret to be kept; `randomBytes` must be cryptographic. */
export const generateSigner = async (
  randomBytes: (lengthBytes: number) => Uint8Array,
): Promise<{ readonly seed: Uint8Array; readonly signer: Signer }> => {
  const seed = randomBytes(32)
  return { seed, signer: await signerFromSeed(seed) }
}
