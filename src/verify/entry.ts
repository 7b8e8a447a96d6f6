import { type Bytes, fromHex, isSha256Hex, readText, sha256, utf8 } from './bytes.ts'
import { readCanonicalJson, readMembers } from './canonical-json.ts'
import { Malformed } from './finding.ts'

/** An opened entry: the record's text and the salt of its commitment. */
export type Entry = { readonly index: number; readonly recordText: string; readonly salt: Bytes }

export const readEntry = (file: Uint8Array, index: number): Entry => {
  const members = readMembers(readCanonicalJson(readText(file)))
  const [record, salt] = [members.get('record'), members.get('salt')]
  if (members.get('index') !== index) throw new Malformed('Its index is not that of its name.')
  if (members.size !== 3 || typeof record !== 'string' || !isSha256Hex(salt)) {
    throw new Malformed('It is not an object of index, record and salt.')
  }
  return { index, recordText: record, salt: fromHex(salt) }
}

const domain = utf8('sightline/custody-record/v1\n')

export const commitmentOf = ({ recordText, salt }: Entry): Promise<Bytes> =>
  sha256(domain, salt, utf8(recordText))
