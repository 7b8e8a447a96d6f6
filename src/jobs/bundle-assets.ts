import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { BundleFile } from '../case/bundle.ts'
import { packageRoot } from './package-root.ts'
import { readPageScript, readerScripts } from './page-scripts.ts'

const pageFolder = join(packageRoot, 'src', 'page')
const fontFolder = dirname(
  createRequire(import.meta.url).resolve('@fontsource/source-serif-4/package.json'),
)
const faces = ['400-normal', '600-normal', '400-italic']

/** `assets/` of every bundle: style, fonts with their licence, and the reader's two scripts. */
export async function bundleAssets(): Promise<readonly BundleFile[]> {
  const files = [
    ...['story.css', 'icon.svg'].map((name) => [`assets/${name}`, join(pageFolder, name)]),
    ...faces.map((face) => {
      const name = `source-serif-4-latin-${face}.woff2`
      return [`assets/fonts/${name}`, join(fontFolder, 'files', name)]
    }),
    ['assets/fonts/LICENSE.txt', join(fontFolder, 'LICENSE')],
  ]
  return Promise.all([
    ...files.map(async ([path = '', source = '']) => ({ path, bytes: await readFile(source) })),
    ...readerScripts.map(async (name) => ({
      path: `assets/${name}.js`,
      bytes: await readPageScript(name),
    })),
  ])
}
