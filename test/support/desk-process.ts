/** `sightline serve` as a process of its own, with what it says kept. */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { libraryEnvironment, repository } from './command-line.ts'

export interface DeskProcess {
  readonly address: URL
  /** Of `--metrics-port`. */
  readonly metrics: URL | undefined
  readonly process: ChildProcess
  readonly stdout: () => string
  /** The log, line by line. */
  readonly stderr: () => string
  logged(event: string): Promise<Readonly<Record<string, unknown>>>
  /** Resolves with the exit code, or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals>
}

/** Starts it on a free port and waits until it serves. */
export async function startDesk(
  library: string,
  args: readonly string[] = [],
  environment: Readonly<Record<string, string>> = {},
): Promise<DeskProcess> {
  const main = join(repository, 'src', 'cli', 'main.ts')
  const all = [main, 'serve', '--port', '0', '--no-example', '--library', library, ...args]
  const child = spawn(process.execPath, all, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...(await libraryEnvironment(library)), ...environment },
  })
  process.once('exit', () => child.kill('SIGKILL'))
  let stdout = ''
  let stderr = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  const ended = once(child, 'close').then(
    ([code, signal]) => (code ?? signal) as number | NodeJS.Signals,
  )
  await new Promise<void>((resolve, reject) => {
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text
      if (/^Stop with/m.test(stdout)) resolve()
    })
    void ended.then(() => reject(new Error(`the desk ended before it served: ${stderr}`)))
  })
  const addressIn = (name: string): string | undefined =>
    new RegExp(`^${name} +(http:\\S+)$`, 'm').exec(stdout)?.[1]
  const metrics = addressIn('metrics')
  return {
    address: new URL(addressIn('desk') ?? ''),
    metrics: metrics === undefined ? undefined : new URL(metrics),
    process: child,
    stdout: () => stdout,
    stderr: () => stderr,
    logged: async (event) => {
      for (const until = performance.now() + 30_000; performance.now() < until; await sleep(10)) {
        for (const line of stderr.split('\n').slice(0, -1)) {
          const said = JSON.parse(line) as Record<string, unknown>
          if (said['event'] === event) return said
        }
      }
      throw new Error(`"${event}" was not logged: ${stderr}`)
    },
    ended,
  }
}
