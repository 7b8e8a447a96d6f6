import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { objectsFor, objectVariables } from './object-store.ts'
import { databaseUrlFor } from './postgres.ts'

export const repository = join(import.meta.dirname, '..', '..')
const main = join(repository, 'src', 'cli', 'main.ts')

export interface CommandResult {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** What tells a command where the library's tables and files are, if not in its folder. */
export async function libraryEnvironment(
  library: string | undefined,
): Promise<Readonly<Record<string, string>>> {
  if (library === undefined) return {}
  const [url, objects] = [await databaseUrlFor(library), objectsFor(library)]
  return {
    ...(url === undefined ? {} : { DATABASE_URL: url }),
    ...(objects === undefined ? {} : objectVariables(objects)),
  }
}

/** Runs `sightline …` as a process of its own, as a user would. */
export async function sightline(
  args: readonly string[],
  options: {
    readonly cwd?: string
    readonly environment?: Readonly<Record<string, string>>
    /** A file that receives what the process and its children open and connect to. */
    readonly tracedTo?: string
  } = {},
): Promise<CommandResult> {
  const named = args[args.indexOf('--library') + 1]
  const library = args.includes('--library') ? named : options.environment?.['SIGHTLINE_LIBRARY']
  const places = await libraryEnvironment(library)
  return new Promise((resolve, reject) => {
    const traceArguments =
      options.tracedTo === undefined
        ? []
        : [
            'strace',
            '-f',
            '-qq',
            '-s',
            '300',
            '-e',
            'trace=open,openat,connect',
            '-o',
            options.tracedTo,
          ]
    const [program = '', ...rest] = [...traceArguments, process.execPath, main, ...args]
    const child = spawn(program, rest, {
      cwd: options.cwd ?? repository,
      env: { ...process.env, NO_COLOR: '1', ...places, ...options.environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let stdout = ''
    let stderr = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
    child.once('error', reject)
    child.once('close', (code) => resolve({ code: code ?? -1, stdout, stderr }))
  })
}

/** A folder that is gone when the process ends. */
export function scratchFolder(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), `sightline-test-${name}-`))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  return folder
}
