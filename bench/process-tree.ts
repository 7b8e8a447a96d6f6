import { spawn } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'

export interface Cost {
  /** User and system time of a command and of everything it started. */
  readonly cpuSeconds: number
  readonly wallSeconds: number
}

export interface MeasuredCommand {
  readonly program: string
  readonly args: readonly string[]
  readonly folder?: string
  /** A file that takes what it prints. */
  readonly output?: string
  /** Besides this process's own. */
  readonly environment?: Readonly<Record<string, string>>
}

/**
 * bubblewrap leaves before its sandbox's first process is waited for, so the
 * sandboxed program's time never reaches the rusage of whoever started it:
 * `time bwrap … burner` says 0.00. Here a shell is process 1 of a namespace of
 * its own; every orphan falls to it, it waits for each, and its `times` counts
 * all. The shell's own time is the first line of `times`, and is left out.
 */
const shell = '"$@"; status=$?; sleep 0.05; LC_ALL=C; times >&3; exit $status'

const namespace = '--dev-bind / / --proc /proc --unshare-pid --as-pid-1 --die-with-parent'.split(
  ' ',
)

/** Runs a command to its end and says what the whole tree of its processes cost. */
export async function costOf(command: MeasuredCommand): Promise<Cost> {
  const { program, args, folder } = command
  const output = command.output === undefined ? 'ignore' : openSync(command.output, 'w')
  const startedAt = performance.now()
  const child = spawn(
    'bwrap',
    [...namespace, '--', 'bash', '-c', shell, 'bash', program, ...args],
    {
      stdio: ['ignore', output, 'pipe', 'pipe'],
      env: { ...process.env, ...command.environment },
      ...(folder === undefined ? {} : { cwd: folder }),
    },
  )
  if (output !== 'ignore') closeSync(output)
  let said = ''
  let times = ''
  child.stderr?.on('data', (chunk: Buffer) => (said = `${said}${chunk.toString()}`.slice(-2000)))
  child.stdio[3]?.on('data', (chunk: Buffer) => (times += chunk.toString()))
  const status = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  if (status !== 0) {
    throw new Error(`${program} ${args.slice(0, 3).join(' ')} … ended with ${status}:\n${said}`)
  }
  return { cpuSeconds: childSeconds(times), wallSeconds: (performance.now() - startedAt) / 1000 }
}

/** `0m0.003s 0m0.000s` of the shell, and in a second line of its children: user and system. */
function childSeconds(times: string): number {
  const found = /^.*\n(\d+)m([\d.]+)s (\d+)m([\d.]+)s\n?$/.exec(times)
  if (found === null) throw new Error(`bash's times are not understood: ${times}`)
  const [userMinutes = 0, user = 0, systemMinutes = 0, system = 0] = found.slice(1).map(Number)
  return 60 * (userMinutes + systemMinutes) + user + system
}

const burnerSeconds = 0.25
const burner = `for (let used; (used = process.cpuUsage()).user + used.system < ${burnerSeconds * 1e6}; );`

/**
 * Burns a known time inside a sandbox within a sandbox and looks whether it was
 * counted. Throws where it was not: no figure would be worth anything.
 */
export async function checkMeter(): Promise<Cost> {
  const sandbox = ['--unshare-all', '--die-with-parent', '--ro-bind', '/', '/']
  const cost = await costOf({
    program: 'bwrap',
    args: [...sandbox, '--', process.execPath, '-e', burner],
  })
  if (cost.cpuSeconds < burnerSeconds || cost.cpuSeconds > 2 * burnerSeconds) {
    throw new Error(
      `a burner of ${burnerSeconds} s in a sandbox was measured as ${cost.cpuSeconds} s: this machine's processor times cannot be trusted`,
    )
  }
  return cost
}

/** The sum of commands run one after the other. */
export async function costOfAll(commands: readonly MeasuredCommand[]): Promise<Cost> {
  let cpuSeconds = 0
  let wallSeconds = 0
  for (const command of commands) {
    const cost = await costOf(command)
    cpuSeconds += cost.cpuSeconds
    wallSeconds += cost.wallSeconds
  }
  return { cpuSeconds, wallSeconds }
}
