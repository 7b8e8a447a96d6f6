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
import type {
  AlignInput,
  Alignment,
  AlignOptions,
  AlignProgress,
  AlignSteps,
  ApartRecording,
} from './alignment.ts'
import { anchorSets } from './anchors.ts'
import { apartReason } from './apart-reason.ts'
import { chosenLinks, countLinks } from './chosen-links.ts'
import { closedTriangles } from './closed-triangles.ts'
import { areMany } from './edit-material.ts'
import type { EditMaterial, Expected } from './edit-material.ts'
import { proposeCuts } from './edits.ts'
import { expectedLinks } from './expected-links.ts'
import { betweenPlaces, findingOf, observationOf, soleLineOf } from './known-pairs.ts'
import type { HeardPart, Known } from './known-pairs.ts'
import { openCoarseSearch, shortestOverlapSeconds } from './coarse-search.ts'
import type { CoarseSearch } from './coarse-search.ts'
import { releaseRows } from './feature-dots.ts'
import { joinGroups } from './group-search.ts'
import { groupResult } from './group-result.ts'
import type { SolvedGroup } from './group-result.ts'
import type { Observation } from './observation.ts'
import { joinBySoleLines } from './sole-joins.ts'
import { isOneRecordedSound } from './sole-moment.ts'
import { compareSoundAt, isHeardBesidesLink } from './pair-search.ts'
import type { ClearFinding, PairFinding, Sound } from './pair-search.ts'
import { alignPiecewise } from './piecewise.ts'
import type { PartsAlignment } from './piecewise.ts'
import { groupTolerance, placeRecordings, sharedTime, unplaced } from './placement.ts'
import type { Placement } from './placement.ts'
import type { RecordingPart } from './recording-parts.ts'
import { sourceOf } from './sample-source.ts'
import { frameSeconds, sampleRateHz, soundFeatures } from './sound-features.ts'
import { defaultSoundSpeedMetresPerSecond, travelBoundSeconds } from './travel.ts'

/** Of groups of more than so many, only recordings with few links are looked at once more. */
const fewMembers = 12
/** Recordings whose transforms are kept together: pairs are compared tile by tile. */
const tileSize = 48

/** AlignError for an id given twice or an anchor that makes no sense; nothing else throws. */
export function alignRecordings(
  inputs: readonly AlignInput[],
  options: AlignOptions = {},
): Alignment {
  const steps = alignStepwise(inputs, options)
  for (;;) {
    const step = steps.next()
    if (step.done) return step.value
  }
}

/**
 * The same, a little at a time, so that whoever asks can show progress, do other
 * things between the steps, and stop: `return()` gives all memory back.
 */
export function* alignStepwise(
  inputs: readonly AlignInput[],
  options: AlignOptions = {},
): AlignSteps<Alignment> {
  const recordings = [...inputs].sort(byId)
  if (new Set(recordings.map(({ id }) => id)).size !== recordings.length) {
    throw new AlignError('duplicate-id', 'Each recording needs an id of its own.')
  }
  const search = openCoarseSearch()
  const known: Known = {
    sounds: new Map(),
    findings: new Map(),
    observations: new Map(),
    lines: new Map(),
    joints: [],
  }
  const featuresOf = (recording: string) => known.sounds.get(recording)?.features
  try {
    return yield* alignPiecewise(recordings, options.anchors ?? [], {
      align: (parts, anchors, expected) =>
        alignParts(parts, { ...options, anchors }, expected, search, known),
      proposeCuts: (parts, groups) =>
        proposeCuts({
          parts,
          groups,
          findings: findingsOf(recordings, known),
          featuresOf,
          lagsOf: (a, b) => lagsOf(known.observations.get(`${a}\u0000${b}`)),
        }),
      featuresOf,
    })
  } finally {
    search.free()
    releaseRows()
  }
}

