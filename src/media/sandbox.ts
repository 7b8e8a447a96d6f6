import { spawn } from 'node:child_process'
import { access } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import type { Readable } from 'node:stream'
import { currentSignal } from './abort.ts'
import { diskFull, lastWords, MediaError, tooManyFiles } from './media-error.ts'

/** The only programs that are ever started on somebody's bytes. */
export type Program = 'ffmpeg' | 'ffprobe' | 'pdftotext' | 'pdfinfo' | 'pdftoppm' | 'heif-convert'

export interface Limits {
  readonly cpuSeconds: number
  readonly wallSeconds: number
  /** Address space of the program. */
  readonly memoryBytes: number
  /** Of any one file the program writes. */
  readonly outputBytes: number
  readonly stdoutBytes: number
}

export interface SandboxRun {
  readonly program: Program
  readonly args: readonly string[]
  /** Files of this machine, seen read-only as `in/0`, `in/1` … and under no other name. */
  readonly inputs: readonly string[]
  /** Seen as `out`, the only place on disk that can be written. */
  readonly outputFolder?: string
  /** Files of ours, seen read-only as `text/0`, `text/1` … */
  readonly textFiles?: readonly string[]
  readonly limits: Limits
  /** Takes standard output as it comes; the result's `stdout` is then empty. */
  readonly onStdout?: (chunk: Buffer) => void
  /** Descriptor of an empty file that takes standard output, up to `limits.outputBytes`. */
  readonly stdoutFile?: number
  /** A non-zero exit is an answer, not an error. Limits still throw. */
  readonly acceptFailure?: boolean
  readonly signal?: AbortSignal
}

export interface SandboxResult {
  readonly stdout: Buffer
  /** The last 64 KiB. */
  readonly stderr: string
  readonly exitCode: number
}

const stderrBytes = 65_536
const scratchBytes = 256 * 1024 * 1024

/**
 * Process groups of sandboxes that have not ended. Whoever leaves ends them: bubblewrap's own
 * child, if just being made while its parent dies, would wait for it for ever.
 */
const running = new Set<number>()
process.on('exit', () => running.forEach(endGroup))

function endGroup(pid: number): void {
  try {
    // bubblewrap's child dies with it, and with it its process namespace.
    process.kill(-pid, 'SIGKILL')
  } catch {
    // Already gone.
  }
}

/**
 * Runs one media program behind prlimit and bubblewrap: no network, no other
 * file of this machine than the libraries and the given inputs, no processes
 * of others, no capabilities, no environment. The working directory is `/`, so
 * that `in/0` in a recipe is what the program is given.
 *
 * Throws MediaError; throws the signal's reason when aborted.
 */
