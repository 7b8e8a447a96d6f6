import type { Bundle } from './bundle.ts'
import { isSha256Hex, sha256, toHex } from './bytes.ts'
import type { ReadManifest } from './check-files.ts'
import type { Records } from './check-log.ts'
import { entryPath, limitBytes, mediaFolder, recipeFolder, recipePath } from './layout.ts'
import { type Recipe, readRecipe } from './recipe.ts'
import type { OpenedRecord } from './record.ts'

/** Well-formed recipes under their right name, by hash. */
export type Recipes = ReadonlyMap<string, Recipe>

export const checkRecipes = async (bundle: Bundle): Promise<Recipes> => {
  const { findings } = bundle
  const recipes = new Map<string, Recipe>()
  for (const path of bundle.files.keys()) {
    if (!path.startsWith(recipeFolder)) continue
    const file = await bundle.content(path, limitBytes.recipe)
    if (file === undefined) continue
    const name = path.slice(recipeFolder.length, -'.json'.length)
    if (!isSha256Hex(name) || path !== recipePath(name)) {
      findings.add('recipe-malformed', path, 'A recipe is named by its hash.')
    } else if (toHex(await sha256(file)) !== name) {
      findings.add('recipe-changed', path, 'Its hash is not its name.')
    } else {
      const recipe = await findings.attempt('recipe-malformed', path, () => readRecipe(file))
      if (recipe !== undefined) recipes.set(name, recipe)
    }
  }
  return recipes
}

type Made = { readonly index: number; readonly output: string; readonly recipe: Recipe | undefined }

/**
 * Those that cannot be followed back to items. A circle is possible: whoever
 * knows a file's hash can write a recipe that names the file as its own input.
 * Linear in records and inputs, as a hostile bundle may hold very many.
 */
const findCircles = (made: readonly Made[]): readonly Made[] => {
  const outputs = new Set(made.map(({ output }) => output))
  const awaited = new Map<Made, Set<string>>()
  const waiting = new Map<string, Made[]>()
  for (const one of made) {
    const inputs = (one.recipe?.inputs ?? [])
      .filter(({ from, sha256 }) => from === 'derivative' && outputs.has(sha256))
      .map(({ sha256 }) => sha256)
    awaited.set(one, new Set(inputs))
    for (const input of new Set(inputs)) {
      const others = waiting.get(input)
      if (others === undefined) waiting.set(input, [one])
      else others.push(one)
    }
  }
  const settled = made.filter((one) => awaited.get(one)?.size === 0)
  for (const { output } of settled) {
    for (const one of waiting.get(output) ?? []) {
      const left = awaited.get(one)
      if (left?.delete(output) === true && left.size === 0) settled.push(one)
    }
    waiting.delete(output)
  }
  return made.filter((one) => awaited.get(one)?.size !== 0)
}

/** Every derivative has its recipe, and every input its record. */
export const checkDerivatives = (bundle: Bundle, records: Records, recipes: Recipes): void => {
  const { findings, files } = bundle
  const items = new Set<string>()
  const derived: [number, OpenedRecord][] = []
  for (const [index, record] of records) {
    if (record.type === 'item-received') items.add(record.text('item'))
    if (record.type === 'derivative-made') derived.push([index, record])
  }
  const outputs = new Set(derived.map(([, record]) => record.text('outputSha256')))
  const made = derived.map(([index, record]) => {
    const name = record.text('recipeSha256')
    const path = recipePath(name)
    const recipe = recipes.get(name)
    if (!files.has(path))
      findings.add('recipe-missing', path, 'A record names it; it is not there.')
    if (recipe !== undefined && recipe.kind !== record.text('kind')) {
      findings.add('recipe-record-mismatch', entryPath(index), 'Its kind is not the recipe’s.')
    }
    for (const { from, sha256: input } of recipe?.inputs ?? []) {
      if (!(from === 'item' ? items : outputs).has(input)) {
        findings.add('input-without-record', path, `No opened record for the ${from} ${input}.`)
      }
    }
    return { index, output: record.text('outputSha256'), recipe }
  })
  for (const { index } of findCircles(made)) {
    findings.add('recipe-cycle', entryPath(index), 'Its inputs lead in a circle.')
  }
  for (const [index, record] of records) {
    for (const item of record.inputs) {
      if (!items.has(item)) {
        findings.add('input-without-record', entryPath(index), `No opened record for item ${item}.`)
      }
    }
  }
}

/** Nothing in media/ came from nowhere. */
export const checkMedia = (
  bundle: Bundle,
  records: Records,
  manifest: ReadManifest | undefined,
): void => {
  const outputs = new Set<string>()
  for (const record of records.values()) {
    if (record.type === 'derivative-made') outputs.add(record.text('outputSha256'))
  }
  for (const [path, hash] of manifest?.lines ?? []) {
    if (path.startsWith(mediaFolder) && !outputs.has(hash)) {
      bundle.findings.add('media-without-recipe', path, 'No opened record says how it was made.')
    }
  }
}
