import { type Bytes, concatBytes, toBase64, toHex, utf8 } from '../../../src/custody/bytes.ts'
import { signCheckpoint } from '../../../src/custody/checkpoint.ts'
import { formatVkey, logKey } from '../../../src/custody/key.ts'
import { inclusionProof, treeRoot } from '../../../src/custody/merkle-tree.ts'
import { formatReceipt } from '../../../src/custody/receipt.ts'
import { signerFromSeed } from '../../../src/custody/signer.ts'
import { testSeed } from '../story-bundle.ts'
import { type CustodyVector, bytes32, utf8Text } from './custody-vector.ts'
import { commitments, tree } from './tree-vectors.ts'

const signer = await signerFromSeed(testSeed)
const vkey = formatVkey(signer)
const root = await treeRoot(tree, 13)
const signed = await signCheckpoint(signer.name, 13, root, signer)
const note = utf8Text(signed)
const key = (name: string, line: string, codes = ['key-malformed']): CustodyVector => ({
  name: `key-${name}`,
  kind: 'key',
  codes,
  vkey: line,
})
const [keyName = '', keyId = '', ...rest] = vkey.split('+')
const keyData = rest.join('+')
const vkeyOf = async (publicKey: Bytes): Promise<string> =>
  formatVkey(await logKey(signer.name, publicKey))
export const keyVectors = [
  key('valid', vkey, []),
  key('with-other-id', `${keyName}+00000000+${keyData}`),
  key('with-id-in-capitals', `${keyName}+${keyId.toUpperCase()}+${keyData}`),
  key('with-space-in-name', vkey.replace('log/', 'log ')),
  key('without-name', `+${keyId}+${keyData}`),
  key('with-space-after', `${vkey} `),
  key(
    'of-other-type',
    `${keyName}+${keyId}+${toBase64(concatBytes(Uint8Array.of(4), signer.publicKey))}`,
  ),
  key(
    'too-short',
    `${keyName}+${keyId}+${toBase64(concatBytes(Uint8Array.of(1), signer.publicKey.slice(1)))}`,
  ),
  key('of-order-1', await vkeyOf(Uint8Array.of(1, ...new Uint8Array(31)))),
  key('of-order-1-with-sign', await vkeyOf(Uint8Array.of(1, ...new Uint8Array(30), 0x80))),
  key('of-order-4', await vkeyOf(new Uint8Array(32))),
  key(
    'of-order-8',
    await vkeyOf(
      Uint8Array.from(
        Buffer.from('c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a', 'hex'),
      ),
    ),
  ),
  key('not-reduced', await vkeyOf(Uint8Array.of(0xf5, ...bytes32(0xff).slice(0, 30), 0x7f))),
  key('twice', `${vkey}\n${vkey}`),
]

