/**
 * Makes `build/`: the command line and what it imports in a few files, which start
 * in a third of the time that a thousand modules take, and the reader's scripts.
 * The launcher calls it where a source is newer than `build/main.js`; without that
 * file `src/cli/main.ts` runs.
 */
import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { rolldown } from 'rolldown'
import { makePageScript, pageScripts } from '../src/jobs/page-scripts.ts'

const root = join(import.meta.dirname, '..')
const made = join(root, 'build')
const fresh = join(root, 'build.new')

await rm(fresh, { recursive: true, force: true })
const build = await rolldown({
  input: {
    main: join(root, 'src', 'cli', 'main.ts'),
    'egress-process': join(root, 'src', 'egress', 'egress-process.ts'),
  },
  platform: 'node',
  // They load WebAssembly and native code from beside themselves; of what the last one does with
  // addresses Node.js warns whoever runs it, where it does not stand under node_modules/.
  external: [/^@electric-sql\/pglite/, /^@echogarden\/pffft-wasm/, 'rolldown', 'tus-js-client'],
  logLevel: 'silent',
})
await build.write({ dir: fresh, format: 'esm' })
await build.close()
await mkdir(join(fresh, 'page'))
for (const name of pageScripts) {
  await writeFile(join(fresh, 'page', `${name}.js`), await makePageScript(name))
}
await rm(made, { recursive: true, force: true })
await rename(fresh, made)
