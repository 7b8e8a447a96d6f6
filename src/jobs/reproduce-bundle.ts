import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readExhibitRecipe } from '../case/read-recipe.ts'
import type { Recipe } from '../case/recipe.ts'
import { frameHashes } from '../media/compare.ts'
import { commandFor } from '../media/exhibit-arguments.ts'
import { MediaError } from '../media/media-error.ts'
import { renderRecipe } from '../media/render.ts'
import { toolVersion } from '../media/tools.ts'
import type { Progress } from './progress.ts'

export type ReproduceCode =
  | 'original-missing'
  | 'recipe-not-understood'
  | 'arguments-differ'
  | 'frames-differ'
  | 'render-failed'

export interface ReproduceFinding {
  readonly code: ReproduceCode
  readonly path: string
  readonly message: string
}

export interface ReproduceReport {
  readonly exhibits: number
  /** Decoded frames and sound equal, one by one. */
  readonly identical: number
  /** Of those, files equal byte for byte. */
  readonly sameBytes: number
  readonly findings: readonly ReproduceFinding[]
}

/**
 * Renders every file of `media/` again from the originals by its recipe and
 * compares the decoded frames. For a bundle that `verifyBundle` found whole:
 * its recipes are still a stranger's, so the command is built here from the
 * recipe's parameters and only compared with the one written in it.
 */
export async function reproduceBundle(
  bundle: string,
  originals: string,
  progress: Progress,
): Promise<ReproduceReport> {
  const recipes = await recipesByOutput(bundle)
  const byHash = await hashFolder(originals, progress)
  const names = (await readdir(join(bundle, 'media'))).toSorted()
  const findings: ReproduceFinding[] = []
  let identical = 0
  let sameBytes = 0
  for (const [index, name] of names.entries()) {
    progress({ step: 'Rendering again', done: index, total: names.length, what: name })
    const published = join(bundle, 'media', name)
    const recipe = recipes.get(await sha256Of(published))
    const outcome = await reproduce(published, recipe, byHash)
    if ('code' in outcome) findings.push({ ...outcome, path: `media/${name}` })
    else {
      identical += 1
      if (outcome.sameBytes) sameBytes += 1
    }
  }
  return { exhibits: names.length, identical, sameBytes, findings }
}

type Outcome =
  | { readonly sameBytes: boolean }
  | { readonly code: ReproduceCode; readonly message: string }

async function reproduce(
  published: string,
  recipeText: string | undefined,
  originals: ReadonlyMap<string, string>,
): Promise<Outcome> {
  const read =
    recipeText === undefined
      ? { reason: 'there is no record of it' }
      : readExhibitRecipe(JSON.parse(recipeText))
  if ('reason' in read)
    return { code: 'recipe-not-understood', message: `Its recipe: ${read.reason}.` }
  const { recipe, draft } = read
  const inputs: string[] = []
  for (const { item } of recipe.inputs) {
    const path = originals.get(item)
    if (path === undefined) {
      return {
        code: 'original-missing',
        message: `No file in the originals folder has the SHA-256 ${item}.`,
      }
    }
    inputs.push(path)
  }
  const rebuilt = commandFor(draft).args
  if (JSON.stringify(rebuilt) !== JSON.stringify(recipe.tool.arguments)) {
    return {
      code: 'arguments-differ',
      message:
        'The command written in the recipe is not the one its parameters stand for in this version of Sightline.',
    }
  }
  const scratch = await mkdtemp(join(tmpdir(), 'sightline-reproduce-'))
  try {
    const again = await renderRecipe(recipe, inputs, scratch)
    if ((await sha256Of(again.path)) === (await sha256Of(published))) return { sameBytes: true }
    const [before, after] = await Promise.all([
      frameHashes(published, again.mediaType),
      frameHashes(again.path, again.mediaType),
    ])
    return (
      (await differenceOf(before.video, after.video, 'frames', recipe)) ??
      (await differenceOf(before.sound, after.sound, 'blocks of sound', recipe)) ?? {
        sameBytes: false,
      }
    )
  } catch (error) {
    if (!(error instanceof MediaError)) throw error
    return { code: 'render-failed', message: `It could not be rendered again: ${error.message}.` }
  } finally {
    await rm(scratch, { recursive: true, force: true })
  }
}

async function differenceOf(
  before: readonly string[],
  after: readonly string[],
  what: string,
  recipe: Recipe,
): Promise<Outcome | undefined> {
  const different = before.filter((hash, index) => hash !== after[index]).length
  if (different === 0 && before.length === after.length) return undefined
  const { name, version } = recipe.tool
  const here = await toolVersion(name)
  const tool =
    here === version
      ? `${name} ${version} made both`
      : `made with ${name} ${version}, here with ${here}`
  return {
    code: 'frames-differ',
    message: `${different} of ${before.length} ${what} differ, ${after.length} came out; ${tool}.`,
  }
}

/** Recipe texts by the SHA-256 of what they made, through the opened records. */
async function recipesByOutput(bundle: string): Promise<ReadonlyMap<string, string>> {
  const entries = join(bundle, 'proof', 'log', 'entries')
  const byOutput = new Map<string, string>()
  for (const name of await readdir(entries)) {
    const entry = JSON.parse(await readFile(join(entries, name), 'utf8')) as { record: string }
    const record = JSON.parse(entry.record) as {
      type: string
      recipeSha256: string
      outputSha256: string
    }
    if (record.type !== 'derivative-made') continue
    const recipe = join(bundle, 'proof', 'recipes', `${record.recipeSha256}.json`)
    byOutput.set(record.outputSha256, await readFile(recipe, 'utf8'))
  }
  return byOutput
}

async function hashFolder(
  folder: string,
  progress: Progress,
): Promise<ReadonlyMap<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile())
  const byHash = new Map<string, string>()
  for (const [index, entry] of files.entries()) {
    progress({ step: 'Reading originals', done: index, total: files.length, what: entry.name })
    const path = join(entry.parentPath, entry.name)
    byHash.set(await sha256Of(path), path)
  }
  return byHash
}

async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer)
  return hash.digest('hex')
}
