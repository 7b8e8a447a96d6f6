import { type Bytes, fromHex, sha256, toHex, utf8 } from '../../src/custody/bytes.ts'
import { canonicalJson } from '../../src/custody/canonical-json.ts'
import { signCheckpoint } from '../../src/custody/checkpoint.ts'
import { commitRecord, leafHash } from '../../src/custody/commitment.ts'
import { formatVkey } from '../../src/custody/key.ts'
import { formatManifest, manifestPath } from '../../src/custody/manifest.ts'
import { emptyTree, growTree, inclusionProof, treeRoot } from '../../src/custody/merkle-tree.ts'
import { formatReceipt } from '../../src/custody/receipt.ts'
import { type Recipe, encodeRecipe } from '../../src/custody/recipe.ts'
import { type Signer, signerFromSeed } from '../../src/custody/signer.ts'

/**
 * A small story bundle of an invented incident, the same bytes on every run.
 * `change` hooks damage it at the stage where the defect would have arisen, so
 * that everything made later is right.
 */
export type Files = Map<string, Bytes>
export type LogRecord = { record: Record<string, unknown>; opened: boolean }
export type Damage = {
  /** Recipes by their name here; damaged before they are hashed. */
  readonly recipes?: (recipes: Record<string, Recipe>) => void
  /** The bundle's files with the recipes, before the manifest is made. */
  readonly files?: (files: Files) => void
  /** The manifest's text, before its publication is recorded. */
  readonly manifest?: (text: string) => string
  /** All records, before they are committed to. */
  readonly records?: (records: LogRecord[]) => void
  /** The checkpoint, before receipts embed it. */
  readonly checkpoint?: (signed: Bytes, signer: Signer) => Bytes | Promise<Bytes>
  /** The finished bundle. */
  readonly bundle?: (files: Files) => void | Promise<void>
}

const hashOf = async (text: string): Promise<string> => toHex(await sha256(utf8(text)))

/** Secret of a test log; never a real one. */
export const testSeed = fromHex('5a'.repeat(32)) ?? new Uint8Array(0)
export const incident = 'ferry-landing'

export const items = {
  phone: await hashOf('invented recording of a phone'),
  balcony: await hashOf('invented recording from a balcony'),
}
export const media = {
  proxy: 'invented proxy, not in the bundle\n',
  composite: 'invented bytes of a composite\n',
  still: 'invented bytes of a still\n',
}
export const outputs = {
  proxy: await hashOf(media.proxy),
  composite: await hashOf(media.composite),
  still: await hashOf(media.still),
}

const common = {
  format: 'sightline-recipe/1',
  tool: { name: 'ffmpeg', version: '5.1.9', arguments: ['-i', 'in/0', 'out/0'] },
} as const
const baseRecipes = (): Record<string, Recipe> => ({
  proxy: {
    kind: 'proxy',
    inputs: [{ item: items.phone }],
    parameters: { heightPixels: 360 },
    ...common,
  },
  composite: {
    kind: 'composite',
    inputs: [
      { derivative: outputs.proxy, offsetMicroseconds: 0 },
      { item: items.balcony, offsetMicroseconds: -1_250_000 },
    ],
    parameters: { columns: 2, labels: ['phone', 'balcony'] },
    ...common,
  },
  still: {
    kind: 'still',
    inputs: [{ item: items.balcony }],
    parameters: { ticks: 90_000 },
    ...common,
  },
})

/** Index of each record in the undamaged log. */
export const at = {
  incidentOpened: 0,
  phoneReceived: 1,
  phoneNamed: 2,
  balconyReceived: 3,
  proxyMade: 5,
  aligned: 6,
  compositeMade: 7,
  stillMade: 8,
  published: 9,
}

