import assert from 'node:assert/strict'
import { createCipheriv, createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, beforeEach, test } from 'node:test'

import { CreateMultipartUploadCommand, S3Client } from '@aws-sdk/client-s3'

import { startFaultyProxy } from '../../test/support/faulty-proxy.ts'
import type { Fault, FaultyProxy } from '../../test/support/faulty-proxy.ts'
import { addressAt, quick, startObjectStore, testKeys } from '../../test/support/object-store.ts'
import type { ObjectServer } from '../../test/support/object-store.ts'
import { blobName } from './blobs.ts'
import type { Blobs } from './blobs.ts'
import { all, bytesOf, roomy, temporaryFolder } from './fixture.ts'
import { readObjectAddress } from './object-address.ts'
import { openObjectBlobs } from './object-blobs.ts'
import { openObjectStore } from './object-store.ts'

let server: ObjectServer
let proxy: FaultyProxy
before(async () => {
  server = await startObjectStore()
  proxy = await startFaultyProxy(server.endpoint)
})
beforeEach(() => {
  proxy.fault = () => undefined
})
after(async () => {
  await proxy.close()
  await server.remove()
})

let places = 0

/** A store that starts again takes seconds. */
const patient = { ...quick, times: 9, firstMilliseconds: 40, silenceMilliseconds: 4000 }

/** Through the proxy, and the same without it. */
async function open(keptBytes = 1 << 30, patience = quick) {
  const folder = await temporaryFolder()
  const prefix = `faults-${++places}`
  const at = async (endpoint: string, name: string): Promise<Blobs> => {
    const scratch = join(folder, name)
    await mkdir(scratch)
    return openObjectBlobs(
      openObjectStore(addressAt(endpoint, prefix), patience),
      folder,
      scratch,
      keptBytes,
    )
  }
  return {
    folder,
    blobs: await at(proxy.endpoint, 'scratch'),
    direct: await at(server.endpoint, 'scratch-direct'),
    store: openObjectStore(addressAt(server.endpoint, prefix), quick),
  }
}

/** The same for the same number. */
function someBytes(number: number, length: number): Uint8Array {
  const key = createHash('sha256').update(`${number}`).digest()
  return createCipheriv('aes-256-ctr', key, Buffer.alloc(16)).update(Buffer.alloc(length))
}

async function* inPieces(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 1 << 20) yield bytes.subarray(at, at + (1 << 20))
}

const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

const passing: readonly Fault[] = [
  'busy',
  'broken',
  'cut request',
  'lost answer',
  'cut answer',
  'spoilt request',
  'silence',
]

/** A fault for the first requests that match, and none afterwards. */
function firstOf(times: number, fault: Fault, matches: RegExp): void {
  let left = times
  proxy.fault = ({ method, path }) =>
    matches.test(`${method} ${path}`) && left-- > 0 ? fault : undefined
}

for (const fault of passing) {
  test(`what passes is tried again: ${fault}`, async () => {
    const { blobs, direct } = await open()
    const bytes = someBytes(1, 300_000)
    for (const matches of [/^HEAD/, /^PUT/, /^GET/]) {
      firstOf(fault === 'silence' ? 1 : 2, fault, matches)
      const wish = Buffer.concat([bytes, Buffer.from(`${fault} ${matches.source}`)])
      const blob = await blobs.putStream(inPieces(wish), roomy)
      assert.deepEqual(blob, { sha256: hashOf(wish), sizeBytes: wish.length })
      assert.equal((await direct.verify(blob.sha256)).kind, 'intact')
    }
  })
}

test('a large file goes in parts, each tried again, and leaves no half upload', async () => {
  const { blobs, direct, store } = await open()
  const bytes = someBytes(2, (40 << 20) + 12_345)
  let requests = 0
  // Every third request that has to do with the upload fails in one way or another.
  proxy.fault = ({ method }) =>
    method !== 'GET' && ++requests % 3 === 0 ? passing[(requests / 3) % 5] : undefined
  const { sha256 } = await blobs.putStream(inPieces(bytes), roomy)
  assert.equal(sha256, hashOf(bytes))
  assert.ok(proxy.seen.some((request) => /^PUT .*partNumber=3/.test(request)))
  assert.equal((await direct.verify(sha256)).kind, 'intact')
  const middle = await all(direct.read(sha256, { start: 16_777_000, end: 16_778_000 }))
  assert.deepEqual(Buffer.concat(middle), Buffer.from(bytes.subarray(16_777_000, 16_778_000)))
  // A beginning that was answered to nobody is what the sweep is for.
  await store.endOldUploads(new Date('2100-01-01'))
  assert.equal(await store.endOldUploads(new Date('2100-01-01')), 0)
})

