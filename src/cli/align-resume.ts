import { createHash } from 'node:crypto'
import { appendFile, open, readFile, truncate } from 'node:fs/promises'
import type { AlignInput, PairMemory } from '../align/alignment.ts'
import { sourceOf } from '../align/sample-source.ts'
import { engineVersion } from '../jobs/run-alignment.ts'
import { CommandError } from './command-error.ts'
import { exitCodes } from './exit-codes.ts'

const header = { format: 'sightline-pairs/1', engine: engineVersion }
const samplesAtOnce = 65536

/** What pairs of recordings said, in a file. */
export interface FileMemory extends PairMemory {
  /** Adds what was found since the last call to the file. Throws CommandError `pairs-not-kept`. */
  readonly flush: () => Promise<void>
}

/**
 * A line of JSON for each finding, after a first line that names the format and the engine.
 * Of another engine all is found anew; a last line that was cut short, the first too, is dropped. Throws
 * CommandError `not-a-pairs-file` for a file of other content, which stays as it is.
 */
export async function openPairMemory(path: string): Promise<FileMemory> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return ''
    throw refused(path, error.message)
  })
  const whole = text.slice(0, text.lastIndexOf('\n') + 1)
  const [first = '', ...lines] = whole.split('\n').filter((line) => line !== '')
  const before = parsed(first) as Partial<typeof header> | undefined
  const isBegun = JSON.stringify(header).startsWith(text)
  if (!isBegun && before?.format !== header.format) {
    throw refused(path, 'it holds something else; name a new file')
  }
  const found = new Map<string, string>()
  const isOfThisEngine = before?.engine === header.engine
  for (const line of isOfThisEngine ? lines : []) {
    const pair = parsed(line)
    if (Array.isArray(pair) && pair.length === 2) found.set(String(pair[0]), String(pair[1]))
  }
  await cutAt(path, isOfThisEngine ? Buffer.byteLength(whole) : 0)
  let waiting = isOfThisEngine ? '' : `${JSON.stringify(header)}\n`
  return {
    get: (key) => found.get(key),
    set(key, value) {
      found.set(key, value)
      waiting += `${JSON.stringify([key, value])}\n`
    },
    async flush() {
      const lines = waiting
      waiting = ''
      if (lines === '') return
      await appendFile(path, lines).catch((error: Error) => {
        throw new CommandError(
          'pairs-not-kept',
          `--resume ${path}: ${error.message}`,
          exitCodes.failed,
        )
      })
    },
  }
}

/** The recordings, each known by a hash of its sound. */
export function fingerprinted(inputs: readonly AlignInput[]): AlignInput[] {
  return inputs.map((input) => {
    const samples = sourceOf(input.samples)
    const hash = createHash('sha256')
    const room = new Float32Array(samplesAtOnce)
    for (let from = 0; from < samples.length; from += samplesAtOnce) {
      const part = room.subarray(0, Math.min(samplesAtOnce, samples.length - from))
      samples.read(from, part)
      hash.update(part)
    }
    return { ...input, fingerprint: hash.digest('base64url') }
  })
}

/** The file is there and ends after so many bytes. */
async function cutAt(path: string, bytes: number): Promise<void> {
  try {
    await (await open(path, 'a', 0o600)).close()
    await truncate(path, bytes)
  } catch (error) {
    throw refused(path, (error as Error).message)
  }
}

function refused(path: string, why: string): CommandError {
  return new CommandError(
    'not-a-pairs-file',
    `--resume ${path} cannot keep what pairs say: ${why}`,
    exitCodes.failed,
  )
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line) as unknown
  } catch {
    return undefined
  }
}
