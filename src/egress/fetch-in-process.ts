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

import { EgressError } from './egress-error.ts'
import type { EgressAnswer, EgressRequest } from './egress-process.ts'
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

/** Beside this file, in `src/` and in `build/` alike. */
const program = ['egress-process.ts', 'egress-process.js']
  .map((name) => join(import.meta.dirname, name))
  .find((path) => existsSync(path))

export function fetchInProcess(request: EgressRequest): Fetching {
  const child = spawn(
    'prlimit',
    ['--core=0', '--fsize=0', '--nofile=64', '--', 'bwrap', ...sandbox()],
    {
      stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
      env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' },
    },
  )
  const timer = setTimeout(() => child.kill('SIGKILL'), 1000 * (request.seconds + graceSeconds))
  const [asked, body, complaints, said] = child.stdio as unknown as [
    Writable,
    Readable,
    Readable,
    Readable,
  ]
  const report = new Promise<FetchReport>((resolve, reject) => {
    child.once('error', (cause) => reject(unavailable(String(cause))))
    Promise.all([someText(said), someText(complaints)])
      .then(([answer, complaint]) => resolve(readAnswer(answer, complaint)))
      .catch(reject)
  })
  child.once('close', () => clearTimeout(timer))
  asked.on('error', () => undefined)
  asked.end(JSON.stringify(request))
  // Heard where it is waited for; a body that is given up on never comes to that.
  report.catch(() => undefined)
  return { body: bodyOf(body, report), report, stop: () => void child.kill('SIGKILL') }
}

async function* bodyOf(body: Readable, report: Promise<FetchReport>): AsyncGenerator<Uint8Array> {
  yield* body as AsyncIterable<Buffer>
  await report
}

/** What it says of itself is short; a process that was taken over may go on for ever. */
async function someText(source: Readable): Promise<string> {
  const parts: Buffer[] = []
  let length = 0
  for await (const part of source as AsyncIterable<Buffer>) {
    length += part.length
    if (length > mostSaidBytes) break
    parts.push(part)
  }
  return Buffer.concat(parts).toString()
}

function readAnswer(said: string, complaint: string): FetchReport {
  let answer: EgressAnswer
  try {
    answer = JSON.parse(said) as EgressAnswer
  } catch {
    throw unavailable(complaint)
  }
  if (answer.kind === 'refused') throw new EgressError(answer.code, answer.message)
  return answer.report
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
