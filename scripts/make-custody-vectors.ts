/**
 * Writes test/vectors/custody and test/vectors/bundles anew: the same bytes on
 * every run. What each vector must give is written by hand beside it, in
 * test/support/vectors; no checker is asked here.
 */
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { bundleVectors } from '../test/support/vectors/bundle-vectors.ts'
import { writeBundle } from '../test/support/bundle-files.ts'
import { custodyVectors } from '../test/support/vectors/custody-vectors.ts'
import { storyBundle } from '../test/support/story-bundle.ts'

const [target = join(import.meta.dirname, '../test/vectors')] = process.argv.slice(2)
const asJson = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`

const custody = join(target, 'custody')
await mkdir(custody, { recursive: true })
for (const name of await readdir(custody)) {
  if (name.endsWith('.json')) await rm(join(custody, name))
}
for (const { name, ...vector } of custodyVectors) {
  await writeFile(join(custody, `${name}.json`), asJson(vector))
}

const bundles = join(target, 'bundles')
await mkdir(bundles, { recursive: true })
for (const entry of await readdir(bundles, { withFileTypes: true })) {
  if (entry.isDirectory()) await rm(join(bundles, entry.name), { recursive: true })
}
for (const { name, damage, ...expected } of bundleVectors) {
  await writeBundle(join(bundles, name, 'bundle'), await storyBundle(damage))
  await writeFile(join(bundles, name, 'expected.json'), asJson(expected))
}
process.stdout.write(`${custodyVectors.length} custody vectors, ${bundleVectors.length} bundles\n`)
