/** A scene made up from a seed: an incident that phones record, and places elsewhere where the same songs play. */
import { randomFrom, seedFor } from '../scene/random.ts'
import { levels } from './levels.ts'
import type { LevelName } from './levels.ts'
import { drawPhone } from './phone/draw-phone.ts'
import type { RecordingPhone } from './phone/phone.ts'
import { drawTime } from './phone/recording-times.ts'
import type { RecordingTime } from './phone/recording-times.ts'
import { drawPlace } from './place/draw-place.ts'
import type { Place, PlaceKind } from './place/place.ts'
import { drawPlaylist } from './place/plan.ts'
import { soundLibrary } from './sounds/library.ts'

export interface PhysicalScene {
  readonly seed: number
  readonly level: LevelName
  readonly kind: PlaceKind
  readonly places: readonly Place[]
  readonly phones: readonly RecordingPhone[]
}

export interface PhysicalSceneOptions {
  readonly level?: LevelName
  /** By default as the seed says: half of the scenes are streets. */
  readonly kind?: PlaceKind
  readonly durationSeconds?: number
  readonly phones?: number
  /** Recordings from elsewhere, each of a place of its own. */
  readonly unrelated?: number
}

export function physicalScene(seed: number, options: PhysicalSceneOptions = {}): PhysicalScene {
  const random = randomFrom(seedFor(seed, 'physical scene'))
  const level = levels[options.level ?? 'hard']
  const drawn = drawKind(random.next())
  const kind = options.kind ?? drawn
  const durationSeconds = options.durationSeconds ?? 600
  const library = soundLibrary()
  const playlist = drawPlaylist(random)
  const placeOf = (id: string, seconds: number): Place =>
    drawPlace({
      seed: seedFor(seed, id),
      id,
      kind,
      durationSeconds: seconds,
      library,
      playlist,
      repetition: level.repetition,
    })
  const incident = placeOf('incident', durationSeconds)
  const times: RecordingTime[] = []
  for (let index = 0; index < (options.phones ?? 8); index++) {
    times.push(drawTime(random, times, { ...level, durationSeconds }))
  }
  const phones = times.map((time, n) => drawPhone(seed, `phone-${n + 1}`, incident, time, level))
  const elsewhere = Array.from({ length: options.unrelated ?? 2 }, (_, index) => {
    const seconds = Math.min(durationSeconds, random.between(40, 400))
    const place = placeOf(`elsewhere-${index + 1}`, seconds)
    const time = { startSeconds: 0, endSeconds: seconds }
    return { place, phone: drawPhone(seed, `stranger-${index + 1}`, place, time, level) }
  })
  return {
    seed,
    level: level.name,
    kind,
    places: [incident, ...elsewhere.map(({ place }) => place)],
    phones: [...phones, ...elsewhere.map(({ phone }) => phone)],
  }
}

function drawKind(share: number): PlaceKind {
  const odd = ['demonstration', 'stadium', 'alarm', 'hall', 'night', 'rain'] as const
  return share < 0.5 ? 'street' : odd[Math.floor((share - 0.5) * 2 * odd.length)]!
}