test('a store that stays broken is told, and nothing is acknowledged', async () => {
  const { blobs, direct, folder } = await open()
  proxy.fault = ({ method }) => (method === 'PUT' ? 'broken' : undefined)
  await assert.rejects(blobs.putStream(bytesOf('kept?'), roomy), {
    code: 'blobs-unavailable',
    message: /s3:\/\/sightline-test\/faults-\d+ \(.*500\)/,
  })
  const large = inPieces(someBytes(3, 20 << 20))
  await assert.rejects(blobs.putStream(large, roomy), { code: 'blobs-unavailable' })
  assert.deepEqual(await all(direct.list()), [])
  assert.deepEqual(await readdir(join(folder, 'scratch')), [])
})

test('what is spoilt on the way there is refused by the store', async () => {
  const { blobs, direct } = await open()
  proxy.fault = ({ method }) => (method === 'PUT' ? 'spoilt request' : undefined)
  await assert.rejects(blobs.putStream(bytesOf('as it was'), roomy), { code: 'blobs-unavailable' })
  assert.deepEqual(await all(direct.list()), [])
})

test('what reads back otherwise is not acknowledged, nor is what was cut as if that were all', async () => {
  for (const fault of ['spoilt answer', 'short answer'] as const) {
    const { blobs, direct } = await open()
    proxy.fault = ({ method }) => (method === 'GET' ? fault : undefined)
    const put = blobs.putStream(bytesOf('as it was'), roomy)
    await assert.rejects(put, { code: 'readback-differs', message: /is not what was sent/ })
    // It is whole there: once the way is good again it is found and acknowledged.
    proxy.fault = () => undefined
    const { sha256 } = await blobs.putStream(bytesOf('as it was'), roomy)
    assert.equal((await direct.verify(sha256)).kind, 'intact')
  }
})

test('damage is told from a bad way by reading again', async () => {
  const { blobs, store } = await open()
  const { sha256 } = await blobs.putStream(bytesOf('as it was'), roomy)
  for (const fault of ['spoilt answer', 'short answer', 'cut answer', 'busy'] as const) {
    firstOf(1, fault, /^GET/)
    assert.equal((await blobs.verify(sha256)).kind, 'intact', fault)
  }
  await store.putBytes(blobName(sha256), Buffer.from('as it is!'))
  assert.equal((await blobs.verify(sha256)).kind, 'damaged')
})

test('one object that cannot be read is a finding; a store out of reach is none', async () => {
  const { blobs } = await open()
  const { sha256 } = await blobs.putStream(bytesOf('as it was'), roomy)
  proxy.fault = ({ path }) => (path.includes(sha256) ? 'broken' : undefined)
  assert.deepEqual(await blobs.verify(sha256), { kind: 'unreadable', reason: 'blobs-unavailable' })
  proxy.fault = () => 'broken'
  await assert.rejects(blobs.verify(sha256), { code: 'blobs-unavailable' })
})

test('reading goes on where an answer was cut', async () => {
  const { blobs } = await open()
  const bytes = someBytes(4, 3_000_000)
  const { sha256 } = await blobs.putStream(inPieces(bytes), roomy)
  firstOf(3, 'cut answer', /^GET/)
  const seen = proxy.seen.length
  assert.equal(hashOf(Buffer.concat(await all(blobs.read(sha256)))), sha256)
  assert.ok(proxy.seen.length - seen > 1)
  firstOf(3, 'cut answer', /^GET/)
  const part = Buffer.concat(await all(blobs.read(sha256, { start: 100, end: 2_900_000 })))
  assert.equal(hashOf(part), hashOf(bytes.subarray(100, 2_900_000)))
})

