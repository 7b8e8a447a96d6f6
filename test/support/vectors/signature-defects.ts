import {
  type Bytes,
  concatBytes,
  fromBase64,
  fromUtf8,
  toBase64,
  utf8,
} from '../../../src/custody/bytes.ts'
import { formatVkey, logKey } from '../../../src/custody/key.ts'
import { signerFromSeed } from '../../../src/custody/signer.ts'
import { testSeed } from '../story-bundle.ts'
import {
  type BundleVector,
  afterwards,
  checkpointPath,
  edit,
  found,
  keyPath,
  raise,
} from './bundle-vector.ts'

const otherSigner = await signerFromSeed(new Uint8Array(32).fill(7))
const signer = await signerFromSeed(testSeed)

export const signatureDefects: readonly BundleVector[] = [
  {
    name: 'checkpoint-with-extension',
    defect: 'the signed checkpoint has a fourth line',
    damage: {
      checkpoint: async (signed, by) => {
        const note = `${fromUtf8(signed).split('\n\n')[0]}\nextension\n`
        const id = concatBytes(keyIdOf(by.keyId), await by.sign(utf8(note)))
        return utf8(`${note}\n— ${by.name} ${toBase64(id)}\n`)
      },
    },
    findings: [found('checkpoint-malformed', checkpointPath)],
  },
  {
    name: 'checkpoint-signature-changed',
    defect: 'a bit of the signature is another one',
    damage: {
      checkpoint: (signed) => {
        const [note = '', line = ''] = fromUtf8(signed).split('\n\n')
        const words = line.trimEnd().split(' ')
        const bytes = fromBase64(words[2] ?? '') ?? raise()
        bytes[20] = (bytes[20] ?? 0) ^ 1
        return utf8(`${note}\n\n${words[0]} ${words[1]} ${toBase64(bytes)}\n`)
      },
    },
    findings: [found('checkpoint-signature-invalid', checkpointPath)],
  },
  {
    name: 'checkpoint-signature-with-high-s',
    defect: 'the group order was added to S: the same signature in a second spelling',
    damage: {
      checkpoint: (signed) => {
        const [note = '', line = ''] = fromUtf8(signed).split('\n\n')
        const words = line.trimEnd().split(' ')
        const bytes = fromBase64(words[2] ?? '') ?? raise()
        return utf8(`${note}\n\n${words[0]} ${words[1]} ${toBase64(withHighS(bytes))}\n`)
      },
    },
    findings: [found('checkpoint-signature-invalid', checkpointPath)],
  },
  {
    name: 'checkpoint-of-other-origin',
    defect: 'the log’s key signed a checkpoint of another log',
    damage: {
      checkpoint: async (signed, by) => {
        const note = fromUtf8(signed).split('\n\n')[0]?.replace(/^.*/, 'another.invalid/log')
        const id = concatBytes(keyIdOf(by.keyId), await by.sign(utf8(`${note}\n`)))
        return utf8(`${note}\n\n— ${by.name} ${toBase64(id)}\n`)
      },
    },
    findings: [found('checkpoint-signature-invalid', checkpointPath)],
  },
  {
    name: 'key-id-of-other-key',
    defect: 'the key ID is not that of the key',
    damage: afterwards((files) =>
      edit(files, keyPath, (line) => line.replace(/\+[0-9a-f]{8}\+/, '+00000000+')),
    ),
    findings: [found('key-malformed', keyPath)],
  },
  {
    name: 'key-of-small-order',
    defect: 'the key is the neutral point, for which anybody can sign',
    damage: afterwards(async (files) => {
      const weak = await logKey(signer.name, Uint8Array.of(1, ...new Uint8Array(31)))
      files.set(keyPath, utf8(`${formatVkey(weak)}\n`))
    }),
    findings: [found('key-malformed', keyPath)],
  },
  {
    name: 'key-replaced',
    defect: 'the key is another one of the same name',
    damage: afterwards(async (files) => {
      const other = await logKey(signer.name, otherSigner.publicKey)
      files.set(keyPath, utf8(`${formatVkey(other)}\n`))
    }),
    findings: [found('checkpoint-signature-invalid', checkpointPath)],
  },
  {
    name: 'key-trusted',
    defect: 'none: the key is the one trusted beforehand',
    damage: {},
    trustedKey: formatVkey(signer),
    findings: [],
  },
  {
    name: 'key-not-trusted',
    defect: 'the key is not the one trusted beforehand',
    damage: {},
    trustedKey: formatVkey(otherSigner),
    findings: [found('key-not-trusted', keyPath)],
  },
  {
    name: 'key-file-too-large',
    defect: 'the key’s file has more bytes than will be read',
    damage: afterwards((files) => edit(files, keyPath, (line) => line + '\n'.repeat(2048))),
    findings: [found('file-too-large', keyPath)],
  },
]

function keyIdOf(keyId: string): Bytes {
  return Uint8Array.from(keyId.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))
}

/** Adds the group order (RFC 8032 section 5.1) to S, in the last 32 bytes. */
function withHighS(signature: Bytes): Bytes {
  const order = 2n ** 252n + 27742317777372353535851937790883648493n
  let s = order
  signature.slice(-32).forEach((byte, index) => (s += BigInt(byte) << BigInt(8 * index)))
  const high = Uint8Array.from({ length: 32 }, (_, index) =>
    Number((s >> BigInt(8 * index)) & 255n),
  )
  return concatBytes(signature.slice(0, -32), high)
}
