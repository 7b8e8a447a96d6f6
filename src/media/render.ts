import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { RecipeDraft } from '../case/exhibit.ts'
import type { Recipe } from '../case/recipe.ts'
import type { Command } from './command.ts'
import { commandFor } from './exhibit-arguments.ts'
import { convertHeic } from './heic.ts'
import { renderLimits } from './limits.ts'
import { MediaError } from './media-error.ts'
import { measurePicture } from './measure.ts'
import { runSandboxed } from './sandbox.ts'
import type { Limits } from './sandbox.ts'

export interface Rendered {
  /** Of the derivative, in the output folder. */
  readonly path: string
  readonly mediaType: string
  readonly widthPixels: number
  readonly heightPixels: number
  readonly sizeBytes: number
}

/**
 * Makes a derivative. Takes a draft, or a complete recipe whose arguments must
 * be those its parameters stand for: a stranger's list is never run. `inputs`
 * are the originals' paths in the recipe's order.
 *
 * Throws MediaError: `rejected` where the arguments differ, `failed` where a
 * frame that the recipe names cannot be decoded.
 */
export async function renderRecipe(
  recipe: Recipe | RecipeDraft,
  inputs: readonly string[],
  outputFolder: string,
  signal?: AbortSignal,
): Promise<Rendered> {
  if (recipe.kind === 'proxy') {
    throw new MediaError('rejected', 'proxies are made by makeProxies, not one by one')
  }
  const command = checkedCommand(recipe, inputs)
  if (recipe.kind === 'photo' && recipe.parameters.sourceFormat === 'heic') {
    const folder = await mkdtemp(path.join(outputFolder, 'heic-'))
    try {
      const picture = await convertHeic(inputs[0] ?? '', folder, signal)
      await runCommand(command, [picture], outputFolder, renderLimits, signal)
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  } else {
    await runCommand(command, inputs, outputFolder, renderLimits, signal)
  }
  const output = command.files[0]
  if (output === undefined) throw new MediaError('failed', 'the recipe makes no file')
  const file = path.join(outputFolder, output.name)
  const size = await measured(file, output.mediaType, command)
  return { path: file, mediaType: output.mediaType, ...size }
}

/** The command of a recipe, after comparing it with the recorded arguments. */
export function checkedCommand(recipe: Recipe | RecipeDraft, inputs: readonly string[]): Command {
  const command = commandFor(recipe)
  if (inputs.length !== recipe.inputs.length) {
    throw new MediaError(
      'rejected',
      `the recipe names ${recipe.inputs.length} inputs, ${inputs.length} were given`,
    )
  }
  if ('tool' in recipe && !sameList(recipe.tool.arguments, command.args)) {
    throw new MediaError(
      'rejected',
      'the recorded arguments are not those its parameters stand for: it was made by another version, or changed',
    )
  }
  return command
}

export async function runCommand(
  command: Command,
  inputs: readonly string[],
  outputFolder: string,
  limits: Limits,
  signal: AbortSignal | undefined,
  onStdout?: (chunk: Buffer) => void,
): Promise<void> {
  // Beside what it makes: nothing is written outside the folder that the caller names.
  const folder = await mkdtemp(path.join(outputFolder, 'text-'))
  try {
    const textFiles: string[] = []
    for (const [index, text] of command.texts.entries()) {
      const file = path.join(folder, `${index}`)
      await writeFile(file, text)
      textFiles.push(file)
    }
    await runSandboxed({
      program: command.program,
      args: command.args,
      inputs,
      outputFolder,
      textFiles,
      limits,
      ...(onStdout === undefined ? {} : { onStdout }),
      ...(signal === undefined ? {} : { signal }),
    })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function measured(
  file: string,
  mediaType: string,
  command: Command,
): Promise<Pick<Rendered, 'widthPixels' | 'heightPixels' | 'sizeBytes'>> {
  const sizeBytes = await stat(file).then(
    (found) => found.size,
    () => 0,
  )
  // FFmpeg ends with success when it has decoded nothing.
  const size = sizeBytes === 0 ? undefined : await measurePicture(file, mediaType)
  if (size === undefined || size.frames !== (command.frames ?? size.frames)) {
    throw new MediaError(
      'failed',
      `${size?.frames ?? 0} of ${command.frames ?? 1} frames could be decoded; the original is damaged there, choose another interval`,
    )
  }
  return { widthPixels: size.widthPixels, heightPixels: size.heightPixels, sizeBytes }
}

function sameList(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((value, index) => value === b[index])
}