test('a reader who stops early leaves no connection waiting', async () => {
  const { blobs } = await open()
  const { sha256 } = await blobs.putStream(inPieces(someBytes(5, 2_000_000)), roomy)
  for (let turn = 0; turn < 60; turn++) {
    for await (const _ of blobs.read(sha256)) break
  }
  assert.equal(hashOf(Buffer.concat(await all(blobs.read(sha256)))), sha256)
})

test('a file is fetched once however many borrow it, and again when it had to make room', async () => {
  const { direct, blobs } = await open(250_000)
  const [first, second] = [
    await direct.putStream(inPieces(someBytes(6, 200_000)), roomy),
    await direct.putStream(inPieces(someBytes(7, 200_000)), roomy),
  ]
  const fetches = () => proxy.seen.filter((seen) => seen.startsWith('GET')).length
  const start = fetches()
  const read = ({ sha256 }: { sha256: string }) =>
    blobs.lend(sha256, async (path) => {
      assert.equal(hashOf(await readFile(path)), sha256)
      return path
    })
  await Promise.all([read(first), read(first), read(first)])
  assert.equal(fetches() - start, 1)
  await blobs.lend(first.sha256, async (path) => {
    const other = await read(second)
    // One of them had to go, and not the one on loan.
    assert.equal(existsSync(path), true)
    assert.equal(existsSync(other), false)
    await read(first)
  })
  assert.equal(fetches() - start, 2)
  await read(second)
  assert.equal(fetches() - start, 3)
})

test('a file that was just taken in is lent without being fetched', async () => {
  const { blobs } = await open()
  const { sha256 } = await blobs.putStream(bytesOf('seen'), roomy)
  const fetched = proxy.seen.length
  assert.equal(await blobs.lend(sha256, (path) => readFile(path, 'utf8')), 'seen')
  assert.equal(proxy.seen.length, fetched)
})

test('what is lent was hashed as it came', async () => {
  const { blobs, direct, folder } = await open()
  const { sha256 } = await direct.putStream(bytesOf('as it was'), roomy)
  const lend = () => blobs.lend(sha256, (path) => readFile(path, 'utf8'))
  proxy.fault = ({ method }) => (method === 'GET' ? 'spoilt answer' : undefined)
  await assert.rejects(lend, { code: 'blob-damaged' })
  proxy.fault = () => 'silence'
  const before = proxy.seen.length
  await assert.rejects(lend, { code: 'blobs-unavailable' })
  assert.equal(proxy.seen.length - before, 2, 'whoever waits hears of it after two silences')
  assert.deepEqual(await readdir(join(folder, 'scratch')), [])
  firstOf(1, 'short answer', /^GET/)
  assert.equal(await lend(), 'as it was')
})

test('whatever happens on the way, what is acknowledged is there', async (t) => {
  const { blobs, direct } = await open(0)
  const faults: readonly (Fault | undefined)[] = [...passing, 'spoilt answer', 'short answer']
  let drawn = 0
  const draw = (below: number): number =>
    createHash('sha256').update(`draw ${drawn++}`).digest().readUInt32LE() % below
  proxy.fault = () => {
    if (draw(100) >= 60) return undefined
    const fault = faults[draw(faults.length)]
    return fault === 'silence' && draw(20) > 0 ? 'busy' : fault
  }
  const ended = { kept: 0, failed: 0 }
  for (let number = 0; number < 30; number++) {
    const bytes = someBytes(100 + number, draw(200_000))
    const put = await blobs.putStream(inPieces(bytes), roomy).catch((error: { code: string }) => {
      assert.match(error.code, /^(?:blobs-unavailable|readback-differs|blob-damaged)$/)
    })
    if (put === undefined) ended.failed++
    else {
      ended.kept++
      assert.equal(put.sha256, hashOf(bytes))
      assert.equal((await direct.verify(put.sha256)).kind, 'intact')
    }
  }
  t.diagnostic(JSON.stringify(ended))
  assert.ok(ended.kept > 15)
  // Nothing is there that is not what it is called, acknowledged or not.
  for (const found of await all(direct.list())) {
    assert.ok(found.kind === 'blob')
    assert.equal((await direct.verify(found.sha256)).kind, 'intact')
  }
})

