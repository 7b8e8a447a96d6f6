/**
 * A real object store for tests: OpenStack Swift with its S3 interface, one copy on
 * one disk (`object_store.py`). `./sightline test` starts one and names it in
 * SIGHTLINE_TEST_OBJECTS; where that is set, test libraries keep their files there.
 */
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3'

import { openObjectStore } from '../../src/store/object-store.ts'
import type { ObjectStore } from '../../src/store/object-store.ts'
import type { ObjectAddress } from '../../src/store/object-address.ts'

/** Debian's, for which its packages are. */
const python = '/usr/bin/python3'
const needed = '/usr/lib/python3/dist-packages/swift/common/middleware/s3api'
export const testKeys = { accessKeyId: 'test:desk', secretAccessKey: 'only-for-tests' }
export const testBucket = 'sightline-test'

/** Tests wait for no half minute. */
export const quick = { times: 4, firstMilliseconds: 20, silenceMilliseconds: 2000 }

export interface ObjectServer {
  /** Such as http://127.0.0.1:34567 */
  readonly endpoint: string
  /** Of a place of its own in its one bucket. */
  address(prefix: string): ObjectAddress
  /** At once, as by `kill -9`. */
  crash(): Promise<void>
  /** Again, under the same address, with what it had. */
  start(): Promise<void>
  /** Ends it and removes its files. */
  remove(): Promise<void>
}

export async function startObjectStore(): Promise<ObjectServer> {
  if (!existsSync(needed)) {
    throw new Error(
      'no OpenStack Swift here for tests of the object store: apt-get install --no-install-recommends python3-swift',
    )
  }
  const folder = mkdtempSync(join(tmpdir(), 'sightline-objects-'))
  let server: ReturnType<typeof spawn> | undefined
  let port = 0
  const start = async (): Promise<void> => {
    const { accessKeyId, secretAccessKey } = testKeys
    const script = join(import.meta.dirname, 'object_store.py')
    const args = ['-I', script, folder, `${port}`, accessKeyId, secretAccessKey]
    const child = spawn(python, args, { stdio: ['ignore', 'pipe', 'pipe'] })
    server = child
    let errors = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text))
    let said = ''
    for await (const text of child.stdout.setEncoding('utf8')) {
      said += String(text)
      if (said.includes('\n')) break
    }
    const ready = /^ready (?<port>\d+)\n/.exec(said)?.groups?.['port']
    if (ready === undefined) throw new Error(`Swift did not start: ${errors.slice(-2000)}`)
    port = Number(ready)
  }
  const crash = async (): Promise<void> => {
    if (server === undefined || server.exitCode !== null || server.signalCode !== null) return
    const ended = once(server, 'exit')
    server.kill('SIGKILL')
    await ended
  }
  const remove = (): void => rmSync(folder, { recursive: true, force: true })
  process.once('exit', () => {
    server?.kill('SIGKILL')
    remove()
  })
  await start()
  const endpoint = `http://127.0.0.1:${port}`
  const client = new S3Client({
    endpoint,
    region: 'us-east-1',
    forcePathStyle: true,
    credentials: testKeys,
  })
  await client.send(new CreateBucketCommand({ Bucket: testBucket }))
  client.destroy()
  return {
    endpoint,
    address: (prefix) => addressAt(endpoint, prefix),
    crash,
    start,
    remove: async () => {
      await crash()
      remove()
    },
  }
}

export const addressAt = (endpoint: string, prefix: string): ObjectAddress => ({
  bucket: testBucket,
  prefix: `${prefix}/`,
  endpoint,
  region: 'us-east-1',
  ...testKeys,
})

const { SIGHTLINE_TEST_OBJECTS: testServer } = process.env

/** Whether the libraries of this test run keep their files in an object store. */
export const inObjects = testServer !== undefined && testServer !== ''

/** Of the place of the library in a folder; none where files are in it. */
export function objectsFor(folder: string): ObjectAddress | undefined {
  if (testServer === undefined || testServer === '') return undefined
  const name = createHash('sha256').update(resolve(folder)).digest('hex').slice(0, 32)
  return addressAt(testServer, `library-${name}`)
}

/** For a library folder that was copied. */
export async function copyObjects(from: string, to: string): Promise<void> {
  const [source, target] = [objectsFor(from), objectsFor(to)]
  if (source === undefined || target === undefined) return
  const [there, here] = [openObjectStore(source, quick), openObjectStore(target, quick)]
  for await (const { name } of there.list()) await here.putBytes(name, await bytesAt(there, name))
  there.close()
  here.close()
}

export async function bytesAt(store: ObjectStore, name: string): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  for await (const bytes of (await store.get(name)) ?? []) parts.push(bytes)
  return Buffer.concat(parts)
}

/** What tells a command where files are, and the way there. */
export const objectVariables = ({
  bucket,
  prefix,
  endpoint = '',
}: ObjectAddress): Readonly<Record<string, string>> => ({
  SIGHTLINE_BLOBS: `s3://${bucket}/${prefix}`,
  AWS_ENDPOINT_URL_S3: endpoint,
  AWS_ACCESS_KEY_ID: testKeys.accessKeyId,
  AWS_SECRET_ACCESS_KEY: testKeys.secretAccessKey,
})
