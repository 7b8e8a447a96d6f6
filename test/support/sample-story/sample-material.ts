import { createHash } from 'node:crypto'
import { readCase } from '../../../src/case/read-case.ts'
import { readStory } from '../../../src/case/read-story.ts'
import type { BundleFile, CaseItem, Passage, StoryMaterial } from '../../../src/case/bundle.ts'
import type { PlannedPart, RenderedExhibit, RenderedPart } from '../../../src/case/exhibit.ts'
import type { Finding, ItemFacts } from '../../../src/case/item-facts.ts'
import type { IncidentClock } from '../../../src/case/on-clock.ts'
import type { Recipe } from '../../../src/case/recipe.ts'
import { caseTables } from '../../../src/accounts/case-tables.ts'
import { impulseReading } from '../../../src/accounts/impulse-reading.ts'
import type { ImpulseCandidate } from '../../../src/case/impulse.ts'
import { planExhibit } from '../../../src/examine/plan-exhibit.ts'
import {
  releaseLayout,
  releaseLines,
  sampleCaseYaml,
  sampleReleaseText,
  sampleStoryMarkdown,
} from './sample-case.ts'
import type { Case } from '../../../src/case/case-schema.ts'

export interface MadeFile {
  readonly bytes: Uint8Array
  readonly extension: string
  readonly mediaType: string
  readonly widthPixels: number
  readonly heightPixels: number
}

/** Makes the bytes of a part; the default makes a few that are no picture, for tests that look at none. */
export type MakePart = (part: PlannedPart) => MadeFile

export interface SampleOptions {
  readonly caseYaml?: string
  readonly storyMarkdown?: string
  readonly makePart?: MakePart
  readonly assets?: readonly BundleFile[]
  readonly revision?: number
}

export function sha256Of(bytes: Uint8Array | string): string {
  return createHash('sha256').update(bytes).digest('hex')
}

/** The sample incident as `storyBundle` takes it, with the blobs that its parts name. */
export function sampleMaterial(options: SampleOptions = {}): {
  readonly material: StoryMaterial
  readonly blobs: ReadonlyMap<string, Uint8Array>
} {
  const reading = readCase(options.caseYaml ?? sampleCaseYaml)
  if (reading.case === undefined || reading.problems.length > 0) {
    throw new Error(`sample case: ${JSON.stringify(reading.problems)}`)
  }
  const facts = reading.case
  const { story, problems } = readStory(options.storyMarkdown ?? sampleStoryMarkdown, facts)
  if (story === undefined || problems.length > 0) {
    throw new Error(`sample story: ${JSON.stringify(problems)}`)
  }
  const items = sampleItems()
  const clock = sampleClock()
  const passages = samplePassages(facts)
  const labelOf = (footage: string) =>
    facts.footage.find((each) => each.id === footage)?.label ?? footage
  const blobs = new Map<string, Uint8Array>()
  const exhibits = new Map<string, RenderedExhibit>()
  for (const place of story.places.values()) {
    const planned = planExhibit(place, { items, clock, passages, labelOf })
    if (planned === undefined) continue
    const parts = planned.parts.map((part) =>
      renderedPart(part, options.makePart ?? notAPicture, blobs),
    )
    exhibits.set(place.id, { placeId: place.id, parts })
  }
  const publishedAt = '2026-06-03T09:30:00Z'
  const material: StoryMaterial = {
    case: facts,
    story,
    items,
    clock,
    tables: caseTables(facts, new Date(publishedAt)),
    impulses: impulseReading(facts.events, sampleImpulses, clock).confirmed,
    exhibits,
    passages,
    revision: options.revision ?? 2,
    publishedAt,
    firstPublishedAt: publishedAt,
    logOrigin: 'sightline.invalid/log/1a2b3c4d5e6f7081',
    toolVersion: '0.1.0',
    assets: options.assets ?? [],
  }
  return { material, blobs }
}

function notAPicture(part: PlannedPart): MadeFile {
  const video =
    part.draft.kind === 'clip' || (part.draft.kind === 'composite' && part.role === 'main')
  return {
    bytes: new TextEncoder().encode(part.name),
    extension: video ? 'mp4' : 'png',
    mediaType: video ? 'video/mp4' : 'image/png',
    widthPixels: 640,
    heightPixels: 360,
  }
}

function renderedPart(
  part: PlannedPart,
  makePart: MakePart,
  blobs: Map<string, Uint8Array>,
): RenderedPart {
  const { bytes, extension, ...made } = makePart(part)
  const sha256 = sha256Of(bytes)
  blobs.set(sha256, bytes)
  const recipe = {
    ...part.draft,
    tool: { name: 'ffmpeg', version: '5.1.9', arguments: [] },
  } as Recipe
  return {
    ...part,
    ...made,
    path: `media/${part.name}.${extension}`,
    sizeBytes: bytes.length,
    sha256,
    recipeSha256: sha256Of(JSON.stringify(recipe)),
    recipe,
    entryIndex: blobs.size,
  }
}

