import {
  type Bytes,
  concatBytes,
  fromBase64,
  fromUtf8,
  parseIndex,
  toBase64,
  toHex,
  utf8,
} from './bytes.ts'
import { CustodyError } from './custody-error.ts'
import { type LogKey, keyIdBytes, keyNamePattern, verifySignature } from './key.ts'
import type { Signer } from './signer.ts'

/** A tree head. `root` is 32 bytes. */
export type Checkpoint = { readonly origin: string; readonly size: number; readonly root: Bytes }

type NoteSignature = { readonly name: string; readonly keyId: string; readonly signature: Bytes }
export type SignedCheckpoint = Checkpoint & { readonly signatures: readonly NoteSignature[] }

const maxSignatures = 16
const maxSignatureBytes = 8192

const noteText = ({ origin, size, root }: Checkpoint): Bytes =>
  utf8(`${origin}\n${size}\n${toBase64(root)}\n`)

/**
 * A C2SP tlog-checkpoint signed by the log:
 *
 *     sightline.invalid/log/1a2b3c4d5e6f7081⏎
 *     21⏎
 *     CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=⏎
 *     ⏎
 *     — sightline.invalid/log/1a2b3c4d5e6f7081 Dx4tPA…⏎
 *
 * The caller keeps the promise that no two signed checkpoints are inconsistent.
 * @throws CustodyError checkpoint-malformed
 */
export const signCheckpoint = async (
  origin: string,
  size: number,
  root: Bytes,
  signer: Signer,
): Promise<Bytes> => {
  if (!keyNamePattern.test(origin) || !Number.isSafeInteger(size) || size < 0) {
    throw new CustodyError('checkpoint-malformed', 'No checkpoint has this origin or size.')
  }
  if (root.length !== 32) throw new CustodyError('checkpoint-malformed', 'A root has 32 bytes.')
  const text = noteText({ origin, size, root })
  const signature = concatBytes(keyIdBytes(signer), await signer.sign(text))
  return concatBytes(text, utf8(`\n— ${signer.name} ${toBase64(signature)}\n`))
}

const parseSignature = (line: string): NoteSignature | undefined => {
  const [dash, name, data, ...rest] = line.split(' ')
  const bytes = fromBase64(data ?? '')
  if (dash !== '—' || name === undefined || bytes === undefined || rest.length > 0) return undefined
  if (!keyNamePattern.test(name) || bytes.length < 5 || bytes.length > maxSignatureBytes) {
    return undefined
  }
  return { name, keyId: toHex(bytes.subarray(0, 4)), signature: bytes.slice(4) }
}

/**
 * Reads the bytes; says nothing about who signed them.
 * @throws CustodyError checkpoint-malformed
 */
export const parseCheckpoint = (bytes: Uint8Array): SignedCheckpoint => {
  const refuse = (what: string): never => {
    throw new CustodyError('checkpoint-malformed', what)
  }
  let text: string
  try {
    text = fromUtf8(bytes)
  } catch {
    return refuse('Not UTF-8.')
  }
  const lines = text.split('\n')
  const [origin = '', sizeText = '', rootText = '', blank, ...signed] = lines
  if (signed.pop() !== '' || blank !== '') return refuse('Not a signed note of three lines.')
  const [size, root] = [parseIndex(sizeText), fromBase64(rootText)]
  if (!keyNamePattern.test(origin)) return refuse('The origin is not well-formed.')
  if (size === undefined || root?.length !== 32) return refuse('Size or root is not well-formed.')
  if (signed.length < 1 || signed.length > maxSignatures) return refuse('1 to 16 signatures.')
  const signatures = signed.map(
    (line) => parseSignature(line) ?? refuse('A signature line is not well-formed.'),
  )
  if (new Set(signatures.map(({ name, keyId }) => `${name} ${keyId}`)).size < signed.length) {
    return refuse('Two signatures of one key.')
  }
  return { origin, size, root, signatures }
}

/**
 * Reads a checkpoint and requires that `key` signed it.
 * @throws CustodyError checkpoint-malformed, checkpoint-signature-invalid
 */
export const openCheckpoint = async (bytes: Uint8Array, key: LogKey): Promise<Checkpoint> => {
  const { origin, size, root, signatures } = parseCheckpoint(bytes)
  const own = signatures.find(({ name, keyId }) => name === key.name && keyId === key.keyId)
  const signed =
    origin === key.name &&
    own !== undefined &&
    (await verifySignature(key, own.signature, noteText({ origin, size, root })))
  if (!signed) {
    throw new CustodyError('checkpoint-signature-invalid', 'Not signed by the key of this log.')
  }
  return { origin, size, root }
}
