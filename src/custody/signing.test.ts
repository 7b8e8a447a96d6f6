import assert from 'node:assert/strict'
import { createHash, createPrivateKey, createPublicKey, verify } from 'node:crypto'
import { test } from 'node:test'
import { fromBase64, fromHex, fromUtf8, toHex, utf8 } from './bytes.ts'
import { openCheckpoint, signCheckpoint } from './checkpoint.ts'
import { formatVkey, parseVkey, verifySignature } from './key.ts'
import { generateSigner, signerFromSeed } from './signer.ts'

const seed = fromHex('9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60') ?? utf8('')
const signer = await signerFromSeed(seed)

test('a seed gives the key and signature of RFC 8032, section 7.1, test 1', async () => {
  assert.equal(
    toHex(signer.publicKey),
    'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
  )
  assert.equal(
    toHex(await signer.sign(new Uint8Array(0))),
    'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b',
  )
})

test('a note signed by Go’s sumdb/note verifies under its key', async () => {
  const key = await parseVkey('PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW')
  const text = utf8(
    'If you think cryptography is the answer to your problem,\n' +
      "then you don't know what your problem is.\n",
  )
  const base64 =
    'x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM='
  const signature = fromBase64(base64) ?? new Uint8Array(0)
  assert.equal(toHex(signature.slice(0, 4)), key.keyId)
  assert.equal(await verifySignature(key, signature.slice(4), text), true)
  assert.equal(await verifySignature(key, signature.slice(4), text.slice(1)), false)
})

test('OpenSSL agrees on the signature of a checkpoint and on the key ID', async () => {
  const root = new Uint8Array(32).fill(6)
  const note = fromUtf8(await signCheckpoint(signer.name, 21, root, signer))
  const [text, line] = note.split('\n\n')
  const signature = Buffer.from(line?.split(' ')[2] ?? '', 'base64')
  const pkcs8 = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed])
  const secret = createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' })
  const publicKey = createPublicKey(secret)
  assert.ok(verify(null, Buffer.from(`${text}\n`), publicKey, signature.subarray(4)))
  const raw = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32)
  const id = createHash('sha256').update(`${signer.name}\n`).update(Buffer.of(1)).update(raw)
  assert.equal(id.digest('hex').slice(0, 8), signer.keyId)
  assert.equal(signature.subarray(0, 4).toString('hex'), signer.keyId)
  const origin = createHash('sha256').update(raw).digest('hex').slice(0, 16)
  assert.equal(signer.name, `sightline.invalid/log/${origin}`)
})

test('a checkpoint opens under its key and under no other', async () => {
  const root = new Uint8Array(32).fill(6)
  const bytes = await signCheckpoint(signer.name, 21, root, signer)
  const checkpoint = { origin: signer.name, size: 21, root }
  assert.deepEqual(await openCheckpoint(bytes, await parseVkey(formatVkey(signer))), checkpoint)
  const { signer: other } = await generateSigner((length) => new Uint8Array(length).fill(3))
  const invalid = { code: 'checkpoint-signature-invalid' }
  await assert.rejects(openCheckpoint(bytes, other), invalid)
  await assert.rejects(openCheckpoint(bytes, { ...other, name: signer.name }), invalid)
  const disguised = { ...other, name: signer.name, keyId: signer.keyId }
  await assert.rejects(openCheckpoint(bytes, disguised), invalid)
})

test('a new signer takes its seed from the given randomness and nowhere else', async () => {
  const { seed: drawn, signer: first } = await generateSigner((length) => seed.slice(0, length))
  assert.deepEqual(drawn, seed)
  assert.equal(formatVkey(first), formatVkey(signer))
  await assert.rejects(signerFromSeed(seed.slice(1)), { code: 'seed-malformed' })
})

test('no checkpoint is signed for an origin, size or root that readers refuse', async () => {
  const root = new Uint8Array(32)
  const malformed = { code: 'checkpoint-malformed' }
  await assert.rejects(signCheckpoint('a b', 1, root, signer), malformed)
  await assert.rejects(signCheckpoint('a', 2 ** 53, root, signer), malformed)
  await assert.rejects(signCheckpoint('a', -1, root, signer), malformed)
  await assert.rejects(signCheckpoint('a', 1, root.slice(1), signer), malformed)
})
