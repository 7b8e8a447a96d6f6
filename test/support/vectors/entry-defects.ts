import { toHex, utf8 } from '../../../src/custody/bytes.ts'
import { canonicalJson } from '../../../src/custody/canonical-json.ts'
import { signCheckpoint } from '../../../src/custody/checkpoint.ts'
import { commitRecord, leafHash } from '../../../src/custody/commitment.ts'
import { formatReceipt, parseReceipt } from '../../../src/custody/receipt.ts'
import { signerFromSeed } from '../../../src/custody/signer.ts'
import { at, entryPath, items, receiptPath, testSeed } from '../story-bundle.ts'
import {
  type BundleVector,
  afterwards,
  checkpointPath,
  edit,
  found,
  openedPath,
  raise,
  someHash,
  textOf,
} from './bundle-vector.ts'

const signer = await signerFromSeed(testSeed)

export const entryDefects: readonly BundleVector[] = [
  {
    name: 'record-changed',
    defect: 'the record of an entry was edited',
    damage: afterwards((files) =>
      edit(files, entryPath(1), (entry) => entry.replace('desk:', 'desk.')),
    ),
    findings: [found('record-does-not-open', entryPath(1))],
  },
  {
    name: 'salt-changed',
    defect: 'the salt of an entry was edited',
    damage: afterwards((files) =>
      edit(files, entryPath(0), (entry) => entry.replace(/[0-9a-f]{64}"\}$/, `${someHash}"}`)),
    ),
    findings: [found('record-does-not-open', entryPath(0))],
  },
  {
    name: 'record-with-other-member',
    defect: 'a committed record has a member its type has not',
    damage: { records: (records) => void ((records[0] ?? raise()).record['path'] = 'quay.mp4') },
    findings: [found('record-malformed', entryPath(0))],
  },
  {
    name: 'record-on-no-day',
    defect: 'a committed record is of 29 February 2031',
    damage: {
      records: (records) => void ((records[0] ?? raise()).record['at'] = '2031-02-29T00:00:00Z'),
    },
    findings: [found('record-malformed', entryPath(0))],
  },
  {
    name: 'private-record-opened',
    defect: 'the record with a file’s name is opened',
    damage: { records: (records) => void ((records[at.phoneNamed] ?? raise()).opened = true) },
    findings: [found('private-record-opened', entryPath(at.phoneNamed))],
  },
  {
    name: 'entry-with-line-feed',
    defect: 'something follows the value of an entry',
    damage: afterwards((files) => edit(files, entryPath(0), (entry) => `${entry}\n`)),
    findings: [found('entry-malformed', entryPath(0))],
  },
  {
    name: 'entry-with-member-twice',
    defect: 'an entry has its salt twice',
    damage: afterwards((files) =>
      edit(files, entryPath(0), (entry) =>
        entry.replace(/,"salt":"[0-9a-f]+"/, (member) => member + member),
      ),
    ),
    findings: [found('entry-malformed', entryPath(0))],
  },
  {
    name: 'entry-of-other-index',
    defect: 'an entry says it is another one',
    damage: afterwards((files) =>
      edit(files, entryPath(0), (entry) => entry.replace('"index":0', '"index":1')),
    ),
    findings: [found('entry-malformed', entryPath(0))],
  },
  {
    name: 'entry-nested-too-deep',
    defect: 'an entry is 20000 arrays in each other',
    damage: afterwards(
      (files) => files.set(entryPath(0), utf8('['.repeat(20_000) + ']'.repeat(20_000))) as never,
    ),
    findings: [found('entry-malformed', entryPath(0))],
  },
  {
    name: 'receipt-index-with-leading-zero',
    defect: 'the index of a receipt is not canonical',
    damage: afterwards((files) =>
      edit(files, receiptPath(1), (receipt) => receipt.replace('index 1\n', 'index 01\n')),
    ),
    findings: [found('receipt-malformed', receiptPath(1))],
  },
  {
    name: 'receipt-of-other-entry',
    defect: 'a receipt is that of another entry',
    damage: afterwards((files) => edit(files, receiptPath(1), () => textOf(files, receiptPath(3)))),
    findings: [found('receipt-malformed', receiptPath(1))],
  },
  {
    name: 'receipt-base64-not-canonical',
    defect: 'unused bits of a base64 text are set',
    damage: afterwards((files) =>
      edit(files, receiptPath(1), (receipt) => {
        const [line = ''] = receipt.match(/^[^ \n]{43}=$/m) ?? []
        const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
        const last = letters[letters.indexOf(line[42] ?? '') + 1] ?? ''
        return receipt.replace(line, `${line.slice(0, 42)}${last}=`)
      }),
    ),
    findings: [found('receipt-malformed', receiptPath(1))],
  },
  {
    name: 'receipt-path-in-other-order',
    defect: 'two hashes of an inclusion proof are swapped',
    damage: afterwards((files) => {
      const receipt = parseReceipt(files.get(receiptPath(1)) ?? raise())
      const [first = raise(), second = raise(), ...rest] = receipt.path
      files.set(receiptPath(1), formatReceipt({ ...receipt, path: [second, first, ...rest] }))
    }),
    findings: [found('receipt-not-in-checkpoint', receiptPath(1))],
  },
  {
    name: 'receipt-of-other-commitment',
    defect: 'a receipt holds another commitment',
    damage: afterwards((files) => {
      const receipt = parseReceipt(files.get(receiptPath(1)) ?? raise())
      const commitment = new Uint8Array(32).fill(1)
      files.set(receiptPath(1), formatReceipt({ ...receipt, commitment }))
    }),
    findings: [
      found('record-does-not-open', entryPath(1)),
      found('receipt-not-in-checkpoint', receiptPath(1)),
    ],
  },
  {
    name: 'receipt-of-other-checkpoint',
    defect: 'a receipt embeds another checkpoint, signed by the same key',
    damage: afterwards(async (files) => {
      const receipt = parseReceipt(files.get(receiptPath(1)) ?? raise())
      const root = await leafHash(receipt.commitment)
      const checkpoint = await signCheckpoint(signer.name, 1, root, signer)
      files.set(receiptPath(1), formatReceipt({ ...receipt, checkpoint }))
    }),
    findings: [found('receipt-checkpoint-differs', receiptPath(1))],
  },
  {
    name: 'entry-beyond-checkpoint',
    defect: 'an entry that the checkpoint does not cover',
    damage: afterwards(async (files) => {
      const record = canonicalJson({
        actor: 'cli',
        at: '2031-05-04T18:00:00Z',
        code: 'late',
        item: items.phone,
        tool: 'sightline 0.1.0',
        type: 'finding-noted',
      })
      const salt = new Uint8Array(32)
      const commitment = await commitRecord(record, salt)
      const checkpoint = files.get(checkpointPath) ?? raise()
      files.set(receiptPath(12), formatReceipt({ index: 12, commitment, path: [], checkpoint }))
      files.set(entryPath(12), utf8(canonicalJson({ index: 12, record, salt: toHex(salt) })))
      edit(files, openedPath, (list) => `${list}12\n`)
    }),
    findings: [
      found('receipt-not-in-checkpoint', receiptPath(12)),
      found('record-after-publication', entryPath(12)),
    ],
  },
]
