/** How right an alignment of a sound scene is, by the truth beside its files. */
import { sceneTime } from '../test/support/scene/scene.ts'
import { metresBetween } from '../test/support/scene/scene.ts'
import type {
  SoundTruth,
  TruePair,
  TrueSoundRecording,
} from '../test/support/scene/sound-scene-truth.ts'
import { soundMetresPerSecond } from '../test/support/scene/travel.ts'

/** What is read of an alignment; clock = offsetSeconds + rate × own time. */
export interface ScoredAlignment {
  readonly groups: readonly {
    readonly members: readonly PlacedRecording[]
  }[]
}

export interface PlacedRecording {
  readonly id: string
  readonly offsetSeconds: number
  readonly rate: number
  readonly errorSeconds: number
}

export interface PairScore {
  readonly a: string
  readonly b: string
  readonly overlapSeconds: number
  readonly worstSnrDecibels: number
  /** How wide the range of acoustic truth is, at its widest. */
  readonly rangeSeconds: number
  /** Absent: not on one clock. The other figures go with it. */
  readonly found?: {
    /** Beyond acoustic truth, at the worst of beginning, middle and end of the overlap. */
    readonly errorSeconds: number
    /** From the nearest line that one single audible source makes, at its worst moment. */
    readonly fromOneSourceSeconds: number
    readonly driftErrorPpm: number
  }
}

export interface SceneScore {
  readonly pairs: readonly PairScore[]
  /** Pairs on one clock that share no place, or stand wrong by more than 50 ms. */
  readonly falseLinks: readonly { readonly a: string; readonly b: string; readonly why: string }[]
  /** Recordings in groups, and those of them that are of their group's most frequent place. */
  readonly grouped: number
  readonly pure: number
  /** Members other than the first of their group, and those whose error bar holds the truth. */
  readonly bars: number
  readonly honestBars: number
}

export const wrongFromSeconds = 0.05

export function scoreScene(truth: SoundTruth, alignment: ScoredAlignment): SceneScore {
  const known = new Map(truth.recordings.map((recording) => [recording.id, recording]))
  const placed = new Map(
    alignment.groups.flatMap(({ members }, group) =>
      members.map((member) => [member.id, { ...member, group }] as const),
    ),
  )
  const together = (a: string, b: string): boolean =>
    placed.has(a) && placed.get(a)?.group === placed.get(b)?.group
  const pairs = truth.pairs.map((pair): PairScore => {
    const [a, b] = [known.get(pair.a)!, known.get(pair.b)!]
    const facts = {
      a: pair.a,
      b: pair.b,
      overlapSeconds: pair.toSeconds - pair.fromSeconds,
      worstSnrDecibels: Math.min(a.snrDecibels, b.snrDecibels),
      rangeSeconds: Math.max(
        ...pair.moments.map(
          ({ minimumSeconds, maximumSeconds }) => maximumSeconds - minimumSeconds,
        ),
      ),
    }
    if (!together(pair.a, pair.b)) return facts
    return { ...facts, found: pairErrors(pair, a, placed.get(pair.a)!, b, placed.get(pair.b)!) }
  })
  const wrong = pairs.flatMap(({ a, b, found }) =>
    found !== undefined && found.errorSeconds > wrongFromSeconds
      ? [{ a, b, why: `${(1000 * found.errorSeconds).toFixed(0)} ms off` }]
      : [],
  )
  const groups = alignment.groups.map(({ members }) =>
    members.map(({ id }) => known.get(id)!.place),
  )
  return {
    pairs,
    falseLinks: [...wrong, ...withoutSharedSound(truth, placed)],
    grouped: groups.flat().length,
    pure: groups
      .map((places) => Math.max(...places.map((place) => places.filter((p) => p === place).length)))
      .reduce((sum, count) => sum + count, 0),
    ...errorBars(alignment, known),
  }
}

