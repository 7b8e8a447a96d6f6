/**
 * Sound-only scenes, harder and longer than `random-scene.ts` and quick to
 * render: many sources, echoes, loops that repeat exactly, phones that hear
 * badly, and strangers who recorded the same song elsewhere. Plain data and
 * pure functions; `sound-files.ts` makes the files. Scene time, own time and
 * rate as in `scene.ts`.
 */
import { codecsOf } from './phone-channel.ts'
import type { CodecName } from './phone-channel.ts'
import { randomFrom, seedFor } from './random.ts'
import type { Random } from './random.ts'
import type { Microphone, Place, Point } from './scene.ts'
import { placeEmitters, pointWithin } from './sound-scene-sources.ts'
import { settings } from './sound-scene-settings.ts'
import type { Difficulty, Setting } from './sound-scene-settings.ts'
import type { Emitter } from './sound-scene-sources.ts'

export interface SoundSceneOptions {
  /** 4 unless given. */
  readonly difficulty?: Difficulty
  /** Of the incident; 600 unless given. */
  readonly durationSeconds?: number
  /** Phones at the incident; 8 unless given. */
  readonly phones?: number
  /** Phones elsewhere, each at a place of its own; 2 unless given. */
  readonly unrelated?: number
  /** Phones stand within this distance of the middle; by difficulty unless given. */
  readonly spreadMetres?: number
  /** Lowest and highest signal to noise ratio of a phone; by difficulty unless given. */
  readonly snrDecibels?: readonly [number, number]
  /** How long strangers record; 30 to 240 s unless given. */
  readonly unrelatedSeconds?: readonly [number, number]
  /** Songs, chants and sirens that scenes have in common; the same for all unless given. */
  readonly librarySeed?: number
}

export interface SoundPlace {
  readonly id: string
  readonly emitters: readonly Emitter[]
  readonly walls: Place['walls']
  readonly echoSeconds: number
  readonly diffuseShare: number
}

export interface SoundPhone {
  readonly id: string
  readonly place: string
  readonly position: Point
  readonly startSeconds: number
  readonly endSeconds: number
  /** Scene seconds for each second of the phone's own clock. */
  readonly rate: number
  /**
   * 200 to 3700 Hz, shared sound over the phone's own noise; of the shared
   * sound the median second counts. Wind, handling and a near talker come on top.
   */
  readonly snrDecibels: number
  /** Root mean square of what leaves the gain, full scale 1: above about 0.25 it clips often. */
  readonly loudness: number
  /** Somebody beside this phone, whom the others do not hear: share of the time and decibels over the shared sound. */
  readonly nearTalker: { readonly share: number; readonly decibels: number } | undefined
  /** Levels of wind, handling and gain control are relative to the shared sound. */
  readonly microphone: Omit<Microphone, 'noiseLevel' | 'ambienceLevel' | 'gain' | 'startSeconds'>
  readonly codec: CodecName
  readonly seed: number
}

export interface SoundScene {
  readonly seed: number
  readonly difficulty: Difficulty
  readonly durationSeconds: number
  /** The first is the incident's. */
  readonly places: readonly SoundPlace[]
  readonly phones: readonly SoundPhone[]
}

/** The same seed and options always give the same scene. */
export function soundScene(seed: number, options: SoundSceneOptions = {}): SoundScene {
  const difficulty = options.difficulty ?? 4
  const setting = {
    ...settings[difficulty],
    ...(options.spreadMetres === undefined ? {} : { spreadMetres: options.spreadMetres }),
    ...(options.snrDecibels === undefined ? {} : { snrDecibels: options.snrDecibels }),
  }
  const durationSeconds = options.durationSeconds ?? 600
  const librarySeed = options.librarySeed ?? 1
  const spans = recordingSpans(
    options.phones ?? 8,
    durationSeconds,
    setting.shortMeetings,
    randomFrom(seedFor(seed, 'spans')),
  )
  const places: SoundPlace[] = []
  const phones: SoundPhone[] = []
  const addPlace = (id: string, fromSeconds: number, toSeconds: number): void => {
    places.push(
      soundPlace(id, { seed: seedFor(seed, id), setting, librarySeed, fromSeconds, toSeconds }),
    )
  }
  if (spans.length > 0) addPlace('incident', 0, durationSeconds)
  for (const [index, span] of spans.entries()) {
    const id = `phone-${index + 1}`
    phones.push(soundPhone(id, 'incident', span, difficulty, setting, seedFor(seed, id)))
  }
  const [shortest, longest] = options.unrelatedSeconds ?? [30, 240]
  for (let index = 0; index < (options.unrelated ?? 2); index++) {
    const place = `elsewhere-${index + 1}`
    const random = randomFrom(seedFor(seed, `${place} span`))
    const seconds = random.between(shortest, longest)
    const from = random.between(0, Math.max(0, durationSeconds - seconds))
    addPlace(place, from - 2, from + seconds)
    const id = `stranger-${index + 1}`
    const span = { from, to: from + seconds }
    phones.push(soundPhone(id, place, span, difficulty, setting, seedFor(seed, id)))
  }
  return { seed, difficulty, durationSeconds, places, phones }
}

