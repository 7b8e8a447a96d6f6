import assert from 'node:assert/strict'
import { test } from 'node:test'
import { entryPath, storyBundle, testSalt, testSeed } from '../../test/support/story-bundle.ts'
import { fromUtf8, utf8 } from './bytes.ts'
import { canonicalJson } from './canonical-json.ts'
import { commitRecord, leafHash } from './commitment.ts'
import { formatManifest } from './manifest.ts'
import { emptyTree, growTree, treeRoot } from './merkle-tree.ts'
import { proofLogFiles } from './proof-log.ts'
import { encodeRecipe } from './recipe.ts'
import { signCheckpoint } from './checkpoint.ts'
import { type CustodyRecord, encodeRecord } from './record.ts'
import { signerFromSeed } from './signer.ts'

const act = { at: '2031-05-04T17:03:12Z', actor: 'cli', tool: 'sightline 0.1.0' }
const item = 'ab'.repeat(32)
const records: CustodyRecord[] = [
  { ...act, type: 'incident-opened', incident: 'ferry-landing' },
  { ...act, type: 'item-named', item, name: 'VID_0007.mp4' },
  { ...act, type: 'finding-noted', item, code: 'truncated' },
]

const proof = async () => {
  const entries = await Promise.all(
    records.map(async (record, index) => {
      return { index, record: encodeRecord(record), salt: await testSalt(index) }
    }),
  )
  const hashes = entries.map(async ({ record, salt }) => leafHash(await commitRecord(record, salt)))
  const tree = await growTree(emptyTree, await Promise.all(hashes))
  const key = await signerFromSeed(testSeed)
  const checkpoint = await signCheckpoint(key.name, 3, await treeRoot(tree), key)
  return { entries, tree, key, checkpoint }
}

test('the log’s files open just the given entries', async () => {
  const { entries, ...rest } = await proof()
  const files = await proofLogFiles({ ...rest, opened: entries.filter(({ index }) => index !== 1) })
  assert.deepEqual(files.map(({ path }) => path).toSorted(), [
    'proof/log/checkpoint',
    'proof/log/entries/0.json',
    'proof/log/entries/2.json',
    'proof/log/key.vkey',
    'proof/log/opened',
    'proof/log/receipts/0.tlog-proof',
    'proof/log/receipts/2.tlog-proof',
  ])
  const bytes = new Map(files.map((file) => [file.path, fromUtf8(file.bytes)]))
  assert.equal(bytes.get('proof/log/opened'), '0\n2\n')
  const { record = '', salt } = entries[0] ?? {}
  const hex = Buffer.from(salt ?? []).toString('hex')
  assert.equal(bytes.get(entryPath(0)), canonicalJson({ index: 0, record, salt: hex }))
  assert.ok([...bytes.values()].every((text) => !text.includes('VID_0007')))
})

test('a record that names a file is never opened', async () => {
  const { entries, ...rest } = await proof()
  await assert.rejects(proofLogFiles({ ...rest, opened: entries }), {
    code: 'private-record-opened',
  })
})

test('an entry that the checkpoint does not cover is not opened', async () => {
  const { entries, tree, key } = await proof()
  const checkpoint = await signCheckpoint(key.name, 2, await treeRoot(tree, 2), key)
  const opened = entries.slice(2)
  await assert.rejects(proofLogFiles({ tree, key, checkpoint, opened }), {
    code: 'index-out-of-range',
  })
})

test('a manifest lists the files bytewise, whatever their order', async () => {
  const files = [...(await storyBundle()).keys()]
    .filter((path) => !path.startsWith('proof/'))
    .map((path) => ({ path, sha256: item }))
  const text = formatManifest(files.toReversed())
  assert.equal(text, formatManifest(files))
  const paths = text.split('\n').map((line) => line.slice(66))
  assert.deepEqual(paths, [...files.map(({ path }) => path).toSorted(), ''])
})

test('a manifest refuses what readers would refuse', () => {
  const of = (...paths: string[]) => formatManifest(paths.map((path) => ({ path, sha256: item })))
  for (const path of ['../a', '/a', 'a//b', 'a b', 'é', '.a', 'a.', 'proof/LOG/x']) {
    assert.throws(() => of(path), { code: 'manifest-path-unsafe' })
  }
  assert.throws(() => of('proof/manifest.sha256'), { code: 'manifest-path-unsafe' })
  assert.throws(() => of('a/b', 'A/b'), { code: 'manifest-path-duplicate' })
  assert.throws(() => formatManifest([{ path: 'a', sha256: item.toUpperCase() }]), {
    code: 'manifest-path-unsafe',
  })
})

test('a recipe from nothing is a cover and nothing else', async () => {
  const recipe = {
    format: 'sightline-recipe/1',
    kind: 'cover',
    inputs: [],
    parameters: {},
    tool: {},
  } as const
  const { text, path, sha256 } = await encodeRecipe(recipe)
  assert.equal(path, `proof/recipes/${sha256}.json`)
  assert.equal(text, canonicalJson(recipe))
  assert.equal(utf8(text).length, text.length)
  const refused = { code: 'recipe-malformed' }
  await assert.rejects(encodeRecipe({ ...recipe, kind: 'still' }), refused)
  await assert.rejects(encodeRecipe({ ...recipe, inputs: [{ item, derivative: item }] }), refused)
  await assert.rejects(encodeRecipe({ ...recipe, inputs: [{ file: item }] }), refused)
})
