/**
 * Starts the egress process: no file of this machine but Node, its libraries and
 * its list of name servers, no environment, no right to become anybody. What it
 * may reach it decides itself (`fetch-file.ts`); what it is told by strangers'
 * servers it cannot carry anywhere but back here.
 */
// One of the few programs started outside media/, and the only one with a network.
// oxlint-disable-next-line no-restricted-imports
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import type { Readable, Writable } from 'node:stream'

import { EgressError, egressErrorCodes } from './egress-error.ts'
import type { EgressRequest } from './egress-process.ts'
import type { FetchReport } from './fetch-file.ts'

export interface Fetching {
  /** Fails with EgressError where the file did not come whole. */
  readonly body: AsyncIterable<Uint8Array>
  /** Once the body has been read to its end. */
  readonly report: Promise<FetchReport>
  /** Ends it, where nobody reads any more. */
  stop(): void
}

/** What the parent waits for beyond the process's own limit. */
const graceSeconds = 10
/** A report with 32 kB of headers fits in. */
const mostSaidBytes = 1 << 20
/** No message of its own is longer: it holds no more than an address. */
const mostMessageUnits = 4096

/** Beside this file, in `src/` and in `build/` alike. */
const program = ['egress-process.ts', 'egress-process.js']
  .map((name) => join(import.meta.dirname, name))
  .find((path) => existsSync(path))

/** `onAnnounced`: how long the server says that the file is, where it does; unproven. */
export function fetchInProcess(
  request: EgressRequest,
  onAnnounced: (sizeBytes: number) => void = () => undefined,
): Fetching {
  const child = spawn(
    'prlimit',
    ['--core=0', '--fsize=0', '--nofile=64', '--', 'bwrap', ...sandbox()],
    {
      // A group of its own, so that the whole of it can be ended at once.
      detached: true,
      stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
      env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' },
    },
  )
  const stop = (): void => {
    if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
    try {
      process.kill(-child.pid, 'SIGKILL')
    } catch {
      // Already gone.
    }
  }
  process.once('exit', stop)
  const timer = setTimeout(stop, 1000 * (request.seconds + graceSeconds))
  const [asked, body, complaints, said] = child.stdio as unknown as [
    Writable,
    Readable,
    Readable,
    Readable,
  ]
  const report = new Promise<FetchReport>((resolve, reject) => {
    child.once('error', (cause) => reject(unavailable(String(cause))))
    Promise.all([someText(said, listening(onAnnounced)), someText(complaints)])
      .then(([answer, complaint]) => resolve(readAnswer(answer, complaint)))
      .catch(reject)
  })
  child.once('close', () => {
    clearTimeout(timer)
    process.off('exit', stop)
  })
  asked.on('error', () => undefined)
  asked.end(JSON.stringify(request))
  // Heard where it is waited for; a body that is given up on never comes to that.
  report.catch(() => undefined)
  return { body: bodyOf(body, report), report, stop }
}

async function* bodyOf(body: Readable, report: Promise<FetchReport>): AsyncGenerator<Uint8Array> {
  yield* body as AsyncIterable<Buffer>
  await report
}

/** What it says of itself is short; a process that was taken over may go on for ever. */
async function someText(
  source: Readable,
  onText: (text: string) => void = () => undefined,
): Promise<string> {
  const parts: Buffer[] = []
  let length = 0
  for await (const part of source as AsyncIterable<Buffer>) {
    length += part.length
    if (length > mostSaidBytes) break
    parts.push(part)
    onText(part.toString())
  }
  return Buffer.concat(parts).toString()
}

/** Hears the announcement, which comes in one piece: it is shorter than a pipe's. */
function listening(onAnnounced: (sizeBytes: number) => void): (text: string) => void {
  return (text) => {
    const [, announced] = /^\{"sizeBytes":(\d{1,15})\}\n/.exec(text) ?? []
    if (announced !== undefined) onAnnounced(Number(announced))
  }
}

/**
 * What the process says at its end. One that was taken over says what it likes: a code of its own
 * making is none, for the job queue goes by codes.
 * @throws EgressError
 */
export function readAnswer(said: string, complaint: string): FetchReport {
  let answer: Said
  try {
    answer = Object(JSON.parse(said.split('\n').at(-1) ?? '')) as Said
  } catch {
    throw unavailable(complaint)
  }
  const { kind, report, code: saidCode, message } = answer
  if (kind === 'fetched' && report !== undefined) return report
  const code = egressErrorCodes.find((each) => each === saidCode)
  if (code === undefined || typeof message !== 'string') throw unavailable('it answers nonsense')
  throw new EgressError(code, message.slice(0, mostMessageUnits))
}

interface Said {
  readonly kind?: unknown
  readonly report?: FetchReport
  readonly code?: unknown
  readonly message?: unknown
}

function unavailable(complaint: string): EgressError {
  const why = complaint.trim().split('\n').at(-1)?.slice(0, 200) ?? ''
  return new EgressError(
    'sandbox-unavailable',
    `the egress process ended without an answer (${why === '' ? 'it says nothing' : why}); see that ` +
      'bubblewrap is installed and may make sandboxes: apt-get install bubblewrap',
  )
}

/** Read-only, where the machine has it: Debian links libraries and the list of name servers elsewhere. */
const shown =
  '/usr /lib /lib64 /etc/alternatives /etc/ld.so.cache /etc/resolv.conf /etc/hosts ' +
  '/etc/nsswitch.conf /run/systemd/resolve'

function sandbox(): string[] {
  if (program === undefined) throw new Error('the egress process is not where it was built')
  const alone =
    '--unshare-all --share-net --die-with-parent --new-session --cap-drop ALL --clearenv'
  const own = '--dir /tmp --proc /proc --dev /dev'
  const binds = shown.split(' ').flatMap((path) => ['--ro-bind-try', path, path])
  return [
    ...`${alone} ${own}`.split(' '),
    ...binds,
    '--ro-bind',
    process.execPath,
    '/egress/node',
    '--ro-bind',
    dirname(program),
    '/egress/program',
    '--remount-ro',
    '/',
    '--chdir',
    '/',
    '--',
    '/egress/node',
    '--max-old-space-size=256',
    `/egress/program/${basename(program)}`,
  ]
}
