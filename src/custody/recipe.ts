import { isSha256Hex, sha256, toHex, utf8 } from './bytes.ts'
import { canonicalJson } from './canonical-json.ts'
import { CustodyError } from './custody-error.ts'

/**
 * The envelope of a recipe, as far as custody looks at it: what a derivative was
 * made from, and how. docs/formats/bundle-proof.md, section 3. Each input has one
 * of `item` or `derivative`, a SHA-256. Only a `cover` is made from nothing.
 */
export type Recipe = {
  readonly format: 'sightline-recipe/1'
  readonly kind: string
  readonly inputs: readonly object[]
  readonly parameters: object
  readonly tool: object
}

const memberNames = ['format', 'inputs', 'kind', 'parameters', 'tool']

const isInput = (input: object): boolean => {
  const members = new Map<string, unknown>(Object.entries(input))
  const from = ['item', 'derivative'].filter((name) => members.has(name))
  return from.length === 1 && isSha256Hex(members.get(from[0] ?? ''))
}

const isRecipe = (recipe: Recipe): boolean => {
  const { format, kind, inputs, parameters, tool } = recipe
  const counted = inputs.length === 0 ? kind === 'cover' : inputs.length <= 1000
  return (
    Object.keys(recipe).sort().join() === memberNames.join() &&
    format === 'sightline-recipe/1' &&
    /^[a-z][a-z0-9-]{0,63}$/.test(kind) &&
    counted &&
    inputs.every(isInput) &&
    !Array.isArray(parameters) &&
    !Array.isArray(tool)
  )
}

/**
 * The recipe's text, its hash, and its place in a bundle.
 * @throws CustodyError recipe-malformed, not-canonical
 */
export const encodeRecipe = async (
  recipe: Recipe,
): Promise<{ readonly text: string; readonly sha256: string; readonly path: string }> => {
  if (!isRecipe(recipe)) {
    throw new CustodyError('recipe-malformed', 'It is not a recipe of sightline-recipe/1.')
  }
  const text = canonicalJson(recipe)
  const hash = toHex(await sha256(utf8(text)))
  return { text, sha256: hash, path: `proof/recipes/${hash}.json` }
}
