/**
 * Puts recordings on one clock by what they heard together, and by what a
 * person saw in two of them.
 *
 * In: mono sound at 8 kHz per recording, places and anchors where known.
 * Out: groups, each with its own clock; every recording is in one group or
 * apart with a reason. The order of the inputs does not matter, and a recording
 * that shares nothing with the others changes nothing for them.
 */
import { AlignError } from './align-error.ts'
import type { AlignInput, Alignment, AlignOptions, ApartCode, ApartRecording } from './alignment.ts'
import { anchorSets } from './anchors.ts'
import { proposeCuts } from './edits.ts'
import { openCoarseSearch, shortestOverlapSeconds } from './coarse-search.ts'
import type { CoarseSearch } from './coarse-search.ts'
import { joinGroups } from './group-search.ts'
import { groupResult } from './group-result.ts'
import type { SolvedGroup } from './group-result.ts'
import type { Observation } from './observation.ts'
import { compareSound, compareSoundAt } from './pair-search.ts'
import type { PairFinding, Sound } from './pair-search.ts'
import { alignPiecewise } from './piecewise.ts'
import type { PartsAlignment } from './piecewise.ts'
import { groupOf, groupTolerance, placeRecordings, sharedTime, unplaced } from './placement.ts'
import type { Placement } from './placement.ts'
import type { RecordingPart } from './recording-parts.ts'
import { sourceOf } from './sample-source.ts'
import { frameSeconds, sampleRateHz, soundFeatures } from './sound-features.ts'
import { defaultSoundSpeedMetresPerSecond, travelBoundSeconds } from './travel.ts'

/** A recording of which so much repeats is apart for that reason. */
const mostlyRepeated = 0.5

/** AlignError for an id given twice or an anchor that makes no sense; nothing else throws. */
export function alignRecordings(
  inputs: readonly AlignInput[],
  options: AlignOptions = {},
): Alignment {
  const recordings = [...inputs].sort(byId)
  if (new Set(recordings.map(({ id }) => id)).size !== recordings.length) {
    throw new AlignError('duplicate-id', 'Each recording needs an id of its own.')
  }
  const search = openCoarseSearch()
  const known: Known = { sounds: new Map(), findings: new Map() }
  const alignment = alignPiecewise(recordings, options.anchors ?? [], {
    align: (parts, anchors) => alignParts(parts, { ...options, anchors }, search, known),
    proposeCuts: () =>
      proposeCuts([...known.sounds.values()], [...known.findings.values()], search),
    featuresOf: (recording) => known.sounds.get(recording)?.features,
  })
  search.free()
  return alignment
}

/** What was found of parts and pairs of parts, by id: pieces are aligned more than once. */
interface Known {
  readonly sounds: Map<string, Sound & { readonly id: string }>
  readonly findings: Map<string, PairFinding>
}

function alignParts(
  recordings: readonly RecordingPart[],
  options: AlignOptions,
  search: CoarseSearch,
  known: Known,
): PartsAlignment {
  const ids = recordings.map(({ id }) => id)
  const anchors = anchorSets(options.anchors ?? [], ids)
  const soundSpeed = options.soundSpeedMetresPerSecond ?? defaultSoundSpeedMetresPerSecond
  const travelBound = (a: number, b: number) =>
    travelBoundSeconds(recordings[a]!, recordings[b]!, soundSpeed)
  const isSameRecording = (a: number, b: number) =>
    recordings[a]!.recording === recordings[b]!.recording

  const heard = recordings.flatMap((part, place) => listen(part, place, known) ?? [])
  const findings = comparePairs(heard, isSameRecording, search, known, options.onProgress)
  const clearSound = findings
    .flatMap(({ observation }) => (observation ? [observation] : []))
    .sort((one, two) => two.confidence - one.confidence)
  // Trust: several agreeing anchors, clear sound, a single anchor.
  const firm = placeRecordings(
    unplaced(recordings.length),
    [
      ...anchors.agreeing.filter((set) => set.length > 1),
      ...clearSound.map((observation) => [observation]),
      ...anchors.agreeing.filter((set) => set.length === 1),
    ],
    travelBound,
  )
  const placement = joinGroups(firm, heard, travelBound, search)
  const durations = recordings.map(({ samples }) => samples.length / sampleRateHz)
  const supported: Placement = {
    ...placement,
    accepted: [
      ...placement.accepted,
      ...linksWithTheGroupsHelp(placement, heard, durations, travelBound, isSameRecording, search),
    ],
    rejected: [...placement.rejected, ...anchors.rejected],
  }

  const groupsOf = (witnesses: readonly string[]) =>
    [...Map.groupBy(ids.keys(), (recording) => supported.groups[recording]!).values()]
      .filter((members) => members.length > 1)
      .map((members) =>
        groupResult(members, {
          ids,
          durations,
          placement: supported,
          travelBound,
          positions: recordings.map(({ position }) => position),
          soundSpeedMetresPerSecond: soundSpeed,
          recordings: recordings.map(({ recording }) => recording),
          witnesses,
        }),
      )
      .sort(
        (one, two) =>
          two.members.length - one.members.length || (firstId(one) < firstId(two) ? -1 : 1),
      )
  const groups = groupsOf(recordings.map(({ recording }) => recording))
  const placed = new Set(groups.flatMap(({ members }) => members.map(({ id }) => id)))
  const apart = recordings.flatMap(({ id, samples }, recording): ApartRecording[] =>
    placed.has(id) ? [] : [{ id, ...apartReason(recording, samples, heard, findings) }],
  )
  return { groups, apart, groupsOf }
}

