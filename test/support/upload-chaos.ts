/** Uploads through a proxy that cuts, to a server that is killed; then whether each is there once. */
import assert from 'node:assert/strict'
import { spawn, type ChildProcess } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createReadStream, statSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { Agent } from 'node:http'
import { DefaultHttpStack, Upload } from 'tus-js-client'
import { sweepUploads } from '../../src/ingest/sweep-uploads.ts'
import { uploadServices } from '../../src/server/upload-services.ts'
import { agent, openTestLibrary } from '../../src/store/fixture.ts'
import { checkLibrary } from '../../src/store/fsck.ts'
import { openIncident } from '../../src/store/incidents.ts'
import { databaseUrlFor } from './postgres.ts'
import { cuttingProxy } from './cutting-proxy.ts'

export interface Chaos {
  readonly folder: string
  /** Of files on disk; all different. */
  readonly files: readonly string[]
  readonly atOnce: number
  /** About so many cuts for each. */
  readonly cutsEach: number
  /** The server is killed so often, and ever more seldom, so that a slow machine comes to an end. */
  readonly killEveryMilliseconds?: number
}

export interface ChaosResult {
  readonly cuts: number
  readonly kills: number
  readonly seconds: number
}

export async function uploadThroughChaos(chaos: Chaos): Promise<ChaosResult> {
  const { folder, files, atOnce, cutsEach, killEveryMilliseconds } = chaos
  const begun = Date.now()
  const library = await openTestLibrary(folder)
  await library.transact(agent, (tx) => openIncident(tx, { id: 'quay', title: 'quay' }))
  await library.close()

  const port = await freePort()
  const databaseUrl = await databaseUrlFor(folder)
  let server = await startServer(folder, port, databaseUrl)
  const bytes = files.reduce((sum, file) => sum + statSync(file).size, 0)
  const meanBytes = bytes / files.length / cutsEach
  const proxy = await cuttingProxy(port, () => ({
    afterBytesUp: Math.ceil(1 + Math.random() * 2 * meanBytes),
    atAnswer: Math.random() < 0.1,
  }))
  let kills = 0
  const over = new AbortController()
  /** A fast machine is done before the time has come: the first time after a share of the cuts too. */
  const mostCuts = (files.length * cutsEach) / 4
  const timeToKill = async (milliseconds: number): Promise<void> => {
    const until = Date.now() + milliseconds
    const cuts = kills === 0 ? mostCuts : Number.POSITIVE_INFINITY
    while (!over.signal.aborted && Date.now() < until && proxy.cuts() < cuts) await pause(20)
  }
  const killing = (async () => {
    if (killEveryMilliseconds === undefined) return
    while (!over.signal.aborted) {
      await timeToKill(killEveryMilliseconds * 1.1 ** kills * (0.5 + Math.random()))
      if (over.signal.aborted) return
      await kill(server)
      kills += 1
      server = await startServer(folder, port, databaseUrl)
    }
  })()
  const hashes: string[] = []
  try {
    const waiting = [...files]
    const workers = Array.from({ length: atOnce }, async () => {
      for (let file = waiting.shift(); file !== undefined; file = waiting.shift()) {
        hashes.push(await send(file, `${proxy.origin}/api/incidents/quay/uploads`))
      }
    })
    await Promise.all(workers)
  } finally {
    over.abort()
    await killing
    await kill(server)
    await proxy.close()
  }
  await checkAll(folder, hashes)
  return { cuts: proxy.cuts(), kills, seconds: (Date.now() - begun) / 1000 }
}

/** What it had here. */
async function send(file: string, endpoint: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const part of createReadStream(file, { highWaterMark: 1 << 20 })) hash.update(part)
  const sha256 = hash.digest('hex')
  await new Promise<void>((resolve, reject) => {
    const upload = new Upload(createReadStream(file), {
      endpoint,
      uploadSize: statSync(file).size,
      chunkSize: Number.POSITIVE_INFINITY,
      metadata: { filename: 'film.wav', sha256 },
      // A new connection each time: the proxy counts by connections.
      httpStack: new DefaultHttpStack({ agent: new Agent({ keepAlive: false }) }),
      retryDelays: Array.from({ length: 10_000 }, () => 30),
      onShouldRetry: () => true,
      onSuccess: () => resolve(),
      onError: reject,
    })
    upload.start()
  })
  return sha256
}

async function checkAll(folder: string, hashes: readonly string[]): Promise<void> {
  const library = await openTestLibrary(folder)
  try {
    const { intake } = uploadServices(library)
    // What was begun twice, because the first answer was lost, is dropped when its time is over.
    const now = new Date(Date.now() + 9 * 86_400_000)
    await sweepUploads(library, intake, agent, { now })
    assert.deepEqual(await intake.files.list(), [])
    const sightings = await library.read(({ sql }) =>
      sql.selectFrom('sighting').select('item').execute(),
    )
    assert.deepEqual(sightings.map(({ item }) => item).toSorted(), hashes.toSorted())
    const { findings, notes } = await checkLibrary(library)
    assert.deepEqual([findings, notes], [[], []])
  } finally {
    await library.close()
  }
}

async function startServer(
  folder: string,
  port: number,
  databaseUrl: string | undefined,
): Promise<ChildProcess> {
  const program = join(import.meta.dirname, 'upload-server.ts')
  const child = spawn(process.execPath, [program, folder, String(port)], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...(databaseUrl === undefined ? {} : { DATABASE_URL: databaseUrl }) },
  })
  const [said] = (await Promise.race([
    once(child.stdout, 'data'),
    once(child, 'exit').then(([status]) => [`ended with ${String(status)}`]),
  ])) as [unknown]
  assert.equal(String(said), 'ready\n')
  return child
}

async function kill(child: ChildProcess): Promise<void> {
  const ended = once(child, 'exit')
  child.kill('SIGKILL')
  await ended
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}

const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds))
