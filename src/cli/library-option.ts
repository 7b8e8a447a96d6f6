import { randomBytes } from 'node:crypto'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { toolName } from '../jobs/version.ts'
import { readObjectAddress, type ObjectAddress } from '../store/object-address.ts'
import { openLibrary, type Library, type OpenOptions } from '../store/library.ts'
import type { Agent, Effects } from '../store/store.ts'

export const libraryOption = [
  '--library <folder>',
  'where the library is (default: $SIGHTLINE_LIBRARY, else ~/.local/share/sightline)',
] as const

export function libraryFolder(option: string | undefined): string {
  if (option !== undefined) return resolve(option)
  const { SIGHTLINE_LIBRARY: named, XDG_DATA_HOME: data } = process.env
  if (named !== undefined && named !== '') return resolve(named)
  return join(
    data !== undefined && data !== '' ? data : join(homedir(), '.local', 'share'),
    'sightline',
  )
}

export const effects: Effects = {
  now: () => new Date(),
  randomBytes: (length) => randomBytes(length),
}

/** Whoever runs the command line; a role, never a name. */
export const operator: Agent = { actor: 'operator', tool: toolName }

export function openOptions(command: string): OpenOptions {
  const { DATABASE_URL: databaseUrl, SIGHTLINE_BLOBS: blobs } = process.env
  return {
    command: `sightline ${command}`,
    effects,
    ...(databaseUrl === undefined || databaseUrl === '' ? {} : { databaseUrl }),
    ...(blobs === undefined || blobs === '' ? {} : { objects: objectAddress(blobs) }),
  }
}

/** With host and keys from the usual AWS variables. */
export const objectAddress = (text: string): ObjectAddress => readObjectAddress(text, process.env)

/** Opens the library for one command and closes it whatever happens. */
export async function withLibrary<T>(
  option: string | undefined,
  command: string,
  run: (library: Library) => Promise<T>,
  mustExist = false,
): Promise<T> {
  const library = await openLibrary(libraryFolder(option), { ...openOptions(command), mustExist })
  try {
    return await run(library)
  } finally {
    await library.close()
  }
}