/** A part's sound as the searches need it; nothing if there is too little to compare. */
function listen({ id, samples: given }: RecordingPart, place: number, known: Known) {
  const samples = sourceOf(given)
  const features = known.sounds.get(id)?.features ?? soundFeatures(samples)
  if (features.activeFrames * frameSeconds < shortestOverlapSeconds) return undefined
  const sound = { id, place, samples, features }
  known.sounds.set(id, sound)
  return sound
}

function comparePairs(
  heard: readonly (Sound & { readonly id: string })[],
  isSameRecording: (a: number, b: number) => boolean,
  search: CoarseSearch,
  known: Known,
  onProgress: AlignOptions['onProgress'],
): PairFinding[] {
  const pairs = heard.flatMap((a, index) =>
    heard.slice(index + 1).flatMap((b) => (isSameRecording(a.place, b.place) ? [] : [{ a, b }])),
  )
  return pairs.map(({ a, b }, index) => {
    const key = `${a.id}\u0000${b.id}`
    const before = known.findings.get(key)
    const finding = before ? betweenPlaces(before, a.place, b.place) : compareSound(a, b, search)
    known.findings.set(key, finding)
    onProgress?.(index + 1, pairs.length)
    return finding
  })
}

/** The same finding where the two have other places in the list. */
function betweenPlaces(finding: PairFinding, a: number, b: number): PairFinding {
  const moved = (observation: Observation): Observation => ({
    ...observation,
    a,
    b,
    ...(observation.family ? { family: observation.family.map(moved) } : {}),
  })
  const { observation } = finding
  return { ...finding, a, b, ...(observation ? { observation: moved(observation) } : {}) }
}

/** Pairs without a link of their own, looked at once more where the group says they should meet. */
function linksWithTheGroupsHelp(
  placement: Placement,
  heard: readonly Sound[],
  durations: readonly number[],
  travelBound: (a: number, b: number) => number,
  isSameRecording: (a: number, b: number) => boolean,
  search: CoarseSearch,
): Observation[] {
  const linked = new Set(
    placement.accepted.flatMap(({ kind, a, b }) => (kind === 'sound' ? [`${a} ${b}`] : [])),
  )
  return heard.flatMap((one, index) =>
    heard.slice(index + 1).flatMap((two) => {
      const [a, b] = [one.place, two.place]
      if (placement.groups[a] !== placement.groups[b] || linked.has(`${a} ${b}`)) return []
      if (isSameRecording(a, b)) return []
      const shared = sharedTime(placement.places, durations, a, b)
      if (shared.toSeconds - shared.fromSeconds < shortestOverlapSeconds) return []
      const reach = groupTolerance(groupOf(placement.groups, a), travelBound)
      return compareSoundAt(one, two, shared.lagSeconds, reach, search) ?? []
    }),
  )
}

function apartReason(
  recording: number,
  raw: { readonly length: number },
  heard: readonly Sound[],
  findings: readonly PairFinding[],
): { readonly code: ApartCode; readonly reason: string } {
  if (raw.length === 0) return { code: 'no-audio', reason: 'It has no sound track.' }
  if (raw.length / sampleRateHz < shortestOverlapSeconds) {
    return { code: 'too-short', reason: `It is shorter than ${shortestOverlapSeconds} s.` }
  }
  const sound = heard.find(({ place }) => place === recording)
  if (!sound) {
    return {
      code: 'silent',
      reason: `Its sound track holds less than ${shortestOverlapSeconds} s of sound.`,
    }
  }
  if (heard.length < 2) {
    return {
      code: 'only-recording',
      reason: 'There is no other recording with sound to compare it with.',
    }
  }
  if (sound.features.repeatedShare > mostlyRepeated) {
    return {
      code: 'ambiguous-sound',
      reason: 'Most of its sound repeats exactly, so no one moment can be chosen.',
    }
  }
  const own = findings.filter(({ a, b }) => a === recording || b === recording)
  if (own.some(({ isAmbiguous }) => isAmbiguous)) {
    return {
      code: 'ambiguous-sound',
      reason:
        'It sounds like another recording at several moments equally well (a sound that repeats), so no one moment can be chosen.',
    }
  }
  const gap = Math.max(0, ...own.map((finding) => finding.gap))
  return {
    code: 'no-shared-sound',
    reason: `No moment stands out at which it sounds like another recording (the best stands clear of the next by ${gap.toFixed(1)} standard deviations; that is too little).`,
  }
}

function byId(one: AlignInput, two: AlignInput): number {
  return one.id < two.id ? -1 : one.id > two.id ? 1 : 0
}

function firstId(group: SolvedGroup): string {
  return group.members.map(({ id }) => id).sort()[0] ?? ''
}