export async function runSandboxed(run: SandboxRun): Promise<SandboxResult> {
  const signal = run.signal ?? currentSignal()
  signal?.throwIfAborted()
  await assertInstalled(run.program)
  const { limits } = run
  const child = spawn(
    'prlimit',
    [
      // Soft and hard alike: ffmpeg takes the soft limit's signal for a wish to finish.
      `--cpu=${Math.ceil(limits.cpuSeconds)}`,
      `--as=${limits.memoryBytes}`,
      `--fsize=${limits.outputBytes}`,
      '--core=0',
      '--nofile=256',
      '--',
      'bwrap',
      ...bubblewrapArguments(run),
      '--',
      `/usr/bin/${run.program}`,
      ...run.args,
    ],
    {
      // Its own process group, so that the whole of it can be ended at once.
      detached: true,
      stdio: ['ignore', run.stdoutFile ?? 'pipe', 'pipe', 'pipe'],
      env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' },
    },
  )

  const startedAt = performance.now()
  const stdout: Buffer[] = []
  let stdoutLength = 0
  let stderr = Buffer.alloc(0)
  let status = ''
  let stopped: MediaError | 'aborted' | undefined
  let listenerFailure: { readonly error: unknown } | undefined
  const stop = (why: MediaError | 'aborted'): void => {
    stopped ??= why
    if (child.pid === undefined) return
    endGroup(child.pid)
  }
  if (child.pid !== undefined) {
    const { pid } = child
    running.add(pid)
    child.once('close', () => running.delete(pid))
  }

  // Where no descriptor is left there are no streams either.
  const streams = child.stdio as readonly (Readable | null)[] | undefined
  const [, out, err, statusPipe] = streams ?? []
  out?.on('data', (chunk: Buffer) => {
    stdoutLength += chunk.length
    if (stopped !== undefined) return
    if (stdoutLength > limits.stdoutBytes) {
      stop(new MediaError('output-limit', `${run.program} printed more than it may`))
      return
    }
    if (run.onStdout === undefined) {
      stdout.push(chunk)
      return
    }
    try {
      run.onStdout(chunk)
    } catch (error) {
      listenerFailure ??= { error }
      stop('aborted')
    }
  })
  err?.on('data', (chunk: Buffer) => {
    stderr = Buffer.concat([stderr, chunk])
    if (stderr.length > stderrBytes) stderr = stderr.subarray(stderr.length - stderrBytes)
  })
  statusPipe?.on('data', (chunk: Buffer) => {
    if (status.length < 4096) status += chunk.toString('latin1')
  })

  const timer = setTimeout(() => {
    stop(
      new MediaError(
        'time-limit',
        `${run.program} did not finish within ${limits.wallSeconds} seconds`,
      ),
    )
  }, limits.wallSeconds * 1000)
  const onAbort = (): void => stop('aborted')
  signal?.addEventListener('abort', onAbort, { once: true })
  if (signal?.aborted === true) onAbort()
  let spawnFailure: NodeJS.ErrnoException | undefined
  try {
    await new Promise<void>((resolve) => {
      child.once('error', (error: NodeJS.ErrnoException) => {
        spawnFailure = error
        if (child.pid === undefined) resolve()
      })
      child.once('close', () => resolve())
    })
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', onAbort)
  }

  if (spawnFailure?.code === 'EMFILE') throw tooManyFiles(spawnFailure)
  if (spawnFailure !== undefined) {
    throw new MediaError(
      'sandbox-unavailable',
      `prlimit could not be started (${spawnFailure.code ?? 'unknown reason'}): install it with "apt-get install util-linux"`,
    )
  }
  if (listenerFailure !== undefined) throw listenerFailure.error
  if (stopped === 'aborted') {
    signal?.throwIfAborted()
    throw new MediaError('failed', `${run.program} was stopped`)
  }
  if (stopped !== undefined) throw stopped
  const text = stderr.toString('utf8')
  const exitCode = exitCodeIn(status)
  if (exitCode === undefined) throw sandboxTrouble(text)
  const limit = limitReached(run, exitCode, text, (performance.now() - startedAt) / 1000)
  if (limit !== undefined) throw limit
  if (exitCode !== 0 && run.acceptFailure !== true) {
    throw new MediaError('failed', `${run.program} failed: ${lastWords(text)}`)
  }
  return { stdout: Buffer.concat(stdout), stderr: text, exitCode }
}

function bubblewrapArguments(run: SandboxRun): string[] {
  const args = [
    '--unshare-all',
    '--die-with-parent',
    '--new-session',
    '--cap-drop',
    'ALL',
    '--clearenv',
    '--setenv',
    'HOME',
    '/tmp',
    '--setenv',
    'LANG',
    'C.UTF-8',
    // Says whether the program itself ran, which its own output cannot fake.
    '--json-status-fd',
    '3',
    '--ro-bind',
    '/usr',
    '/usr',
  ]
  for (const folder of ['/lib', '/lib64', '/lib32', '/etc/alternatives', '/etc/fonts']) {
    args.push('--ro-bind-try', folder, folder)
  }
  args.push('--ro-bind-try', '/etc/ld.so.cache', '/etc/ld.so.cache')
  args.push('--dir', '/dev', '--dev-bind', '/dev/null', '/dev/null')
  args.push('--dev-bind', '/dev/urandom', '/dev/urandom')
  args.push('--size', String(scratchBytes), '--tmpfs', '/tmp')
  for (const [index, path] of run.inputs.entries()) args.push('--ro-bind', path, `/in/${index}`)
  for (const [index, path] of (run.textFiles ?? []).entries()) {
    args.push('--ro-bind', path, `/text/${index}`)
  }
  if (run.outputFolder !== undefined) args.push('--bind', run.outputFolder, '/out')
  // Nothing can be left beside the mounts: bubblewrap's own root is memory without a limit.
  args.push('--remount-ro', '/', '--chdir', '/')
  return args
}