const baseRecords = (recipes: Record<string, string>, manifestSha256: string): LogRecord[] => {
  const records: [string, Record<string, unknown>, boolean][] = [
    ['incident-opened', { incident }, true],
    ['item-received', { incident, item: items.phone, sizeBytes: 31, mediaType: 'video/mp4' }, true],
    ['item-named', { item: items.phone, name: 'VID_0007 “quay”.mp4' }, false],
    [
      'item-received',
      { incident, item: items.balcony, sizeBytes: 33, mediaType: 'video/webm' },
      true,
    ],
    ['finding-noted', { item: items.phone, code: 'variable-frame-rate' }, false],
    ...(['proxy', 'alignment', 'composite', 'still'] as const).map(
      (kind): [string, Record<string, unknown>, boolean] =>
        kind === 'alignment'
          ? [
              'alignment-made',
              {
                incident,
                inputs: [items.phone, items.balcony].sort(),
                resultSha256: '7d'.repeat(32),
              },
              true,
            ]
          : [
              'derivative-made',
              { incident, kind, recipeSha256: recipes[kind], outputSha256: outputs[kind] },
              true,
            ],
    ),
    ['story-published', { incident, revision: 1, manifestSha256 }, true],
    ['incident-opened', { incident: 'mill-bridge' }, false],
    [
      'case-imported',
      { incident, caseSha256: '01'.repeat(32), storySha256: '02'.repeat(32) },
      false,
    ],
  ]
  return records.map(([type, members, opened], index) => ({
    record: {
      type,
      at: `2031-05-04T17:00:${String(index).padStart(2, '0')}Z`,
      actor: 'desk:investigator',
      tool: 'sightline 0.1.0',
      ...members,
    },
    opened,
  }))
}

export const entryPath = (index: number): string => `proof/log/entries/${index}.json`
export const receiptPath = (index: number): string => `proof/log/receipts/${index}.tlog-proof`

export const testSalt = (index: number): Promise<Bytes> => sha256(utf8(`salt of entry ${index}`))

export const storyBundle = async (damage: Damage = {}): Promise<Files> => {
  const recipes = baseRecipes()
  damage.recipes?.(recipes)
  const files: Files = new Map([
    ['index.html', utf8('<!doctype html><title>Ferry landing</title>\n')],
    ['verify.html', utf8('<!doctype html><title>Check this story</title>\n')],
    ['assets/story.css', utf8('body { color: #111 }\n')],
    ['data/claims.json', utf8('{"claims":[]}\n')],
    ['media/composite.mp4', utf8(media.composite)],
    ['media/still-1.png', utf8(media.still)],
  ])
  const recipeHashes: Record<string, string> = {}
  for (const [name, recipe] of Object.entries(recipes)) {
    const encoded = await encodeRecipe(recipe)
    files.set(encoded.path, utf8(encoded.text))
    recipeHashes[name] = encoded.sha256
  }
  damage.files?.(files)
  const listed = await Promise.all(
    [...files].map(async ([path, bytes]) => ({ path, sha256: toHex(await sha256(bytes)) })),
  )
  const manifest = damage.manifest?.(formatManifest(listed)) ?? formatManifest(listed)
  files.set(manifestPath, utf8(manifest))

  const records = baseRecords(recipeHashes, await hashOf(manifest))
  damage.records?.(records)
  const entries = await Promise.all(
    records.map(async ({ record, opened }, index) => {
      const text = canonicalJson(record)
      const salt = await testSalt(index)
      return {
        index,
        record: text,
        salt,
        opened,
        leaf: await leafHash(await commitRecord(text, salt)),
      }
    }),
  )
  const tree = await growTree(
    emptyTree,
    entries.map(({ leaf }) => leaf),
  )
  const signer = await signerFromSeed(testSeed)
  const signed = await signCheckpoint(signer.name, tree.size, await treeRoot(tree), signer)
  const checkpoint = (await damage.checkpoint?.(signed, signer)) ?? signed
  const opened = entries.filter((entry) => entry.opened)
  files.set('proof/log/key.vkey', utf8(`${formatVkey(signer)}\n`))
  files.set('proof/log/checkpoint', checkpoint)
  files.set('proof/log/opened', utf8(opened.map(({ index }) => `${index}\n`).join('')))
  for (const { index, record, salt } of opened) {
    const receipt = {
      index,
      commitment: await commitRecord(record, salt),
      path: await inclusionProof(tree, index),
      checkpoint,
    }
    files.set(entryPath(index), utf8(canonicalJson({ index, record, salt: toHex(salt) })))
    files.set(receiptPath(index), formatReceipt(receipt))
  }
  await damage.bundle?.(files)
  return files
}
