/**
 * `serving` in the library's folder: where the desk that holds the library answers, and the secret
 * with which this machine's operator is let in. Only who may read the folder can read it.
 */
import { createHmac } from 'node:crypto'
import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'

import { utf8 } from '../custody/bytes.ts'
import { writeFileDurably } from './durable.ts'

export interface Serving {
  /** Such as `http://127.0.0.1:4600`. */
  readonly origin: string
  readonly secret: string
}

export async function announceServing(folder: string, serving: Serving): Promise<void> {
  await writeFileDurably(join(folder, 'serving'), utf8(`${JSON.stringify(serving)}\n`), 0o600)
}

export async function endServing(folder: string): Promise<void> {
  await rm(join(folder, 'serving'), { force: true })
}

/** What only the desk that wrote `serving` can answer to a number drawn for the question. */
export const servingProof = (secret: string, nonce: string): string =>
  createHmac('sha256', secret).update(`sightline-serving ${nonce}`).digest('hex')

/** May be left from a program that was killed. */
export async function readServing(folder: string): Promise<Serving | undefined> {
  try {
    const { origin, secret } = Object(
      JSON.parse(await readFile(join(folder, 'serving'), 'utf8')),
    ) as Record<string, unknown>
    const isWhole = typeof origin === 'string' && typeof secret === 'string'
    return isWhole && URL.canParse(origin) ? { origin, secret } : undefined
  } catch {
    return undefined
  }
}
