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
import { text } from 'node:stream/consumers'

import { EgressError } from './egress-error.ts'
import type { EgressAnswer, EgressRequest } from './egress-process.ts'
import type { FetchReport } from './fetch-file.ts'

export interface Fetching {
  /** Fails with EgressError where the file did not come whole. */
  readonly body: AsyncIterable<Uint8Array>
  /** Once the body has been read to its end. */
  readonly report: Promise<FetchReport>
}

/** What the parent waits for beyond the process's own limit. */
const graceSeconds = 10

/** Beside this file, in `src/` and in `build/` alike. */
const program = ['egress-process.ts', 'egress-process.js']
  .map((name) => join(import.meta.dirname, name))
  .find((path) => existsSync(path))

export function fetchInProcess(request: EgressRequest): Fetching {
  const child = spawn(
    'prlimit',
    ['--core=0', '--fsize=0', '--nofile=64', '--', 'bwrap', ...sandbox()],
    {
      stdio: ['pipe', 'pipe', 'ignore', 'pipe'],
      env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' },
    },
  )
  const timer = setTimeout(() => child.kill('SIGKILL'), 1000 * (request.seconds + graceSeconds))
  const failed = new Promise<never>((_, reject) => {
    child.once('error', (cause) => {
      reject(new EgressError('not-reachable', 'the egress process cannot be started', { cause }))
    })
  })
  child.once('close', () => clearTimeout(timer))
  const [asked, body, , said] = child.stdio as unknown as [Writable, Readable, null, Readable]
  asked.on('error', () => undefined)
  asked.end(JSON.stringify(request))
  const report = Promise.race([failed, text(said).then(readAnswer)])
  // Heard where it is waited for; a body that is given up on never comes to that.
  report.catch(() => undefined)
  return { body: bodyOf(body, report, () => child.kill('SIGKILL')), report }
}

async function* bodyOf(
  body: Readable,
  report: Promise<FetchReport>,
  stop: () => void,
): AsyncGenerator<Uint8Array> {
  try {
    yield* body as AsyncIterable<Buffer>
    await report
  } finally {
    stop()
  }
}

function readAnswer(said: string): FetchReport {
  if (said === '') {
    throw new EgressError('not-reachable', 'the egress process ended without an answer; try again')
  }
  const answer = JSON.parse(said) as EgressAnswer
  if (answer.kind === 'refused') throw new EgressError(answer.code, answer.message)
  return answer.report
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