const checkpoint = (
  name: string,
  value: string,
  codes: string[] = [],
  by = vkey,
): CustodyVector => ({
  name: `checkpoint-${name}`,
  kind: 'checkpoint',
  codes,
  vkey: by,
  text: value,
})
const noCheckpoint = ['checkpoint-malformed']
const unsigned = ['checkpoint-signature-invalid']
const signedText = async (head: string): Promise<string> => {
  const id = Uint8Array.from(Buffer.from(signer.keyId, 'hex'))
  const signature = toBase64(concatBytes(id, await signer.sign(utf8(head))))
  return `${head}\n— ${signer.name} ${signature}\n`
}
const head = note.slice(0, note.indexOf('\n\n') + 1)
const foreign = `— witness.invalid/w ${toBase64(new Uint8Array(68).fill(9))}\n`
const notOnCurve = await vkeyOf(Uint8Array.of(2, ...new Uint8Array(31)))
export const checkpointVectors = [
  checkpoint('valid', note),
  checkpoint(
    'valid-empty-tree',
    utf8Text(await signCheckpoint(signer.name, 0, await treeRoot(tree, 0), signer)),
  ),
  checkpoint('valid-with-foreign-signature', note + foreign),
  checkpoint('with-size-changed', note.replace('\n13\n', '\n14\n'), unsigned),
  checkpoint('with-own-signature-missing', head + '\n' + foreign, unsigned),
  checkpoint(
    'of-other-origin',
    await signedText(head.replace(signer.name, 'other.invalid/log')),
    unsigned,
  ),
  checkpoint(
    'of-key-off-the-curve',
    note.replace(/(— \S+ )\S+/, (_, before: string) => {
      const id = Uint8Array.from(Buffer.from(notOnCurve.split('+')[1] ?? '', 'hex'))
      return before + toBase64(concatBytes(id, bytes32(3), bytes32(0)))
    }),
    unsigned,
    notOnCurve,
  ),
  checkpoint(
    'with-small-order-r',
    note.replace(/(— \S+ )\S+/, (_, before: string) => {
      const id = Uint8Array.from(Buffer.from(signer.keyId, 'hex'))
      return before + toBase64(concatBytes(id, bytes32(0), bytes32(0)))
    }),
    unsigned,
  ),
  checkpoint(
    'with-leading-zero',
    await signedText(head.replace('\n13\n', '\n013\n')),
    noCheckpoint,
  ),
  checkpoint(
    'with-size-2-to-the-60',
    await signedText(head.replace('\n13\n', '\n1152921504606846976\n')),
    noCheckpoint,
  ),
  checkpoint('with-extension', await signedText(`${head}extension\n`), noCheckpoint),
  checkpoint(
    'with-short-root',
    await signedText(head.replace(toBase64(root), toBase64(root.slice(1)))),
    noCheckpoint,
  ),
  checkpoint(
    'with-space-in-origin',
    await signedText(head.replace(signer.name, 'a b')),
    noCheckpoint,
  ),
  checkpoint('without-signature', `${head}\n`, noCheckpoint),
  checkpoint('unended', note.slice(0, -1), noCheckpoint),
  checkpoint('with-carriage-returns', note.replaceAll('\n', '\r\n'), noCheckpoint),
  checkpoint('with-hyphen-for-dash', note.replace('—', '-'), noCheckpoint),
  checkpoint('with-signature-twice', note + note.slice(head.length + 1), noCheckpoint),
  checkpoint(
    'with-17-signatures',
    note + Array.from({ length: 16 }, (_, at) => foreign.replace('/w', `/${at}`)).join(''),
    noCheckpoint,
  ),
  checkpoint('with-text-after', `${note}more\n`, noCheckpoint),
  checkpoint('with-byte-order-mark', `\ufeff${note}`, noCheckpoint),
  {
    name: 'checkpoint-not-utf8',
    kind: 'checkpoint',
    codes: noCheckpoint,
    vkey,
    bytesHex: toHex(signed).replace('e28094', 'ff8094'),
  },
]

const receiptText = utf8Text(
  formatReceipt({
    index: 4,
    commitment: commitments[4] ?? bytes32(0),
    path: await inclusionProof(tree, 4, 13),
    checkpoint: signed,
  }),
)
const receipt = (name: string, value: string, codes = ['receipt-malformed']): CustodyVector => ({
  name: `receipt-${name}`,
  kind: 'receipt',
  codes,
  text: value,
})
export const receiptVectors = [
  receipt('valid', receiptText, []),
  receipt('of-other-version', receiptText.replace('@v1', '@v2')),
  receipt('without-extra', receiptText.replace(/extra .*\n/, '')),
  receipt('with-short-extra', receiptText.replace(/extra .*\n/, 'extra AAAA\n')),
  receipt('without-index', receiptText.replace(/index .*\n/, '')),
  receipt('with-negative-index', receiptText.replace('index 4', 'index -4')),
  receipt('with-index-2-to-the-60', receiptText.replace('index 4', 'index 1152921504606846976')),
  receipt('without-checkpoint', receiptText.slice(0, receiptText.indexOf('\n\n') + 1)),
  receipt('with-64-hashes', receiptText.replace('\n\n', `\n${`${toBase64(root)}\n`.repeat(64)}\n`)),
  receipt('with-carriage-returns', receiptText.replaceAll('\n', '\r\n')),
  receipt('with-space-after-hash', receiptText.replace('=\n\n', '= \n\n')),
]
