import { type Bytes, concatBytes, equalBytes, sha256, utf8 } from './bytes.ts'
import { CustodyError } from './custody-error.ts'

export const saltLengthBytes = 32

const domain = utf8('sightline/custody-record/v1\n')

/**
 * SHA-256(domain ‖ salt ‖ record): all that the public log holds of a record.
 * The salt must be 32 new random bytes for each record: without it, whoever
 * holds a copy of a file or a list of names could confirm a guess.
 * @throws CustodyError salt-malformed
 */
export const commitRecord = async (recordText: string, salt: Uint8Array): Promise<Bytes> => {
  if (salt.length !== saltLengthBytes) {
    throw new CustodyError('salt-malformed', `A salt has ${saltLengthBytes} bytes.`)
  }
  return sha256(concatBytes(domain, salt, utf8(recordText)))
}

/** @throws CustodyError record-does-not-open, salt-malformed */
export const openCommitment = async (
  commitment: Uint8Array,
  recordText: string,
  salt: Uint8Array,
): Promise<void> => {
  if (!equalBytes(commitment, await commitRecord(recordText, salt))) {
    throw new CustodyError('record-does-not-open', 'Record and salt do not give the commitment.')
  }
}

/** RFC 9162 section 2.1.1. */
export const leafHash = (commitment: Uint8Array): Promise<Bytes> =>
  sha256(concatBytes(Uint8Array.of(0), commitment))
