import { type Bytes, readBase64, readHash, readIndex, readText, toHex, utf8 } from './bytes.ts'
import { Malformed } from './finding.ts'
import { type Key, isSignedBy, namePattern } from './key.ts'

type Signature = { readonly name: string; readonly keyId: string; readonly bytes: Uint8Array }

/** A C2SP tlog-checkpoint in our narrower profile (custody-log.md, section 6). */
export type Checkpoint = {
  readonly origin: string
  readonly size: number
  readonly root: Bytes
  readonly signedText: Bytes
  readonly signatures: readonly Signature[]
}

const readSignature = (line: string): Signature => {
  const parts = line.split(' ')
  const [dash, name = '', base64 = ''] = parts
  if (parts.length !== 3 || dash !== '—' || !namePattern.test(name)) {
    throw new Malformed('A signature line is not well-formed.')
  }
  const bytes = readBase64(base64)
  if (bytes.length < 5 || bytes.length > 8192)
    throw new Malformed('A signature has no such length.')
  return { name, keyId: toHex(bytes.subarray(0, 4)), bytes: bytes.subarray(4) }
}

export const readCheckpoint = (file: Uint8Array): Checkpoint => {
  const lines = readText(file).split('\n')
  if (lines.pop() !== '') throw new Malformed('The last line is not ended.')
  const [origin = '', size = '', root = '', blank, ...signatureLines] = lines
  if (!namePattern.test(origin)) throw new Malformed('The origin is not well-formed.')
  if (blank !== '') throw new Malformed('Three lines and an empty one do not come first.')
  if (signatureLines.length < 1 || signatureLines.length > 16) {
    throw new Malformed('There are not 1 to 16 signatures.')
  }
  const signatures = signatureLines.map(readSignature)
  const signers = new Set(signatures.map(({ name, keyId }) => `${name} ${keyId}`))
  if (signers.size < signatures.length) throw new Malformed('One key has signed twice.')
  return {
    origin,
    size: readIndex(size),
    root: readHash(root),
    signedText: utf8(`${origin}\n${size}\n${root}\n`),
    signatures,
  }
}

export const isCheckpointSignedBy = async (checkpoint: Checkpoint, key: Key): Promise<boolean> => {
  const own = checkpoint.signatures.find(
    ({ name, keyId }) => name === key.name && keyId === key.keyId,
  )
  if (own === undefined || checkpoint.origin !== key.name) return false
  return isSignedBy(key, checkpoint.signedText, own.bytes)
}
