/**
 * Examine: in comes a place in the story and what is known of the originals,
 * out comes what has to be rendered, frame by frame. Nothing here looks at a
 * pixel; every frame is named by its PTS. Guaranteed: no frame is invented, slow
 * motion brings its real-speed pair, an enlargement says factor, crop and kernel.
 */
import type { PlannedExhibit, PlannedPart } from '../case/exhibit.ts'
import type {
  EnlargementPlace,
  FacsimilePlace,
  PhotoPlace,
  Place,
  SegmentPlace,
  SlowMotionPlace,
  StillPlace,
} from '../case/story.ts'
import { clipPart, spanOf } from './clip-part.ts'
import { ExamineError, recordingOf, type ExamineContext } from './context.ts'
import { coverPart } from './cover-part.ts'
import { maxSidePixels } from './enlargement.ts'
import { planComposite } from './plan-composite.ts'
import { stillPart } from './still-part.ts'

/** Throws ExamineError where the moment does not exist or is not on the clock. */
export function planExhibit(place: Place, context: ExamineContext): PlannedExhibit | undefined {
  switch (place.kind) {
    case 'composite':
      return planComposite(place, context)
    case 'segment':
      return planSegment(place, context)
    case 'slow-motion':
      return planSlowMotion(place, context)
    case 'still':
      return planStill(place, context)
    case 'enlargement':
      return planEnlargement(place, context)
    case 'photo':
      return planPhoto(place, context)
    case 'facsimile':
      return planFacsimile(place, context)
    case 'quote':
    case 'timeline':
    case 'claims':
    case 'contradictions':
    case 'questions':
      return undefined
  }
}

/** What stands in a video's place: its first frame, or with a warning a plain dark cover. */
function posterPart(
  context: ExamineContext,
  name: string,
  place: SegmentPlace | SlowMotionPlace,
): PlannedPart {
  const { item, facts, video } = recordingOf(context, place.footage)
  if (place.warning !== undefined) {
    return coverPart(name, place.warning, [{ item, container: facts.container }])
  }
  const span = spanOf(video, place.footage, place.fromSeconds, place.toSeconds)
  const atSeconds = span.firstTicks / video.picture.timescale
  const crop = place.crop === undefined ? {} : { crop: place.crop }
  return stillPart(context, 'poster', name, { ...place, ...crop, atSeconds })
}

function planSegment(place: SegmentPlace, context: ExamineContext): PlannedExhibit {
  return {
    placeId: place.id,
    parts: [
      clipPart(context, 'main', place.id, place, 1),
      posterPart(context, `${place.id}-poster`, place),
    ],
  }
}

/** Slow motion never stands alone: the same frames at real speed come with it. */
function planSlowMotion(place: SlowMotionPlace, context: ExamineContext): PlannedExhibit {
  return {
    placeId: place.id,
    parts: [
      clipPart(context, 'slow', `${place.id}-slow`, place, place.slowdown),
      clipPart(context, 'real-speed', `${place.id}-real-speed`, place, 1),
      posterPart(context, `${place.id}-poster`, place),
    ],
  }
}

function planStill(place: StillPlace, context: ExamineContext): PlannedExhibit {
  return { placeId: place.id, parts: [stillPart(context, 'main', place.id, place)] }
}

function planEnlargement(place: EnlargementPlace, context: ExamineContext): PlannedExhibit {
  const { footage, atSeconds, kernel } = place
  return {
    placeId: place.id,
    parts: [
      stillPart(context, 'enlarged', `${place.id}-enlarged`, place),
      stillPart(context, 'whole', `${place.id}-whole`, { footage, atSeconds, factor: 1, kernel }),
    ],
  }
}

function planPhoto(place: PhotoPlace, context: ExamineContext): PlannedExhibit {
  const entry = context.items.get(place.photo)
  if (entry === undefined || entry.facts.kind !== 'photo') {
    throw new ExamineError(
      'moment-outside-recording',
      `"${place.photo}" is not a picture that can be shown`,
    )
  }
  const { format } = entry.facts
  const parameters = { sourceFormat: format, maxSidePixels }
  return {
    placeId: place.id,
    parts: [
      {
        role: 'main',
        name: place.id,
        treatment: 'the whole picture, metadata removed, otherwise unaltered',
        draft: {
          format: 'sightline-recipe/1',
          kind: 'photo',
          inputs: [{ item: entry.item }],
          parameters,
        },
      },
    ],
  }
}

/** A PDF's pages that carry marked passages; text and HTML are quoted, not pictured. */
function planFacsimile(place: FacsimilePlace, context: ExamineContext): PlannedExhibit {
  const entry = context.items.get(place.document)
  if (entry === undefined || entry.facts.kind !== 'document') {
    throw new ExamineError(
      'moment-outside-recording',
      `"${place.document}" is not a document that can be shown`,
    )
  }
  if (entry.facts.mediaType !== 'application/pdf') return { placeId: place.id, parts: [] }
  const { item } = entry
  const marked = place.statements
    .map((id) => context.passages.get(id))
    .filter((passage) => passage?.document === place.document)
    .map((passage) => passage?.page ?? 0)
  const pages = [...new Set(marked.length === 0 ? [0] : marked)].sort((a, b) => a - b)
  return {
    placeId: place.id,
    parts: pages.map((page) => ({
      role: 'page',
      name: `${place.id}-page-${page + 1}`,
      treatment: `page ${page + 1} as received`,
      draft: {
        format: 'sightline-recipe/1',
        kind: 'facsimile',
        inputs: [{ item }],
        parameters: { page: page + 1, dotsPerInch: 110 },
      },
    })),
  }
}
