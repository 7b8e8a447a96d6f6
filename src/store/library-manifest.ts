/** `library.json`: what the folder is, and where its tables are. docs/formats/library.md */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

import { toHex, utf8 } from '../custody/bytes.ts'
import { writeFileDurably } from './durable.ts'
import { StoreError } from './store-error.ts'
import type { Effects } from './store.ts'

export type DatabaseSize = 'embedded' | 'server'

export interface Manifest {
  readonly database: DatabaseSize
  /** Of the database that has the tables now; older embedded libraries have none. */
  readonly databaseId: string
}

const formatVersion = 1
const idBytes = 16

export const newDatabaseId = (effects: Effects): string => toHex(effects.randomBytes(idBytes))

export async function writeManifest(
  path: string,
  effects: Effects,
  database: DatabaseSize,
): Promise<void> {
  await keep(path, {
    format: 'sightline-library',
    version: formatVersion,
    createdAt: effects.now().toISOString(),
    database,
    databaseId: newDatabaseId(effects),
  })
}

/** From here on the tables are there. */
export async function changeManifest(path: string, change: Partial<Manifest>): Promise<void> {
  await keep(path, { ...(await read(path)), ...change })
}

/** @throws StoreError `library-damaged`, `library-too-new` */
export async function readManifest(path: string): Promise<Manifest> {
  const { format, version, database, databaseId } = await read(path)
  if (format !== 'sightline-library' || !Number.isSafeInteger(version)) {
    throw new StoreError('library-damaged', `${path}/library.json does not describe a library.`)
  }
  if (version !== formatVersion) {
    throw new StoreError(
      'library-too-new',
      `The library at ${path} has format version ${String(version)}; this program knows version ` +
        `${formatVersion}. Install the version of Sightline that wrote it.`,
    )
  }
  return {
    database: database === 'server' ? 'server' : 'embedded',
    databaseId: typeof databaseId === 'string' ? databaseId : '',
  }
}

async function keep(path: string, manifest: Record<string, unknown>): Promise<void> {
  await writeFileDurably(join(path, 'library.json'), utf8(`${JSON.stringify(manifest)}\n`), 0o644)
}

async function read(path: string): Promise<Record<string, unknown>> {
  try {
    return Object(JSON.parse(await readFile(join(path, 'library.json'), 'utf8'))) as never
  } catch (cause) {
    throw new StoreError('library-damaged', `${path}/library.json cannot be read.`, { cause })
  }
}
