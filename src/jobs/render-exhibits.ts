import type { PlannedExhibit, PlannedPart, RenderedExhibit, RenderedPart } from '../case/exhibit.ts'
import { encodeRecipe } from '../custody/recipe.ts'
import { measurePicture } from '../media/measure.ts'
import { renderRecipe } from '../media/render.ts'
import { completeRecipe } from '../media/tools.ts'
import { lendAll } from '../store/blobs.ts'
import { addDerivative, readDerivative, type Derivative } from '../store/derivatives.ts'
import type { Library } from '../store/library.ts'
import type { Agent } from '../store/store.ts'
import { JobError } from './job-error.ts'
import type { Progress } from './progress.ts'

const extensions: ReadonlyMap<string, string> = new Map([
  ['video/mp4', 'mp4'],
  ['image/png', 'png'],
  ['image/jpeg', 'jpg'],
])

/**
 * Renders every part of every exhibit that the library does not hold yet. Each
 * is recorded as it is made, so that an interrupted job goes on where it was.
 */
export async function renderExhibits(
  library: Library,
  agent: Agent,
  incident: string,
  exhibits: readonly PlannedExhibit[],
  progress: Progress,
): Promise<readonly RenderedExhibit[]> {
  const total = exhibits.reduce((sum, exhibit) => sum + exhibit.parts.length, 0)
  let done = 0
  const rendered: RenderedExhibit[] = []
  for (const { placeId, parts } of exhibits) {
    const renderedParts: RenderedPart[] = []
    for (const part of parts) {
      progress({ step: 'Rendering', done, total, what: part.name })
      renderedParts.push(await renderPart(library, agent, incident, part))
      done += 1
    }
    rendered.push({ placeId, parts: renderedParts })
  }
  return rendered
}

async function renderPart(
  library: Library,
  agent: Agent,
  incident: string,
  part: PlannedPart,
): Promise<RenderedPart> {
  const recipe = await completeRecipe(part.draft)
  const { text } = await encodeRecipe(recipe)
  const derivative =
    (await library.read((reader) => readDerivative(reader, text, recipe.kind, incident))) ??
    (await makeDerivative(library, agent, incident, part, text))
  const { output, mediaType, recipeSha256, entryIndex } = derivative
  const size = await library.blobs.lend(output.sha256, (path) => measurePicture(path, mediaType))
  const extension = extensions.get(mediaType)
  if (size === undefined || extension === undefined) {
    throw new JobError(
      'render-failed',
      `${part.name} was rendered as ${mediaType}, which the page cannot show`,
    )
  }
  return {
    ...part,
    recipe,
    recipeSha256,
    entryIndex,
    mediaType,
    path: `media/${part.name}.${extension}`,
    sha256: output.sha256,
    sizeBytes: output.sizeBytes,
    widthPixels: size.widthPixels,
    heightPixels: size.heightPixels,
  }
}

async function makeDerivative(
  library: Library,
  agent: Agent,
  incident: string,
  part: PlannedPart,
  recipe: string,
): Promise<Derivative> {
  const { draft } = part
  const [only, ...others] = draft.inputs
  const made = {
    kind: draft.kind,
    incident,
    recipe,
    ...(only === undefined || others.length > 0 ? {} : { item: only.item }),
  }
  // Another incident may have made the very same: the bytes serve, the act is recorded here too.
  const elsewhere = await library.read((reader) => readDerivative(reader, recipe, draft.kind))
  if (elsewhere !== undefined) {
    const { output, mediaType } = elsewhere
    return library.transact(agent, (tx) => addDerivative(tx, { ...made, output, mediaType }))
  }
  return library.blobs.inScratch(async (scratch) => {
    const items = draft.inputs.map(({ item }) => item)
    const rendered = await lendAll(library.blobs, items, (inputs) =>
      renderRecipe(draft, inputs, scratch),
    )
    const output = await library.blobs.putFile(rendered.path)
    // Somebody else may have made the very same meanwhile; then nothing is recorded.
    return library.transactWithoutEntry(
      agent,
      async (tx) =>
        (await readDerivative(tx, recipe, draft.kind, incident)) ??
        addDerivative(tx, { ...made, output, mediaType: rendered.mediaType }),
    )
  })
}
