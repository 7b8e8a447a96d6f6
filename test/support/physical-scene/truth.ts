/** What is true of a scene's pairs, by how loud each source really was: `TruePair` says what the figures mean. */
import { sceneTime } from '../scene/scene.ts'
import { heardImpulse, sharedAtLeastSeconds } from '../scene/sound-scene-truth.ts'
import type {
  TrueImpulse,
  TrueMoment,
  TruePair,
  TrueSoundRecording,
} from '../scene/sound-scene-truth.ts'
import { soundMetresPerSecond } from '../scene/travel.ts'
import { arrivalSeconds, metresFrom, travelDifference } from './place/geometry.ts'
import type { Emission, Mover } from './place/place.ts'
import { onePole } from './signal/filters.ts'
import { rateHz } from './signal/samples.ts'

/** Energy that leaves a source in each half second of scene time, 200 to 3700 Hz, at 1 m. */
export interface Loudness {
  readonly source: Mover
  readonly energies: number[]
}

const cellSeconds = 0.5
/** 15 dB under the loudest. */
const audibleShare = 0.03
/** Of an overlap: a source that is among the loudest for this share of it counts. */
const oftenShare = 0.25

export function loudnessOf(source: Mover): Loudness {
  return { source, energies: [] }
}

export function addLoudness({ energies }: Loudness, { atSeconds, samples, gain }: Emission): void {
  const below = onePole(200)
  const above = onePole(3700)
  let [low, high, sum] = [0, 0, 0]
  const start = atSeconds / cellSeconds
  const step = 1 / rateHz / cellSeconds
  for (let index = 0; index < samples.length; index++) {
    low += below * (samples[index]! - low)
    high += above * (samples[index]! - low - high)
    sum += high * high
    const cell = Math.floor(start + index * step)
    if (index + 1 === samples.length || Math.floor(start + (index + 1) * step) !== cell) {
      if (cell >= 0) energies[cell] = (energies[cell] ?? 0) + gain * gain * sum
      sum = 0
    }
  }
}

/** A sound that begins at once, as it leaves its source. */
export interface MadeImpulse extends Omit<TrueImpulse, 'heard'> {
  readonly source: Mover
  readonly atSeconds: number
}

export function impulsesOf(
  source: Mover,
  { atSeconds, samples, impulse }: Emission,
): readonly MadeImpulse[] {
  if (impulse === undefined) return []
  const { kind, fromSeconds } = impulse
  const lastsSeconds = kind === 'bang' ? 0 : samples.length / rateHz - fromSeconds
  return [{ source, kind, atSeconds: atSeconds + fromSeconds, lastsSeconds }]
}

/** When each recording hears them; where phones stand is by their id. */
export function physicalImpulses(
  recordings: readonly TrueSoundRecording[],
  phones: ReadonlyMap<string, Mover>,
  made: ReadonlyMap<string, readonly MadeImpulse[]>,
): TrueImpulse[] {
  return [...made].flatMap(([place, impulses]) =>
    impulses.map(({ source, atSeconds, ...impulse }) => ({
      ...impulse,
      heard: heardImpulse(
        recordings.filter((recording) => recording.place === place),
        ({ id }) => arrivalSeconds(source, phones.get(id)!, atSeconds),
      ),
    })),
  )
}

/** Every pair of these recordings at one place that shares enough; where phones stand is by their id. */
export function physicalPairs(
  recordings: readonly TrueSoundRecording[],
  phones: ReadonlyMap<string, Mover>,
  loudness: ReadonlyMap<string, readonly Loudness[]>,
): TruePair[] {
  return recordings.flatMap((a, index) =>
    recordings.slice(index + 1).flatMap((b) => {
      if (a.place !== b.place) return []
      const fromSeconds = Math.max(a.startSeconds, b.startSeconds)
      const toSeconds = Math.min(sceneTime(a, a.durationSeconds), sceneTime(b, b.durationSeconds))
      if (toSeconds - fromSeconds < sharedAtLeastSeconds) return []
      const both = [phones.get(a.id)!, phones.get(b.id)!] as const
      const heard = heardByBoth(loudness.get(a.place)!, both, fromSeconds, toSeconds)
      const at = (atSeconds: number): TrueMoment => momentAt(atSeconds, heard, both)
      const moments = [at(fromSeconds), at((fromSeconds + toSeconds) / 2), at(toSeconds)] as const
      return [{ a: a.id, b: b.id, fromSeconds, toSeconds, moments }]
    }),
  )
}

interface Heard {
  readonly source: Mover
  /** Scene times at the source between which it is among the loudest in the overlap. */
  readonly bounds: readonly [number, number]
}

type Both = readonly [Mover, Mover]

function heardByBoth(
  loudness: readonly Loudness[],
  both: Both,
  fromSeconds: number,
  toSeconds: number,
): Heard[] {
  const first = Math.floor(fromSeconds / cellSeconds)
  const count = Math.max(1, Math.ceil(toSeconds / cellSeconds) - first)
  const active = loudness.flatMap(({ source, energies }) => {
    const shared = Array.from({ length: count }, (_, index) => {
      const energy = energies[first + index] ?? 0
      return energy > 0 ? energy / loss(source, both, (first + index + 0.5) * cellSeconds) : 0
    })
    return shared.some((energy) => energy > 0) ? [{ source, shared }] : []
  })
  const sums = active.map(({ shared }) => shared.reduce((sum, energy) => sum + energy, 0))
  const leastSum = audibleShare * Math.max(...sums)
  const loudest = Array.from({ length: count }, (_, cell) =>
    Math.max(...active.map(({ shared }) => shared[cell]!)),
  )
  return active.flatMap(({ source, shared }, index): Heard[] => {
    const among = shared.flatMap((energy, cell) =>
      energy > 0 && energy >= audibleShare * loudest[cell]! ? [cell] : [],
    )
    if (sums[index]! < leastSum && among.length < oftenShare * count) return []
    const [from, to] = [first + among[0]!, first + among.at(-1)! + 1]
    return [{ source, bounds: [from * cellSeconds, to * cellSeconds] }]
  })
}

/** Of energy on its way to both: the geometric mean of the two distances' squares. */
function loss(source: Mover, both: Both, atSeconds: number): number {
  const [toA, toB] = both.map((phone) => metresFrom(source, atSeconds, phone, atSeconds))
  return Math.max(1, toA!) * Math.max(1, toB!)
}

function momentAt(atSeconds: number, heard: readonly Heard[], [a, b]: Both): TrueMoment {
  const travelSeconds = heard.map(({ source, bounds }) =>
    travelDifference(source, a, b, atSeconds, bounds),
  )
  const bound = metresFrom(a, atSeconds, b, atSeconds) / soundMetresPerSecond
  return {
    atSeconds,
    minimumSeconds: travelSeconds.length > 0 ? Math.min(...travelSeconds) : -bound,
    maximumSeconds: travelSeconds.length > 0 ? Math.max(...travelSeconds) : bound,
    travelSeconds,
  }
}