interface Span {
  readonly from: number
  readonly to: number
}

/**
 * Long and short recordings, spread over the incident. Some meet an earlier
 * one for 5 to 20 s only, at its beginning or end; some meet nobody.
 */
function recordingSpans(
  count: number,
  durationSeconds: number,
  shortMeetings: number,
  random: Random,
): Span[] {
  const spans: Span[] = []
  const shortest = Math.min(0.2 * durationSeconds, 15)
  const longest = (shortMeetings > 0 ? 0.6 : 0.9) * durationSeconds
  while (spans.length < count) {
    const share = shortMeetings > 0 ? random.next() ** 0.4 : random.between(0.6, 1)
    const seconds = shortest * (longest / shortest) ** share
    const other = spans.length > 0 ? random.pick(spans) : undefined
    let from = random.between(0, durationSeconds - seconds)
    if (other !== undefined && random.chance(shortMeetings)) {
      const shared = Math.min(random.between(5.5, 20), 0.9 * seconds, 0.9 * (other.to - other.from))
      from = random.chance(0.5) ? other.to - shared : other.from + shared - seconds
    }
    if (from < 0 || from + seconds > durationSeconds) continue
    spans.push({ from, to: from + seconds })
  }
  return spans
}

function soundPlace(
  id: string,
  place: {
    readonly seed: number
    readonly setting: Setting
    readonly librarySeed: number
    readonly fromSeconds: number
    readonly toSeconds: number
  },
): SoundPlace {
  const { setting } = place
  const random = randomFrom(seedFor(place.seed, 'place'))
  const wall = (axis: 'x' | 'y', side: -1 | 1) => ({
    axis,
    atMetres: side * random.between(0.6, 1.6) * (axis === 'x' ? setting.spreadMetres : 25),
    returned: setting.wallReturn * random.between(0.5, 1),
  })
  return {
    id,
    emitters: placeEmitters({
      ...place,
      spreadMetres: setting.spreadMetres,
      liveliness: setting.liveliness,
    }),
    walls: [wall('x', -1), wall('x', 1), wall('y', -1), wall('y', 1)],
    echoSeconds: random.between(0.4, 0.8 + setting.wallReturn),
    diffuseShare: 0.08 * setting.wallReturn,
  }
}

function soundPhone(
  id: string,
  place: string,
  span: Span,
  difficulty: Difficulty,
  setting: Setting,
  seed: number,
): SoundPhone {
  const random = randomFrom(seedFor(seed, 'phone'))
  const { nuisances } = setting
  const rate = 1 + random.between(-setting.driftPpm, setting.driftPpm) * 1e-6
  const ownSeconds = (span.to - span.from) / rate
  const position = pointWithin(random, setting.spreadMetres)
  const snrDecibels = random.between(...setting.snrDecibels)
  const clips = random.chance(0.4 * nuisances)
  const knocks = random.chance(nuisances) ? Math.ceil((random.between(1, 6) * ownSeconds) / 60) : 0
  return {
    id,
    place,
    position,
    startSeconds: span.from,
    endSeconds: span.to,
    rate,
    snrDecibels,
    loudness: clips ? random.between(0.3, 0.7) : random.between(0.02, 0.1),
    nearTalker: random.chance(0.5 * nuisances)
      ? { share: random.between(0.2, 0.6), decibels: random.between(0, 10) }
      : undefined,
    microphone: {
      sampleRateHz: 16000,
      lowCutHz: random.between(60, 250),
      highCutHz: random.pick([3400, 5000, 7000]),
      gainControl: random.chance(0.3 + 0.6 * nuisances)
        ? {
            kind: 'automatic',
            target: 1,
            maximum: random.between(2, 8),
            releaseSeconds: random.between(0.1, 2),
          }
        : { kind: 'none' },
      windLevel: random.chance(nuisances) ? random.between(0.5, 4) : 0,
      handling: Array.from({ length: knocks }, () => ({
        atSeconds: random.between(0, ownSeconds),
        level: random.between(2, 15),
      })),
    },
    codec: random.pick(codecsOf(difficulty)),
    seed,
  }
}
