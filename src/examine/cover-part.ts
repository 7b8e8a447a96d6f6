import type { PlannedPart } from '../case/exhibit.ts'
import type { RecipeInput } from '../case/recipe.ts'

/** The plain dark picture that stands before graphic footage, with its warning burned in. */
export function coverPart(
  name: string,
  warning: string,
  inputs: readonly RecipeInput[],
): PlannedPart {
  const lines = wrap(warning, 44).slice(0, 8)
  return {
    role: 'poster',
    name,
    treatment: 'a plain cover',
    draft: {
      format: 'sightline-recipe/1',
      kind: 'cover',
      inputs,
      parameters: { widthPixels: 1280, heightPixels: 720, lines },
    },
  }
}

function wrap(text: string, width: number): string[] {
  const lines: string[] = []
  for (const word of text.split(/\s+/)) {
    const line = lines.at(-1)
    if (line !== undefined && line.length + 1 + word.length <= width)
      lines[lines.length - 1] = `${line} ${word}`
    else lines.push(word.slice(0, width))
  }
  return lines
}