/** Clock of a less clock of b at one scene time, by an alignment: 0 if it were the truth. */
export function clockDifference(
  atSeconds: number,
  a: TrueSoundRecording,
  placedA: Pick<PlacedRecording, 'offsetSeconds' | 'rate'>,
  b: TrueSoundRecording,
  placedB: Pick<PlacedRecording, 'offsetSeconds' | 'rate'>,
): number {
  const clock = (recording: TrueSoundRecording, { offsetSeconds, rate }: typeof placedA): number =>
    offsetSeconds + (rate * (atSeconds - recording.startSeconds)) / recording.rate
  return clock(a, placedA) - clock(b, placedB)
}

/** By how much a clock difference lies outside what sound supports. */
export function beyond(moment: TruePair['moments'][number], difference: number): number {
  return Math.max(0, moment.minimumSeconds - difference, difference - moment.maximumSeconds)
}

function pairErrors(
  pair: TruePair,
  a: TrueSoundRecording,
  placedA: PlacedRecording,
  b: TrueSoundRecording,
  placedB: PlacedRecording,
): NonNullable<PairScore['found']> {
  const differences = pair.moments.map(({ atSeconds }) =>
    clockDifference(atSeconds, a, placedA, b, placedB),
  )
  const oneSource = pair.moments[0].travelSeconds.map((_, source) =>
    Math.max(
      ...pair.moments.map(({ travelSeconds }, index) =>
        Math.abs(differences[index]! - travelSeconds[source]!),
      ),
    ),
  )
  const ratio = placedA.rate / a.rate / (placedB.rate / b.rate)
  return {
    errorSeconds: Math.max(
      ...pair.moments.map((moment, index) => beyond(moment, differences[index]!)),
    ),
    fromOneSourceSeconds: Math.min(...oneSource),
    driftErrorPpm: 1e6 * (ratio - 1),
  }
}

/**
 * Pairs on one clock that do not share 5 s: of two places never right, of one
 * place (joined by others) right as far as a chain of travel may lead astray.
 */
function withoutSharedSound(
  truth: SoundTruth,
  placed: ReadonlyMap<string, PlacedRecording & { readonly group: number }>,
): { a: string; b: string; why: string }[] {
  const sharing = new Set(truth.pairs.map(({ a, b }) => `${a} ${b}`))
  return truth.recordings.flatMap((a, index) =>
    truth.recordings.slice(index + 1).flatMap((b) => {
      const [placedA, placedB] = [placed.get(a.id), placed.get(b.id)]
      if (placedA === undefined || placedA.group !== placedB?.group) return []
      if (a.place !== b.place) return [{ a: a.id, b: b.id, why: 'of two places' }]
      if (sharing.has(`${a.id} ${b.id}`)) return []
      const middle = (sceneTime(a, a.durationSeconds / 2) + sceneTime(b, b.durationSeconds / 2)) / 2
      const off = Math.abs(clockDifference(middle, a, placedA, b, placedB))
      const beyondTravel = off - chainOfTravel(truth, a.place)
      return beyondTravel > wrongFromSeconds
        ? [{ a: a.id, b: b.id, why: `${(1000 * off).toFixed(0)} ms off, sharing nothing` }]
        : []
    }),
  )
}

/** Two steps over the place's whole width. */
function chainOfTravel(truth: SoundTruth, place: string): number {
  const there = truth.recordings.filter((recording) => recording.place === place)
  const distances = there.flatMap((a) => there.map((b) => metresBetween(a.position, b.position)))
  return (2 * Math.max(...distances)) / soundMetresPerSecond
}

/** A bar is honest if the truth lies within it at the recording's beginning and end. */
function errorBars(
  alignment: ScoredAlignment,
  known: ReadonlyMap<string, TrueSoundRecording>,
): { bars: number; honestBars: number } {
  let bars = 0
  let honestBars = 0
  for (const { members } of alignment.groups) {
    const [first, ...others] = members
    if (first === undefined) continue
    const reference = known.get(first.id)!
    for (const member of others) {
      const recording = known.get(member.id)!
      if (recording.place !== reference.place) continue
      const ends = [recording.startSeconds, sceneTime(recording, recording.durationSeconds)]
      const off = ends.map((at) => clockDifference(at, reference, first, recording, member))
      bars += 1
      if (off.every((seconds) => Math.abs(seconds) <= member.errorSeconds)) honestBars += 1
    }
  }
  return { bars, honestBars }
}
