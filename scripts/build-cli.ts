/**
 * Makes `build/main.js`: the command line and what it imports in one file, which
 * starts in a third of the time that a thousand modules take. The launcher calls
 * it where a source is newer than the file; without it `src/cli/main.ts` runs.
 */
import { rename } from 'node:fs/promises'
import { join } from 'node:path'
import { rolldown } from 'rolldown'

const root = join(import.meta.dirname, '..')
const made = join(root, 'build', 'main.js')

const build = await rolldown({
  input: join(root, 'src', 'cli', 'main.ts'),
  platform: 'node',
  // They load WebAssembly and native code from beside themselves.
  external: [/^@electric-sql\/pglite/, /^@echogarden\/pffft-wasm/, 'rolldown'],
  logLevel: 'silent',
})
await build.write({ file: `${made}.new`, format: 'esm', codeSplitting: false })
await build.close()
await rename(`${made}.new`, made)
