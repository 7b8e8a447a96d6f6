/** `sightline …` as a process that is ended with SIGKILL in the middle of its work. */
import { spawn } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

import { repository, sightline, type CommandResult } from './command-line.ts'

const main = join(repository, 'src', 'cli', 'main.ts')

export interface Instant {
  /** So many lines on stdout are waited for first; 0: from the start. */
  readonly afterLines: number
  readonly milliseconds: number
  /** `program`: sightline alone; its media programs have to follow by themselves. */
  readonly whom: 'everything' | 'program'
}

export interface KilledCommand {
  /** Undefined where the kill came in time. */
  readonly code: number | undefined
  /** Whole lines only: half a line was never said. */
  readonly lines: readonly string[]
  readonly stderr: string
  readonly seconds: number
  /** How long processes that it had started outlived it; 0 where none did. */
  readonly orphanedSeconds: number
}

/**
 * Runs the command in a process group of its own and kills it at the instant.
 * @throws Error when something it started is still there after 10 seconds
 */
export async function runAndKill(
  args: readonly string[],
  instant: Instant,
): Promise<KilledCommand> {
  const startedAt = performance.now()
  const child = spawn(process.execPath, [main, ...args], {
    cwd: repository,
    env: { ...process.env, NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  })
  const { pid } = child
  if (pid === undefined) throw new Error('sightline could not be started')
  let stdout = ''
  let stderr = ''
  let started: readonly Process[] = []
  let timer: NodeJS.Timeout | undefined
  const kill = (): void => {
    const all = processes()
    started = descendants(all, pid)
    child.kill('SIGKILL')
    if (instant.whom === 'program') return
    for (const one of started) tryKill(one.pid)
  }
  const arm = (): void => {
    if (timer !== undefined || linesOf(stdout).length < instant.afterLines) return
    timer = setTimeout(kill, instant.milliseconds)
  }
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
    arm()
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  arm()
  const [code, signal] = await new Promise<[number | null, string | null]>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (...end) => resolve(end))
  })
  clearTimeout(timer)
  const endedAt = performance.now()
  while (started.some(isAlive)) {
    if (performance.now() - endedAt > 10_000) {
      throw new Error('a program that sightline had started outlived it by 10 seconds')
    }
    await sleep(5)
  }
  const outlived = started.length === 0 ? 0 : (performance.now() - endedAt) / 1000
  return {
    code: signal === 'SIGKILL' ? undefined : (code ?? -1),
    lines: linesOf(stdout),
    stderr,
    seconds: (endedAt - startedAt) / 1000,
    orphanedSeconds: outlived,
  }
}

/**
 * Runs the command and sends a signal to the media program that it starts as its
 * `which`th, from 0. Everything else is left alone.
 */
export async function runAndEndMedia(
  args: readonly string[],
  which: number,
  signal: NodeJS.Signals,
): Promise<{ readonly run: CommandResult; readonly ended: string | undefined }> {
  const met: string[] = []
  let ended: string | undefined
  const look = setInterval(() => {
    const all = processes()
    for (const one of descendants(all, process.pid)) {
      const known = `${one.pid} ${one.startTicks}`
      if (ended !== undefined || !mediaPrograms.test(one.name) || met.includes(known)) continue
      met.push(known)
      if (met.length <= which) continue
      ended = one.name
      tryKill(one.pid, signal)
    }
  }, 3)
  try {
    const run = await sightline(args)
    return { run, ended }
  } finally {
    clearInterval(look)
  }
}

const mediaPrograms = /^(?:ffmpeg|ffprobe|pdftotext|pdftoppm|heif-convert)$/

function linesOf(stdout: string): string[] {
  return stdout.split('\n').slice(0, -1)
}

interface Process {
  readonly pid: number
  readonly parent: number
  /** The program's name, at most 15 characters. */
  readonly name: string
  /** With the pid it names one process, however pids are used again. */
  readonly startTicks: string
}

/** proc(5): `pid (comm) state ppid … starttime …`; comm may hold anything. */
function readProcess(pid: number): (Process & { readonly state: string }) | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    const [state = '', parent = ''] = fields
    const name = stat.slice(stat.indexOf('(') + 1, stat.lastIndexOf(')'))
    return { pid, name, state, parent: Number(parent), startTicks: fields[19] ?? '' }
  } catch {
    return undefined
  }
}

function processes(): Process[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => readProcess(Number(name)) ?? [])
}

function descendants(all: readonly Process[], pid: number): Process[] {
  const children = all.filter((one) => one.parent === pid)
  return children.flatMap((one) => [one, ...descendants(all, one.pid)])
}

function isAlive({ pid, startTicks }: Process): boolean {
  const now = readProcess(pid)
  return now !== undefined && now.startTicks === startTicks && now.state !== 'Z'
}

function tryKill(pid: number, signal: NodeJS.Signals = 'SIGKILL'): void {
  try {
    process.kill(pid, signal)
  } catch {
    // Gone already.
  }
}
