import type { Reupload } from './alignment.ts'
import type { SolvedGroup, SolvedLink } from './group-result.ts'
import { fineMatches } from './fine-search.ts'
import type { RecordingPart } from './recording-parts.ts'
import { sourceOf } from './sample-source.ts'
import { sampleRateHz } from './sound-features.ts'
import { waveformAgreement } from './waveform-agreement.ts'

/** One recording stored twice ran on one clock; two phones seldom do. Measured: under 0.4 ppm. */
const largestDriftPpm = 3
/** A link this far from that is not looked into: a short overlap measures drift badly. */
const dubiousDriftPpm = 60
const windows = 40
/** A first look, which leaves out what is far from agreeing. */
const firstWindows = 6
const firstShare = 0.6
/** The same along the link's own line, before that is measured once more. */
const leastShareOnLink = 0.35
/** Share of the windows' agreement that nine in ten must reach, and how little it may vary. */
const leastAgreement = 0.7
const mostVariation = 0.12
/** Of so much agreement no variation is asked. */
const beyondTwoMicrophones = 0.85

/**
 * Pairs of recordings that are one recording stored twice: their waveforms agree
 * throughout, loud or quiet, on one line without drift. Two microphones that
 * hear the same differ by their own noise and by where they stand, most of all
 * where it is quiet. Figures: docs/guides/alignment.md.
 */
export function findReuploads(
  groups: readonly SolvedGroup[],
  parts: readonly RecordingPart[],
): Reupload[] {
  const partOf = new Map(parts.map((part) => [part.id, part]))
  const found = new Map<string, Reupload>()
  for (const link of groups.flatMap(({ links }) => links)) {
    if (!link.accepted || link.kind !== 'sound') continue
    if (Math.abs(link.driftPpm ?? 0) > dubiousDriftPpm) continue
    const [a, b] = [partOf.get(link.a)!, partOf.get(link.b)!]
    if (!mayBeOne(a, b, link)) continue
    const agreement = sameWaveform(a, b, link.lagSeconds)
    if (agreement === undefined) continue
    const [of, id] = inOrder(a, b, parts)
    const key = JSON.stringify([of, id])
    const before = found.get(key)
    found.set(key, {
      of,
      id,
      agreement: Math.min(agreement, before?.agreement ?? 1),
      sharedSeconds: link.overlapSeconds + (before?.sharedSeconds ?? 0),
    })
  }
  return [...found.values()].sort((one, two) =>
    one.of === two.of ? (one.id < two.id ? -1 : 1) : one.of < two.of ? -1 : 1,
  )
}

/** A quick look along the link's line; two microphones seldom pass. */
function mayBeOne(a: RecordingPart, b: RecordingPart, link: SolvedLink): boolean {
  const { atSeconds, lagSeconds, driftPpm = 0 } = link
  if (atSeconds === undefined) return true
  const line = { atSeconds, lagSeconds, drift: driftPpm * 1e-6 }
  const first = waveformAgreement(sourceOf(a.samples), sourceOf(b.samples), line, firstWindows)
  return median(first) >= leastShareOnLink
}

function median(values: readonly number[]): number {
  return values.toSorted((x, y) => x - y)[values.length >> 1] ?? 0
}

/** Nine windows in ten agree at least so much; nothing if these are two recordings. */
function sameWaveform(a: RecordingPart, b: RecordingPart, lagSeconds: number): number | undefined {
  const [one, two] = [sourceOf(a.samples), sourceOf(b.samples)]
  const [line] = fineMatches(one, two, Math.round(lagSeconds * sampleRateHz))
  if (!line || Math.abs(line.drift) * 1e6 > largestDriftPpm) return undefined
  if (!(median(waveformAgreement(one, two, line, firstWindows)) >= firstShare)) return undefined
  const all = waveformAgreement(one, two, line, windows).sort((x, y) => x - y)
  const [lowest, highest] = [0.1, 0.9].map((share) => all[Math.floor(share * (all.length - 1))]!)
  const isSteady = highest! - lowest! <= mostVariation
  const isSame = lowest! >= beyondTwoMicrophones || (lowest! >= leastAgreement && isSteady)
  return isSame ? lowest : undefined
}

/** The one that holds more sound first; of equals the one whose id comes first. */
function inOrder(
  a: RecordingPart,
  b: RecordingPart,
  parts: readonly RecordingPart[],
): readonly [of: string, id: string] {
  const length = ({ recording }: RecordingPart) =>
    parts
      .filter((part) => part.recording === recording)
      .reduce((sum, { samples }) => sum + samples.length, 0)
  const isTurned = length(b) > length(a) || (length(b) === length(a) && b.recording < a.recording)
  return isTurned ? [b.recording, a.recording] : [a.recording, b.recording]
}

/** Ids that are another recording stored again: without them each recording counts once. */
export function copiesAmong(
  reuploads: readonly Pick<Reupload, 'of' | 'id'>[],
): ReadonlySet<string> {
  return new Set(reuploads.map(({ id }) => id))
}

/** Of each part the id of its recording; of a copy's the id of what it is a copy of. */
export function witnessesOfParts(
  parts: readonly RecordingPart[],
  reuploads: readonly Pick<Reupload, 'of' | 'id'>[],
): string[] {
  const originals = new Map(reuploads.map(({ of, id }) => [id, of]))
  return parts.map(({ recording }) => {
    let witness = recording
    while (originals.has(witness)) witness = originals.get(witness)!
    return witness
  })
}
