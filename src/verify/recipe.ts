import { isSha256Hex, readText } from './bytes.ts'
import { readCanonicalJson, readMembers } from './canonical-json.ts'
import { Malformed } from './finding.ts'

type RecipeInput = { readonly from: 'item' | 'derivative'; readonly sha256: string }
export type Recipe = { readonly kind: string; readonly inputs: readonly RecipeInput[] }

const readInput = (value: unknown): RecipeInput => {
  const members = readMembers(value)
  const from = members.has('item') ? 'item' : 'derivative'
  const sha256 = members.get(from)
  if ((members.has('item') && members.has('derivative')) || !isSha256Hex(sha256)) {
    throw new Malformed('An input is not one item or one derivative.')
  }
  return { from, sha256 }
}

export const readRecipe = (file: Uint8Array): Recipe => {
  const members = readMembers(readCanonicalJson(readText(file)))
  const [kind, inputs] = [members.get('kind'), members.get('inputs')]
  if (members.get('format') !== 'sightline-recipe/1' || members.size !== 5) {
    throw new Malformed('It is not a recipe of format 1.')
  }
  if (typeof kind !== 'string' || !/^[a-z][a-z0-9-]{0,63}$/.test(kind)) {
    throw new Malformed('Its kind is not well-formed.')
  }
  if (!Array.isArray(inputs) || inputs.length > 1000) {
    throw new Malformed('Its inputs are not a list of at most 1000.')
  }
  // A card with words on it is drawn from nothing; a picture of footage never is.
  if (inputs.length === 0 && kind !== 'cover') throw new Malformed('It is made from nothing.')
  readMembers(members.get('parameters'))
  readMembers(members.get('tool'))
  return { kind, inputs: inputs.map(readInput) }
}