const packages: Readonly<Record<Program, string>> = {
  ffmpeg: 'ffmpeg',
  ffprobe: 'ffmpeg',
  pdftotext: 'poppler-utils',
  pdfinfo: 'poppler-utils',
  pdftoppm: 'poppler-utils',
  'heif-convert': 'libheif-examples',
}

async function assertInstalled(program: Program): Promise<void> {
  if (!(await exists(`/usr/bin/${program}`))) {
    throw new MediaError(
      'program-missing',
      `${program} is not installed: run "apt-get install ${packages[program]}"`,
    )
  }
  if (!(await exists('/usr/bin/bwrap'))) {
    throw new MediaError(
      'sandbox-unavailable',
      'bubblewrap is not installed: run "apt-get install bubblewrap"',
    )
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await access(path)
    return true
  } catch {
    return false
  }
}

/** bubblewrap writes `{ "exit-code": 1 }` once the program has ended. */
function exitCodeIn(status: string): number | undefined {
  const found = /"exit-code"\s*:\s*(\d+)/.exec(status)
  return found?.[1] === undefined ? undefined : Number(found[1])
}

/** bubblewrap's own complaint, without the paths it names. */
function sandboxTrouble(stderr: string): MediaError {
  if (/namespace|uid map|gid map|setgroups|Operation not permitted/i.test(stderr)) {
    return new MediaError(
      'sandbox-unavailable',
      'the kernel does not let bubblewrap make a sandbox: allow unprivileged user namespaces (sysctl kernel.unprivileged_userns_clone=1, on Ubuntu kernel.apparmor_restrict_unprivileged_userns=0) or, in a container, run as root with a seccomp profile that permits unshare',
    )
  }
  if (/can't find source path/i.test(stderr)) {
    return new MediaError('failed', 'a file that the sandbox was to read is gone')
  }
  if (/no space left/i.test(stderr)) return diskFull()
  return new MediaError('sandbox-unavailable', 'the sandbox could not be set up by bubblewrap')
}

function limitReached(
  { program, limits }: SandboxRun,
  exitCode: number,
  stderr: string,
  elapsedSeconds: number,
): MediaError | undefined {
  const signal = exitCode > 128 ? exitCode - 128 : 0
  if (signal === 9 && elapsedSeconds * availableParallelism() >= 0.9 * limits.cpuSeconds) {
    return new MediaError('time-limit', `${program} used more processor time than it may`)
  }
  if (signal === 25) {
    return new MediaError('output-limit', `${program} wrote a larger file than it may`)
  }
  // Limits never kill: without memory a program fails by itself, and the processor's is above.
  // FFmpeg ends with 255 when it was asked to.
  if (signal === 9 || signal === 15 || (program === 'ffmpeg' && exitCode === 255)) {
    return new MediaError('killed', `${program} was ended from outside; run the command again`)
  }
  if (exitCode !== 0 && /cannot allocate memory|bad_alloc|failed to map segment/i.test(stderr)) {
    return new MediaError('memory-limit', `${program} needed more memory than it may use`)
  }
  if (exitCode !== 0 && /no space left on device|disk quota exceeded/i.test(stderr)) {
    return diskFull()
  }
  return undefined
}
