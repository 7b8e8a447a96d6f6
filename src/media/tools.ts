import type { RecipeDraft } from '../case/exhibit.ts'
import type { Recipe, Tool } from '../case/recipe.ts'
import { commandFor } from './exhibit-arguments.ts'
import { documentLimits } from './limits.ts'
import { MediaError } from './media-error.ts'
import { type Program, runSandboxed } from './sandbox.ts'

const versions = new Map<Tool['name'], Promise<string>>()

/** The installed program's version; asked once in the life of the process. */
export function toolVersion(name: Tool['name']): Promise<string> {
  let version = versions.get(name)
  if (version === undefined) {
    version = ask(name)
    // Not installed now may be installed later.
    version.catch(() => versions.delete(name))
    versions.set(name, version)
  }
  return version
}

/** A draft with the exact command and the tool that will run it. */
export async function completeRecipe(draft: RecipeDraft): Promise<Recipe> {
  const command = commandFor(draft)
  const name = toolOf(draft, command.program)
  const tool: Tool = { name, version: await toolVersion(name), arguments: command.args }
  return { ...draft, tool }
}

function toolOf(draft: RecipeDraft, program: Program): Tool['name'] {
  if (draft.kind === 'photo' && draft.parameters.sourceFormat === 'heic') return 'heif-convert'
  return program === 'pdftoppm' ? 'pdftoppm' : 'ffmpeg'
}

async function ask(name: Tool['name']): Promise<string> {
  const flag = { ffmpeg: '-version', pdftoppm: '-v', 'heif-convert': '--version' }[name]
  const { stdout, stderr } = await runSandboxed({
    program: name,
    args: [flag],
    inputs: [],
    limits: documentLimits,
    acceptFailure: true,
  })
  const said = `${stdout.toString('utf8')}\n${stderr}`
  const version =
    /(?:version[: ]+|libheif:? *)v?(\d[\w.+~-]*)/i.exec(said)?.[1] ??
    /(\d+\.\d+[\w.+~-]*)/.exec(said)?.[1]
  if (version === undefined) throw new MediaError('failed', `${name} does not say its version`)
  return version
}