test('a store that is killed and started again has what was acknowledged, and takes the rest', async () => {
  const { blobs, direct } = await open(1 << 30, patient)
  const kept = await blobs.putStream(bytesOf('before'), roomy)
  const bytes = someBytes(8, 40 << 20)
  let killed: Promise<void> | undefined
  proxy.fault = ({ path }) => {
    if (path.includes('partNumber=2')) killed ??= server.crash().then(() => server.start())
    return undefined
  }
  const { sha256 } = await blobs.putStream(inPieces(bytes), roomy)
  assert.ok(killed)
  await killed
  for (const hash of [sha256, kept.sha256]) {
    assert.equal((await direct.verify(hash)).kind, 'intact')
  }
})

test('uploads in parts that nobody ended are ended once they are old', async () => {
  const { store } = await open()
  const address = addressAt(server.endpoint, `faults-${places}`)
  const client = new S3Client({
    endpoint: server.endpoint,
    region: 'us-east-1',
    forcePathStyle: true,
    credentials: testKeys,
  })
  const Key = `${address.prefix}ab/half`
  await client.send(new CreateMultipartUploadCommand({ Bucket: address.bucket, Key }))
  client.destroy()
  assert.equal(await store.endOldUploads(new Date(Date.now() - 60_000)), 0)
  assert.equal(await store.endOldUploads(new Date(Date.now() + 60_000)), 1)
  assert.equal(await store.endOldUploads(new Date(Date.now() + 60_000)), 0)
})

test('no way in is told by its reason, and no key is repeated', async () => {
  const address = addressAt(server.endpoint, 'way-in')
  const secretAccessKey = 'canary-7f3a'
  const ways = [
    [{ ...address, bucket: 'sightline-none' }, 'bucket-missing'],
    [{ ...address, secretAccessKey }, 'blobs-refused'],
    [{ ...address, accessKeyId: 'nobody:canary-7f3a' }, 'blobs-refused'],
    [{ ...address, endpoint: 'http://127.0.0.1:1' }, 'blobs-unavailable'],
    [{ ...address, endpoint: 'http://nowhere.invalid' }, 'blobs-unavailable'],
  ] as const
  for (const [way, code] of ways) {
    const store = openObjectStore(way, quick)
    await assert.rejects(store.reach(), (error: Error & { code: string }) => {
      assert.equal(error.code, code)
      assert.doesNotMatch(error.message, /canary/)
      return true
    })
    store.close()
  }
})

test('an address is a bucket and a prefix, and nothing else', () => {
  const keys = { AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b' }
  const { bucket, prefix, region } = readObjectAddress('s3://footage/desk/one/', keys)
  assert.deepEqual([bucket, prefix, region], ['footage', 'desk/one/', 'us-east-1'])
  assert.equal(readObjectAddress('s3://footage', keys).prefix, '')
  const endpoint = {
    ...keys,
    AWS_ENDPOINT_URL: 'http://one',
    AWS_ENDPOINT_URL_S3: 'http://two:9000',
  }
  assert.equal(readObjectAddress('s3://footage', endpoint).endpoint, 'http://two:9000')
  for (const text of [
    'footage',
    's3://',
    's3://a',
    's3://Footage',
    's3://key:secret@footage',
    's3://footage//x',
    's3://footage/../x/?y',
    'https://footage.example/',
    's3://footage/a b',
  ]) {
    assert.throws(() => readObjectAddress(text, keys), { code: 'blobs-address-malformed' }, text)
  }
  for (const url of ['two:9000', 'ftp://two', 'http://key:secret@two', 'http://two?x']) {
    assert.throws(() => readObjectAddress('s3://footage', { ...keys, AWS_ENDPOINT_URL_S3: url }), {
      code: 'blobs-address-malformed',
    })
  }
  assert.throws(() => readObjectAddress('s3://footage', {}), {
    code: 'blobs-refused',
    message: /AWS_ACCESS_KEY_ID/,
  })
})
