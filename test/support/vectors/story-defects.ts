import { sha256, toHex, utf8 } from '../../../src/custody/bytes.ts'
import type { Recipe } from '../../../src/custody/recipe.ts'
import { type Damage, at, entryPath, incident, outputs } from '../story-bundle.ts'
import {
  type BundleVector,
  base,
  edit,
  found,
  manifestPath,
  raise,
  someHash,
  textOf,
} from './bundle-vector.ts'

const recipePathOf = (kind: string): string =>
  [...base.keys()].find(
    (path) => path.startsWith('proof/recipes/') && textOf(base, path).includes(`"kind":"${kind}"`),
  ) ?? ''
const compositeRecipe = recipePathOf('composite')
const stillRecipe = recipePathOf('still')

/** The path of a recipe after a change to it. */
const pathOfChanged = async (kind: string, change: (recipe: string) => string): Promise<string> =>
  `proof/recipes/${toHex(await sha256(utf8(change(textOf(base, recipePathOf(kind))))))}.json`

const renameRecipeOf = (kind: string, hash: string): NonNullable<Damage['records']> => {
  return (records) => {
    for (const { record } of records) if (record['kind'] === kind) record['recipeSha256'] = hash
  }
}

const emptyInputs = (recipe: string): string => recipe.replace(/"inputs":\[.*?\]/, '"inputs":[]')
const emptyInputsPath = await pathOfChanged('still', emptyInputs)

const circleRecipe: Recipe = {
  format: 'sightline-recipe/1',
  kind: 'proxy',
  inputs: [{ derivative: outputs.composite }],
  parameters: {},
  tool: {},
}

export const storyDefects: readonly BundleVector[] = [
  {
    name: 'publication-not-opened',
    defect: 'the record of the publication is not opened',
    damage: { records: (records) => void ((records[at.published] ?? raise()).opened = false) },
    findings: [found('publication-record-missing')],
  },
  {
    name: 'publication-twice',
    defect: 'two records of a publication are opened',
    damage: {
      records: (records) => {
        const { record } = records[at.published] ?? raise()
        records.push({ record: { ...record, revision: 2 }, opened: true })
      },
    },
    findings: [found('publication-record-ambiguous')],
  },
  {
    name: 'publication-of-other-files',
    defect: 'the published manifest is another one',
    damage: {
      records: (records) =>
        void ((records[at.published] ?? raise()).record['manifestSha256'] = someHash),
    },
    findings: [found('manifest-changed', manifestPath)],
  },
  {
    name: 'record-of-other-incident',
    defect: 'an item was received for another incident',
    damage: {
      records: (records) =>
        void ((records[at.phoneReceived] ?? raise()).record['incident'] = `${incident}-2`),
    },
    findings: [found('incident-differs', entryPath(at.phoneReceived))],
  },
  {
    name: 'record-after-publication',
    defect: 'a record younger than the publication is opened',
    damage: {
      records: (records) => void ((records[at.published + 2] ?? raise()).opened = true),
    },
    findings: [found('record-after-publication', entryPath(at.published + 2))],
  },
  {
    name: 'recipe-without-inputs',
    defect: 'a recipe under its right name was made from nothing',
    damage: {
      files: (files) => {
        files.set(emptyInputsPath, utf8(emptyInputs(textOf(files, stillRecipe))))
        files.delete(stillRecipe)
      },
      records: renameRecipeOf('still', emptyInputsPath.slice(14, 78)),
    },
    findings: [found('recipe-malformed', emptyInputsPath)],
  },
  {
    name: 'recipe-changed',
    defect: 'a recipe was edited and published so, under its old name',
    damage: {
      files: (files) => edit(files, stillRecipe, (recipe) => recipe.replace('90000', '90001')),
    },
    findings: [found('recipe-changed', stillRecipe)],
  },
  {
    name: 'recipe-missing',
    defect: 'a recipe was left out when the story was published',
    damage: { files: (files) => void files.delete(stillRecipe) },
    findings: [found('recipe-missing', stillRecipe)],
  },
  {
    name: 'recipe-of-other-kind',
    defect: 'the record of a derivative states another kind than its recipe',
    damage: {
      records: (records) =>
        void ((records[at.stillMade] ?? raise()).record['kind'] = 'enlargement'),
    },
    findings: [found('recipe-record-mismatch', entryPath(at.stillMade))],
  },
  {
    name: 'input-without-record',
    defect: 'the receipt of an original is not opened',
    damage: {
      records: (records) => void ((records[at.balconyReceived] ?? raise()).opened = false),
    },
    findings: [
      found('input-without-record', stillRecipe),
      found('input-without-record', compositeRecipe),
      found('input-without-record', entryPath(at.aligned)),
    ],
  },
  {
    name: 'derivative-without-record',
    defect: 'a derivative that another was made from is not opened',
    damage: { records: (records) => void ((records[at.proxyMade] ?? raise()).opened = false) },
    findings: [found('input-without-record', compositeRecipe)],
  },
  {
    name: 'recipe-cycle',
    defect: 'two derivatives were each made from the other',
    damage: {
      recipes: (recipes) => {
        recipes['proxy'] = circleRecipe
      },
    },
    findings: [
      found('recipe-cycle', entryPath(at.proxyMade)),
      found('recipe-cycle', entryPath(at.compositeMade)),
    ],
  },
  {
    name: 'media-without-recipe',
    defect: 'a picture was published that no record speaks of',
    damage: { files: (files) => void files.set('media/still-2.png', utf8('another still\n')) },
    findings: [found('media-without-recipe', 'media/still-2.png')],
  },
]
