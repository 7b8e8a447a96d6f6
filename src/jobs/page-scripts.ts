import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { packageRoot } from './package-root.ts'

/** The reader's scripts, which are part of every bundle. */
export const readerScripts = ['story', 'verify'] as const

/** With those of the desk's own pages: entry points in `src/page/`. */
export const pageScripts = [
  ...readerScripts,
  'sign-in',
  'account',
  'people',
  'upload',
  'contribute',
] as const

export type PageScript = (typeof pageScripts)[number]

/** Where `scripts/build-cli.ts` leaves them for the built command line. */
const madeFolder = join(packageRoot, 'build', 'page')

/** One of them as the page loads it; made now where the build has not made it. */
export async function readPageScript(name: PageScript): Promise<Uint8Array> {
  const isBuilt = import.meta.filename.startsWith(join(packageRoot, 'build'))
  return isBuilt ? readFile(join(madeFolder, `${name}.js`)) : makePageScript(name)
}

/** A classic script, as a module would not load from `file:`; not minified, so that a reader can read it. */
export async function makePageScript(name: PageScript): Promise<Uint8Array> {
  const { rolldown } = await import('rolldown')
  const input = join(packageRoot, 'src', 'page', `${name}.ts`)
  const build = await rolldown({ input, logLevel: 'silent' })
  try {
    const { output } = await build.generate({ format: 'iife' })
    return Buffer.from(output[0].code, 'utf8')
  } finally {
    await build.close()
  }
}
