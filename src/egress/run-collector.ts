/**
 * Runs the program that the operator named for addresses whose pages need more than one GET. It is
 * the operator's program: with the network and with the rights of this process, in no sandbox. What it
 * gets is an address and an empty folder; what it may take is bounded.
 */
// One of the few programs started outside media/.
// oxlint-disable-next-line no-restricted-imports
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createReadStream } from 'node:fs'
import { access, constants, lstat, mkdir, readdir, realpath, stat } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { setTimeout as sleep } from 'node:timers/promises'

import { EgressError } from './egress-error.ts'

export interface Collector {
  readonly path: string
  readonly name: string
  readonly sha256: string
  /** The first line that it prints when asked with `--version`. */
  readonly version?: string
}

export interface CollectorLimits {
  readonly seconds: number
  /** Of all files together. */
  readonly maxBytes: number
}

interface Run {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly outText: string
  readonly errorText: string
}

const versionSeconds = 10
const mostVersionUnits = 200
/** Of what it says, from the end. */
const mostSaidBytes = 8192
const mostFiles = 1000
const lookMilliseconds = 250
const lastWordsMilliseconds = 1000

/** Looks at the program and asks for its version. @throws EgressError `collector-unusable` */
export async function readCollector(program: string, scratch: string): Promise<Collector> {
  try {
    const path = await realpath(resolve(program))
    if (!(await stat(path)).isFile()) throw new Error('it is no file')
    await access(path, constants.R_OK | constants.X_OK)
    const hash = createHash('sha256')
    await pipeline(createReadStream(path), hash)
    const { code, outText } = await run(path, ['--version'], scratch, versionSeconds)
    const line = code === 0 ? outText.trim().split('\n')[0]?.slice(0, mostVersionUnits) : undefined
    const version = line === undefined || line === '' ? {} : { version: line.toWellFormed() }
    return { path, name: basename(path), sha256: hash.digest('hex'), ...version }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new EgressError(
      'collector-unusable',
      `the collector ${program} cannot be run (${reason}); name a program with --with, or in SIGHTLINE_COLLECTOR`,
      { cause: error },
    )
  }
}

/** Paths within the folder: files, and what else it left, which is not looked into. */
export interface Left {
  readonly files: readonly string[]
  readonly others: readonly string[]
}

/**
 * What the program left in `folder`/out. When this returns it and those it started are gone, unless they
 * left its process group.
 * @throws EgressError `address-unsupported`, `collector-failed`, `collector-unusable`, `too-slow`,
 *   `too-large`, `incomplete`
 */
export async function runCollector(
  collector: Collector,
  address: string,
  folder: string,
  { seconds, maxBytes }: CollectorLimits,
): Promise<Left> {
  const asked = checkedAddress(address)
  const out = join(folder, 'out')
  await mkdir(out)
  let tooLarge = false
  const look = async (): Promise<boolean> => (tooLarge ||= await isTooLarge(out, maxBytes))
  const { code, signal, errorText } = await run(collector.path, [asked, out], folder, seconds, look)
  if (await look()) {
    throw new EgressError(
      'too-large',
      `the collector left more than ${maxBytes} bytes or ${mostFiles} files; nothing was kept`,
    )
  }
  if (code !== 0) {
    const ended = signal === null ? `with status ${code}` : `by ${signal}`
    const said = errorText.trim().split('\n').at(-1)?.slice(0, 300) ?? ''
    throw new EgressError(
      'collector-failed',
      `the collector ended ${ended} (${said === '' ? 'it says nothing' : said}); nothing was kept`,
    )
  }
  const left = await leftIn(out)
  if (left.files.length > 0) return left
  const others = left.others.length === 0 ? '' : `, but ${left.others.length} links or the like`
  throw new EgressError('incomplete', `the collector left no file${others}; nothing was kept`)
}

/** As the URL parser writes it: it begins with its scheme and never with a hyphen. */
function checkedAddress(address: string): string {
  const url = URL.canParse(address) ? new URL(address) : undefined
  const isWeb = url?.protocol === 'https:' || url?.protocol === 'http:'
  if (url !== undefined && isWeb && url.username === '' && url.password === '') return url.href
  throw new EgressError(
    'address-unsupported',
    'only addresses that begin with https:// or http:// are handed to a collector, without a name or password',
  )
}

async function run(
  path: string,
  args: readonly string[],
  folder: string,
  seconds: number,
  isTooMuch: () => Promise<boolean> = () => Promise.resolve(false),
): Promise<Run> {
  const home = join(folder, 'home')
  await mkdir(home, { recursive: true })
  // A group of its own, so that what it started ends with it.
  const child = spawn(path, args, {
    cwd: home,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: '/usr/local/bin:/usr/bin:/bin', HOME: home, TMPDIR: home, LANG: 'C.UTF-8' },
  })
  const endAll = (): void => {
    if (child.pid === undefined) return
    try {
      process.kill(-child.pid, 'SIGKILL')
    } catch {
      // All of them have ended.
    }
  }
  const said = { out: Buffer.alloc(0), error: Buffer.alloc(0) }
  const keepTail = (which: 'out' | 'error') => (part: Buffer) => {
    said[which] = Buffer.concat([said[which], part]).subarray(-mostSaidBytes)
  }
  child.stdout.on('data', keepTail('out'))
  child.stderr.on('data', keepTail('error'))
  let isLate = false
  const timer = setTimeout(() => {
    isLate = true
    endAll()
  }, seconds * 1000)
  process.once('exit', endAll)
  let isLooking = false
  const watch = setInterval(() => {
    if (isLooking) return
    isLooking = true
    void isTooMuch()
      .then((much) => much && endAll())
      .finally(() => (isLooking = false))
  }, lookMilliseconds)
  try {
    const closed = once(child, 'close').catch(() => undefined)
    const ended = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null]
    // One that left the group may keep its output open.
    endAll()
    await Promise.race([closed, sleep(lastWordsMilliseconds)])
    const [code, signal] = ended
    if (isLate) throw new EgressError('too-slow', `the collector was not done in ${seconds} s`)
    return { code, signal, outText: said.out.toString(), errorText: said.error.toString() }
  } finally {
    clearTimeout(timer)
    clearInterval(watch)
    process.off('exit', endAll)
    endAll()
    child.stdout.destroy()
    child.stderr.destroy()
  }
}

async function isTooLarge(out: string, maxBytes: number): Promise<boolean> {
  let bytes = 0
  let files = 0
  for await (const { sizeBytes } of entriesIn(out)) {
    bytes += sizeBytes
    files += 1
    if (bytes > maxBytes || files > mostFiles) return true
  }
  return false
}

async function leftIn(out: string): Promise<Left> {
  const files: string[] = []
  const others: string[] = []
  for await (const { name, isPlain } of entriesIn(out)) (isPlain ? files : others).push(name)
  return { files: files.toSorted(), others: others.toSorted() }
}

interface Entry {
  readonly name: string
  readonly sizeBytes: number
  readonly isPlain: boolean
}

/** All but folders. A name that is no UTF-8 cannot be found again and is no plain file. */
async function* entriesIn(out: string, within = ''): AsyncGenerator<Entry> {
  const names = await readdir(join(out, within)).catch(() => [])
  for (const each of names) {
    const name = join(within, each)
    const found = await lstat(join(out, name)).catch(() => undefined)
    if (found?.isDirectory() === true) yield* entriesIn(out, name)
    else {
      const isPlain = found?.isFile() === true && found.nlink === 1 && found.size > 0
      yield { name, sizeBytes: found?.size ?? 0, isPlain }
    }
  }
}
