/** What is true of a sound scene's recordings, and what sound alone can know of it. */
import type { CodecName } from './phone-channel.ts'
import { metresBetween, ownTime, positionAt, sceneTime } from './scene.ts'
import type { Point } from './scene.ts'
import type { SoundScene } from './sound-scene.ts'
import type { Emitter } from './sound-scene-sources.ts'
import { arrivalTime, soundMetresPerSecond } from './travel.ts'

/** truth.json. Scene time = startSeconds + rate × own time; times of different places have nothing in common. */
export interface SoundTruth {
  readonly seed: number
  /** A number, or in words. */
  readonly difficulty: number | string
  readonly recordings: readonly TrueSoundRecording[]
  /** Of the same place, sharing 5 s or more. Only of recordings in one piece. */
  readonly pairs: readonly TruePair[]
  /** In no order. Only as recordings in one piece hear them. */
  readonly impulses: readonly TrueImpulse[]
}

/** A sound that begins at once and is soon over. */
export interface TrueImpulse {
  /** A shot or the like; or a door, metal, glass, a bell, firecrackers. */
  readonly kind: 'bang' | 'other'
  /** From its beginning to the last that may be heard as a beginning of its own. */
  readonly lastsSeconds: number
  /** Every recording that runs when it arrives, loud enough or not, and its own time then. */
  readonly heard: readonly { readonly recording: string; readonly ownSeconds: number }[]
}

export interface TrueSoundRecording {
  readonly id: string
  readonly file: string
  readonly place: string
  readonly startSeconds: number
  readonly rate: number
  /** Own time in which it ends. */
  readonly durationSeconds: number
  readonly position: Point
  readonly snrDecibels: number
  readonly codec: CodecName
  readonly sampleRateHz: number
  /** Cut together from these, in order; absent: one piece. */
  readonly pieces?: readonly TruePiece[]
  /** The recording that this one is made from. */
  readonly of?: string
}

export interface TruePiece {
  /** Own time of the edited recording. */
  readonly fromSeconds: number
  readonly toSeconds: number
  /** Scene time = startSeconds + rate × own time within the piece. */
  readonly startSeconds: number
  readonly rate: number
}

export interface TruePair {
  readonly a: string
  readonly b: string
  /** Scene time that both record. */
  readonly fromSeconds: number
  readonly toSeconds: number
  /** At the beginning, the middle and the end of that. */
  readonly moments: readonly [TrueMoment, TrueMoment, TrueMoment]
}

/**
 * Travel to b less travel to a. Sound makes (clock of a − clock of b) at this
 * scene time, which is truly 0, seem to be one of these.
 */
export interface TrueMoment {
  readonly atSeconds: number
  readonly minimumSeconds: number
  readonly maximumSeconds: number
  /** Each source that both hear. */
  readonly travelSeconds: readonly number[]
}

/** The shortest overlap that counts. */
export const sharedAtLeastSeconds = 5
/** A source counts if the geometric mean of its energies at both is this share of the strongest source's: 15 dB less. */
const audibleShare = 0.03

/** Every pair of these recordings at one place that shares enough. */
export function truePairs(
  scene: SoundScene,
  recordings: readonly TrueSoundRecording[],
): TruePair[] {
  return recordings.flatMap((a, index) =>
    recordings.slice(index + 1).flatMap((b) => {
      const place = scene.places.find(({ id }) => id === a.place)
      if (place === undefined || a.place !== b.place || a.pieces || b.pieces) return []
      const fromSeconds = Math.max(a.startSeconds, b.startSeconds)
      const toSeconds = Math.min(sceneTime(a, a.durationSeconds), sceneTime(b, b.durationSeconds))
      if (toSeconds - fromSeconds < sharedAtLeastSeconds) return []
      const heard = heardByBoth(place.emitters, a.position, b.position, fromSeconds, toSeconds)
      const at = (atSeconds: number) => momentAt(atSeconds, heard, a.position, b.position)
      const moments = [at(fromSeconds), at((fromSeconds + toSeconds) / 2), at(toSeconds)] as const
      return [{ a: a.id, b: b.id, fromSeconds, toSeconds, moments }]
    }),
  )
}