function* alignParts(
  recordings: readonly RecordingPart[],
  options: AlignOptions,
  expected: ReadonlyMap<string, readonly Expected[]>,
  search: CoarseSearch,
  known: Known,
): AlignSteps<PartsAlignment> {
  const ids = recordings.map(({ id }) => id)
  const anchors = anchorSets(options.anchors ?? [], ids)
  const soundSpeed = options.soundSpeedMetresPerSecond ?? defaultSoundSpeedMetresPerSecond
  const travelBound = (a: number, b: number) =>
    travelBoundSeconds(recordings[a]!, recordings[b]!, soundSpeed)
  const isSameRecording = (a: number, b: number) =>
    recordings[a]!.recording === recordings[b]!.recording
  const isWhole = recordings.every(({ id, recording }) => id === recording)
  const told = (step: AlignProgress['step'], done: number, total: number): AlignProgress => ({
    step: isWhole ? step : 'piecing',
    done,
    total,
  })
  function* measuring<Result>(
    asking: Generator<{ readonly done: number; readonly total: number }, Result, void>,
  ): AlignSteps<Result> {
    for (;;) {
      const asked = asking.next()
      if (asked.done) return asked.value
      yield told('measuring', asked.value.done, asked.value.total)
    }
  }

  const heard: HeardPart[] = []
  for (const [place, part] of recordings.entries()) {
    const sound = listen(part, place, known)
    if (sound) heard.push(sound)
    yield told('hearing', place + 1, recordings.length)
  }
  const pairs = tiledPairs(heard).filter(({ a, b }) => !isSameRecording(a.place, b.place))
  const findings: PairFinding[] = []
  for (const { a, b } of pairs) {
    findings.push(findingOf(a, b, search, known, options.memory))
    yield told('comparing', findings.length, pairs.length)
  }
  const soundAt = new Map(heard.map((sound) => [sound.place, sound]))
  const clear = findings.filter((finding) => finding.clear !== undefined) as ClearFinding[]
  const chosen = chosenLinks(recordings.length, clear)
  const clearSound: Observation[] = []
  for (const finding of chosen) {
    const [a, b] = [soundAt.get(finding.a)!, soundAt.get(finding.b)!]
    clearSound.push(observationOf(a, b, finding, known, options.memory))
    yield told('measuring', clearSound.length, chosen.length)
  }
  const durations = recordings.map(({ samples }) => samples.length / sampleRateHz)
  // Trust: several agreeing anchors, surely clear sound, lines that stand alone, clear sound, a single anchor.
  const [sure, barely] = [true, false].map((wanted) =>
    clearSound.filter(({ height = 0 }, index) => {
      const { isSure, share } = chosen[index]!
      return (isSure && !isOneRecordedSound(height, share)) === wanted
    }),
  ) as [Observation[], Observation[]]
  const firm = placeRecordings(
    unplaced(recordings.length),
    [...anchors.agreeing.filter((set) => set.length > 1), ...sure.map((link) => [link])],
    travelBound,
  )
  const lineOf = (finding: PairFinding) =>
    soleLineOf(
      soundAt.get(finding.a)!,
      soundAt.get(finding.b)!,
      finding,
      search,
      known,
      options.memory,
    )
  const isPiece = (place: number) => recordings[place]!.id !== recordings[place]!.recording
  const askable = areMany(recordings)
    ? findings.filter(({ a, b }) => !isPiece(a) && !isPiece(b))
    : findings
  const joined = yield* measuring(joinBySoleLines(firm, askable, durations, lineOf, travelBound))
  const isHeardBesides = (link: Observation) =>
    isHeardBesidesLink(soundAt.get(link.a)!, soundAt.get(link.b)!, link)
  const closing = yield* measuring(closedTriangles(barely, findings, isHeardBesides, travelBound))
  const closed = placeRecordings(
    joined,
    closing.map((link) => [link]),
    travelBound,
  )
  const isTogether = ({ a, b }: Observation) => closed.groups[a] === closed.groups[b]
  const joinedSurely = placeRecordings(
    closed,
    [
      ...barely.filter((link) => isTogether(link) && !closing.includes(link)).map((link) => [link]),
      ...anchors.agreeing.filter((set) => set.length === 1),
    ],
    travelBound,
  )
  const pieced = placeRecordings(
    joinedSurely,
    expectedLinks(recordings, joinedSurely, soundAt, expected, search),
    travelBound,
  )
  // Whole recordings were joined before any was cut; then only pieces are left to join.
  const kept = known.joints.flatMap(({ a, b, joint }) => {
    const [one, two] = [ids.indexOf(a), ids.indexOf(b)]
    return one < 0 || two < 0 ? [] : [[betweenPlaces(joint, one, two)]]
  })
  const before = placeRecordings(pieced, kept, travelBound)
  const placement = joinGroups(
    before,
    heard,
    travelBound,
    search,
    (group) => isWhole || group.every(({ place }) => isPiece(place)),
  )
  if (isWhole) {
    known.joints = placement.accepted
      .slice(before.accepted.length)
      .map((joint) => ({ a: ids[joint.a]!, b: ids[joint.b]!, joint }))
  }
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

function lagsOf(link: Observation | undefined): number[] {
  return link ? [link.aSeconds - link.bSeconds] : []
}

/** What was found of whole recordings, in order of their ids. */
function findingsOf(
  recordings: readonly AlignInput[],
  { findings }: Known,
): EditMaterial['findings'] {
  return recordings.flatMap(({ id: one }, index) =>
    recordings.slice(index + 1).flatMap(({ id: two }) => {
      const finding = findings.get(`${one}\u0000${two}`)
      return finding ? [{ ...finding, ids: [one, two] as const }] : []
    }),
  )
}

/** A part's sound as the searches need it; nothing if there is too little to compare. */
function listen(part: RecordingPart, place: number, known: Known): HeardPart | undefined {
  const { id, recording, fingerprint, samples: given } = part
  const samples = sourceOf(given)
  const features = known.sounds.get(id)?.features ?? soundFeatures(samples)
  if (features.activeFrames * frameSeconds < shortestOverlapSeconds) return undefined
  const sound = {
    id,
    place,
    samples,
    features,
    // Pieces are compared anew: what cuts them is not part of the recording's fingerprint.
    fingerprint: id === recording ? fingerprint : undefined,
  }
  known.sounds.set(id, sound)
  return sound
}

/** Every two in order of place, but so that transforms that are kept are used while they are. */
function tiledPairs(sounds: readonly HeardPart[]): { a: HeardPart; b: HeardPart }[] {
  const pairs: { a: HeardPart; b: HeardPart }[] = []
  for (let from = 0; from < sounds.length; from += tileSize) {
    // Pairs of like length use the same transforms.
    const tile = sounds
      .slice(from, from + tileSize)
      .sort((one, two) => one.features.stepCount - two.features.stepCount)
    for (const a of sounds) {
      for (const b of tile) if (a.place < b.place) pairs.push({ a, b })
    }
  }
  return pairs
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
  const count = countLinks(durations.length)
  const linked = new Set<string>()
  for (const { kind, a, b } of placement.accepted) {
    if (kind !== 'sound') continue
    linked.add(`${a} ${b}`)
    count.add(a, b)
  }
  const groups = Map.groupBy(heard, ({ place }) => placement.groups[place]!)
  return [...groups.values()].flatMap((members) => {
    const reach = groupTolerance(
      members.map(({ place }) => place),
      travelBound,
    )
    return members.flatMap((one, index) =>
      members.slice(index + 1).flatMap((two) => {
        const [a, b] = [one.place, two.place]
        if (linked.has(`${a} ${b}`) || isSameRecording(a, b)) return []
        if (members.length > fewMembers && !count.isNeeded(a, b)) return []
        const shared = sharedTime(placement.places, durations, a, b)
        if (shared.toSeconds - shared.fromSeconds < shortestOverlapSeconds) return []
        const link = compareSoundAt(one, two, shared.lagSeconds, reach, search)
        if (link) count.add(a, b)
        return link ?? []
      }),
    )
  })
}

function byId(one: AlignInput, two: AlignInput): number {
  return one.id < two.id ? -1 : one.id > two.id ? 1 : 0
}

function firstId(group: SolvedGroup): string {
  return group.members.map(({ id }) => id).sort()[0] ?? ''
}
