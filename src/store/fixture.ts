/** For tests: libraries of their own, a clock that only moves when asked, bytes by number. */
import { createHash } from 'node:crypto'
import { rmSync } from 'node:fs'
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { copyDatabase, databaseUrlFor } from '../../test/support/postgres.ts'
import { copyObjects, objectsFor } from '../../test/support/object-store.ts'
import { openLibrary } from './library.ts'
import type { Library, OpenOptions } from './library.ts'
import type { Agent, Effects } from './store.ts'

export const agent: Agent = { actor: 'test', tool: 'sightline 0.0.0' }

/** Time moves a second with every look at it; "random" bytes never repeat. */
export function fixedEffects(): Effects {
  let looks = 0
  let drawn = 0
  return {
    now: () => new Date(Date.UTC(2031, 4, 4, 17, 0, looks++)),
    randomBytes: (length) => {
      const blocks = Array.from({ length: Math.ceil(length / 32) }, () =>
        createHash('sha256').update(`salt ${drawn++}`).digest(),
      )
      return Uint8Array.from(Buffer.concat(blocks).subarray(0, length))
    },
  }
}

process.setMaxListeners(100)

/** A folder that is removed when the test file ends. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'sightline-store-'))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  return folder
}

let template: Promise<string> | undefined

/** An empty library: made once for each test file (the first start takes seconds), then copied. */
export async function emptyLibraryFolder(): Promise<string> {
  template ??= (async () => {
    const folder = join(await temporaryFolder(), 'template')
    const library = await openTestLibrary(folder)
    await library.close()
    return folder
  })()
  const folder = join(await temporaryFolder(), 'library')
  await cp(await template, folder, { recursive: true })
  await copyDatabase(await template, folder)
  await copyObjects(await template, folder)
  return folder
}

/** With its tables and files where this test run keeps them. */
export async function openTestLibrary(
  folder: string,
  options: Partial<OpenOptions> = {},
): Promise<Library> {
  const databaseUrl = await databaseUrlFor(folder)
  const objects = objectsFor(folder)
  return openLibrary(folder, {
    command: 'sightline test',
    effects: fixedEffects(),
    ...(databaseUrl === undefined ? {} : { databaseUrl }),
    ...(objects === undefined ? {} : { objects }),
    ...options,
  })
}

export async function withLibrary<T>(
  folder: string,
  use: (library: Library) => Promise<T>,
): Promise<T> {
  const library = await openTestLibrary(folder)
  try {
    return await use(library)
  } finally {
    await library.close()
  }
}

/** Changes a blob, or anything beside the blobs, behind the library's back; no text: it is gone. */
export async function spoilBlob(library: Library, name: string, text?: string): Promise<void> {
  const { folder, objects } = library
  if (objects !== undefined) {
    return text === undefined ? objects.remove(name) : objects.putBytes(name, Buffer.from(text))
  }
  await rm(join(folder, 'blobs', name), { force: true })
  if (text !== undefined) await writeFile(join(folder, 'blobs', name), text)
}

export async function* bytesOf(...texts: readonly string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield new TextEncoder().encode(text)
}

export async function all<T>(source: AsyncIterable<T>): Promise<T[]> {
  const values: T[] = []
  for await (const value of source) values.push(value)
  return values
}

export const roomy = { maxBytes: 1 << 30 }