function sampleItems(): ReadonlyMap<string, CaseItem> {
  const late: Finding = {
    code: 'variable-frame-rate',
    severity: 'notice',
    message: 'Its frames are not evenly spaced (16 to 67 ms); each is shown for its own time.',
  }
  return new Map<string, CaseItem>([
    ['bakery', item('bakery', recording(12, 30))],
    ['bridge', item('bridge', recording(11, 25), [late])],
    ['balcony', item('balcony', recording(14, 30))],
    ['nightfall', item('nightfall', recording(9, 24))],
    ['release', item('release', release())],
    [
      'courier',
      item('courier', {
        kind: 'document',
        mediaType: 'text/plain',
        pages: [{ text: 'Residents speak of “at least four” bangs within seconds.' }],
      }),
    ],
  ])
}

function item(id: string, facts: ItemFacts, findings: readonly Finding[] = []): CaseItem {
  return {
    item: sha256Of(`original ${id}`),
    sizeBytes: 1_234_567,
    facts,
    findings,
    receivedAt: '2026-05-21T08:00:00Z',
  }
}

function recording(seconds: number, framesPerSecond: number): ItemFacts {
  const timescale = 15_360
  const step = timescale / framesPerSecond
  const ticks = Array.from({ length: seconds * framesPerSecond }, (_, index) =>
    Math.round(index * step),
  )
  return {
    kind: 'recording',
    mediaType: 'video/mp4',
    container: 'mov,mp4',
    scannedDurationSeconds: seconds,
    video: {
      codec: 'h264',
      picture: {
        streamIndex: 0,
        timescale,
        rotationDegrees: 0,
        widthPixels: 640,
        heightPixels: 360,
      },
      frames: { timescale, ticks, endTicks: seconds * timescale },
      storedWidthPixels: 640,
      storedHeightPixels: 360,
    },
    sound: { codec: 'aac', streamIndex: 1, sampleRateHz: 48_000, channels: 1, startSeconds: 0 },
  }
}

function release(): ItemFacts {
  return {
    kind: 'document',
    mediaType: 'application/pdf',
    pages: [{ text: sampleReleaseText, widthPoints: 595, heightPoints: 842 }],
  }
}

/** The first bang as the recordings have it; the second only a person hears. */
const sampleImpulses: readonly ImpulseCandidate[] = [
  {
    clockSeconds: 0.01,
    errorSeconds: 0.02,
    heardIn: [
      {
        recording: 'bakery',
        ownSeconds: 6.5,
        errorSeconds: 0.001,
        prominenceDb: 14,
        clipped: false,
      },
      {
        recording: 'bridge',
        ownSeconds: 6.37,
        errorSeconds: 0.001,
        prominenceDb: 9,
        clipped: true,
      },
    ],
    silentIn: ['balcony'],
    corroborated: true,
    echoes: [],
  },
]

function sampleClock(): IncidentClock {
  const whole = { fromSeconds: -Infinity, toSeconds: Infinity }
  return {
    zeroLabel: 'first bang, heard in Bakery window',
    recordings: [
      {
        footage: 'bakery',
        rate: 1,
        pieces: [
          {
            ...whole,
            offsetSeconds: -6.5,
            errorSeconds: 0,
            travelBoundSeconds: 0,
          },
        ],
        method: 'reference',
      },
      {
        footage: 'bridge',
        rate: 1.00004,
        pieces: [
          {
            ...whole,
            offsetSeconds: -6.3503,
            errorSeconds: 0.121,
            travelBoundSeconds: 0.117,
          },
        ],
        method: 'sound',
      },
      {
        footage: 'balcony',
        rate: 0.99998,
        pieces: [
          {
            ...whole,
            offsetSeconds: -5.1218,
            errorSeconds: 0.034,
            travelBoundSeconds: 0.029,
          },
        ],
        method: 'sound and anchors',
      },
    ],
    apart: [
      {
        footage: 'nightfall',
        code: 'no-shared-sound',
        reason: 'it shares no sound with any other recording; when it was made is not known.',
      },
    ],
  }
}

/** Found in the text as the job would find them, boxes counted off the sample page. */
function samplePassages(facts: Case): ReadonlyMap<string, Passage> {
  const quotes = facts.statements.filter(({ account }) => account === 'release')
  return new Map(quotes.map(({ id, quote }) => [id, passage(quote)]))
}

function passage(quote: string): Passage {
  const start = sampleReleaseText.replaceAll('\n', ' ').indexOf(quote)
  const end = start + quote.length
  const { width, height, left, top, lineHeight, advance } = releaseLayout
  let lineStart = 0
  const boxes = releaseLines.flatMap((line, index) => {
    const from = Math.max(start, lineStart) - lineStart
    const to = Math.min(end, lineStart + line.length) - lineStart
    lineStart += line.length + 1
    if (to <= from) return []
    const y = (top + index * lineHeight - 6) / height
    return [
      {
        x: (left + from * advance) / width,
        y,
        width: ((to - from) * advance) / width,
        height: 32 / height,
      },
    ]
  })
  return { document: 'release', page: 0, start, end, boxes }
}