/** Every bang, thump and bell of the scene. */
export function trueImpulses(
  scene: SoundScene,
  recordings: readonly TrueSoundRecording[],
): TrueImpulse[] {
  return scene.places.flatMap(({ id, emitters }) =>
    emitters
      .filter(({ kind }) => kind === 'bang' || kind === 'thump' || kind === 'bell')
      .map(({ kind, path, atSeconds }) => ({
        kind: kind === 'bang' ? kind : ('other' as const),
        lastsSeconds: 0,
        heard: heardImpulse(
          recordings.filter(({ place, pieces }) => place === id && !pieces),
          ({ position }) => arrivalTime(path, position, atSeconds),
        ),
      })),
  )
}

/** Of these recordings those that run when the sound arrives, in scene time, and their own time. */
export function heardImpulse(
  recordings: readonly TrueSoundRecording[],
  arrivalSeconds: (recording: TrueSoundRecording) => number,
): TrueImpulse['heard'] {
  return recordings.flatMap((recording) => {
    const ownSeconds = ownTime(recording, arrivalSeconds(recording))
    const runs = ownSeconds >= 0 && ownSeconds < recording.durationSeconds
    return runs ? [{ recording: recording.id, ownSeconds }] : []
  })
}

interface Heard {
  readonly emitter: Emitter
  readonly fromSeconds: number
  readonly toSeconds: number
}

function heardByBoth(
  emitters: readonly Emitter[],
  a: Point,
  b: Point,
  fromSeconds: number,
  toSeconds: number,
): Heard[] {
  const active = emitters.flatMap((emitter) => {
    const from = Math.max(fromSeconds, emitter.atSeconds)
    const to = Math.min(toSeconds, emitter.atSeconds + emitter.durationSeconds)
    return from < to ? [{ emitter, fromSeconds: from, toSeconds: to }] : []
  })
  const strengths = active.map((heard) => sharedStrength(heard, a, b))
  const least = audibleShare * Math.max(...strengths)
  const often = heardOften(active, a, b, fromSeconds, toSeconds)
  return active.filter((heard, index) => strengths[index]! >= least || often.has(heard))
}

/**
 * One bang may hold more energy than a minute of all else: what is within 15 dB of the
 * loudest at half of the moments counts too.
 */
function heardOften(
  active: readonly Heard[],
  a: Point,
  b: Point,
  fromSeconds: number,
  toSeconds: number,
): ReadonlySet<Heard> {
  const moments = 32
  const times = new Map<Heard, number>()
  for (let moment = 0; moment < moments; moment++) {
    const at = fromSeconds + ((moment + 0.5) * (toSeconds - fromSeconds)) / moments
    const now = active.filter((heard) => heard.fromSeconds <= at && at <= heard.toSeconds)
    const levels = now.map(({ emitter }) => sharedLevel(emitter, at, a, b))
    const least = audibleShare * Math.max(...levels)
    now.forEach((heard, index) => {
      if (levels[index]! >= least) times.set(heard, (times.get(heard) ?? 0) + 1)
    })
  }
  return new Set(active.filter((heard) => (times.get(heard) ?? 0) >= moments / 2))
}

/** Energy at a times energy at b, square root, summed over the time that both hear it. */
function sharedStrength({ emitter, fromSeconds, toSeconds }: Heard, a: Point, b: Point): number {
  const steps = 8
  let sum = 0
  for (let step = 0; step < steps; step++) {
    const at = fromSeconds + ((step + 0.5) * (toSeconds - fromSeconds)) / steps
    sum += sharedLevel(emitter, at, a, b) * ((toSeconds - fromSeconds) / steps)
  }
  return sum
}

function sharedLevel(emitter: Emitter, atSeconds: number, a: Point, b: Point): number {
  const source = positionAt(emitter.path, atSeconds)
  const loss = Math.max(1, metresBetween(source, a)) * Math.max(1, metresBetween(source, b))
  return emitter.level ** 2 / loss
}

function momentAt(atSeconds: number, heard: readonly Heard[], a: Point, b: Point): TrueMoment {
  const travelSeconds = heard.map(({ emitter, fromSeconds, toSeconds }) => {
    const source = positionAt(emitter.path, Math.max(fromSeconds, Math.min(toSeconds, atSeconds)))
    return (metresBetween(source, b) - metresBetween(source, a)) / soundMetresPerSecond
  })
  const bound = metresBetween(a, b) / soundMetresPerSecond
  return {
    atSeconds,
    minimumSeconds: travelSeconds.length > 0 ? Math.min(...travelSeconds) : -bound,
    maximumSeconds: travelSeconds.length > 0 ? Math.max(...travelSeconds) : bound,
    travelSeconds,
  }
}
