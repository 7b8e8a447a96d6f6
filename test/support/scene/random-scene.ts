import { randomFrom, seedFor } from './random.ts'
import type { Random } from './random.ts'
import type {
  Actor,
  Camera,
  FileFormat,
  FrameRate,
  Microphone,
  Phone,
  Scene,
  SoundSource,
  Waypoint,
} from './scene.ts'
import { streetPlace } from './street.ts'

export interface RandomSceneOptions {
  /** Related phones; 4 to 6 unless given. */
  readonly phones?: number
  /** Phones at another place; 1 unless given. */
  readonly unrelated?: number
  readonly durationSeconds?: number
  /** Phones stand within this distance of the middle. */
  readonly spreadMetres?: number
  readonly difficulty?: 'plain' | 'hard'
}

interface Setting {
  readonly durationSeconds: number
  readonly spreadMetres: number
  readonly hard: boolean
}

/** A street with phones around it; the same seed and options always give the same scene. */
export function randomScene(seed: number, options: RandomSceneOptions = {}): Scene {
  const random = randomFrom(seedFor(seed, 'scene'))
  const setting: Setting = {
    durationSeconds: options.durationSeconds ?? 60,
    spreadMetres: options.spreadMetres ?? 60,
    hard: options.difficulty === 'hard',
  }
  const related = options.phones ?? random.integer(4, 6)
  const unrelated = options.unrelated ?? 1
  if (related + unrelated > 16) throw new RangeError('a scene holds at most 16 phones')
  const spans = recordingSpans(related, setting, randomFrom(seedFor(seed, 'spans')))
  const places = [streetPlace('street', 'day')]
  const sounds = placeSounds('street', setting, seedFor(seed, 'street'))
  const actors = placeActors('street', setting, seedFor(seed, 'actors'))
  const phones = spans.map((span, index) =>
    randomPhone(`phone-${index + 1}`, 'street', span, setting, seedFor(seed, `phone ${index}`)),
  )
  for (let index = 0; index < unrelated; index++) {
    const place = `elsewhere-${index + 1}`
    const partSeed = seedFor(seed, place)
    places.push(streetPlace(place, 'dusk'))
    sounds.push(...placeSounds(place, setting, partSeed))
    actors.push(...placeActors(place, setting, partSeed))
    const span = { from: 0.1 * setting.durationSeconds, to: 0.8 * setting.durationSeconds }
    phones.push(randomPhone(`stranger-${index + 1}`, place, span, setting, partSeed))
  }
  return { seed, durationSeconds: setting.durationSeconds, places, sounds, actors, phones }
}

/**
 * Plain: all phones share the middle third. Hard: each shares at least a
 * fifth of the scene with the one before, perhaps nothing with the others.
 */
function recordingSpans(count: number, setting: Setting, random: Random) {
  const { durationSeconds, hard } = setting
  const shared = Math.max(8, 0.2 * durationSeconds)
  return Array.from({ length: count }, (_, index) => {
    if (!hard) {
      return {
        from: random.between(0, 0.33) * durationSeconds,
        to: random.between(0.67, 1) * durationSeconds,
      }
    }
    const step = (durationSeconds - shared) / Math.max(1, count)
    const from = index * step * random.between(0.7, 1)
    const to = (index + 1) * step + shared + random.between(0, 0.2) * durationSeconds
    return { from, to: Math.min(durationSeconds, to) }
  })
}

function still(xMetres: number, yMetres: number): Waypoint[] {
  return [{ atSeconds: 0, xMetres, yMetres }]
}

function crossing(durationSeconds: number, from: number, to: number, yMetres: number): Waypoint[] {
  return [
    { atSeconds: 0, xMetres: from, yMetres },
    { atSeconds: durationSeconds, xMetres: to, yMetres },
  ]
}

function placeSounds(place: string, setting: Setting, seed: number): SoundSource[] {
  const random = randomFrom(seedFor(seed, 'sounds'))
  const { durationSeconds, hard } = setting
  const sounds: SoundSource[] = []
  const add = (
    kind: SoundSource['kind'],
    atSeconds: number,
    lengthSeconds: number,
    path: readonly Waypoint[],
    level: number,
  ): void => {
    const id = `${place}-${kind}-${sounds.length + 1}`
    const flash = { heightMetres: 1.3, hiddenFrom: [] }
    sounds.push({
      id,
      place,
      kind,
      atSeconds,
      durationSeconds: lengthSeconds,
      path,
      level,
      ...(kind === 'bang' ? { flash } : {}),
      seed: seedFor(seed, id),
    })
  }
  const bangs = hard ? random.integer(0, 3) : random.integer(3, 7)
  for (let count = 0; count < bangs; count++) {
    const at = random.between(0.35, 0.64) * durationSeconds
    add(
      'bang',
      at,
      0.35,
      still(random.between(-5, 5), random.between(-3, 3)),
      random.between(12, 25),
    )
  }
  for (let count = 0; count < 3; count++) {
    const where = still(random.between(-12, 12), random.between(-8, 8))
    add('voice', 0, durationSeconds, where, random.between(0.4, 1.2))
  }
  for (let count = 0; count < random.integer(2, 4); count++) {
    const way = random.pick([-1, 1])
    const path = crossing(
      durationSeconds,
      -way * random.between(40, 200),
      way * random.between(20, 200),
      3 * way,
    )
    add('vehicle', 0, durationSeconds, path, random.between(0.15, 0.4))
  }
  if (random.chance(hard ? 0.3 : 0.5)) {
    const path = crossing(durationSeconds, random.between(150, 300), random.between(20, 60), 2)
    add('siren', random.between(0.2, 0.5) * durationSeconds, 0.5 * durationSeconds, path, 2.5)
  }
  for (let count = 0; count < random.integer(1, 4); count++) {
    const where = still(random.between(-25, 25), random.between(-12, 12))
    add('thump', random.between(0.1, 0.9) * durationSeconds, 0.3, where, random.between(1, 4))
  }
  if (random.chance(0.4)) {
    add('bell', random.between(0.1, 0.8) * durationSeconds, 1.6, still(-20, 5), 1)
  }
  return sounds
}

function placeActors(place: string, setting: Setting, seed: number): Actor[] {
  const random = randomFrom(seedFor(seed, 'people'))
  const people = Array.from({ length: random.integer(3, 6) }, (_, index): Actor => {
    const path = Array.from({ length: 4 }, (_, leg) => ({
      atSeconds: (leg * setting.durationSeconds) / 3,
      xMetres: random.between(-8, 8),
      yMetres: random.between(-5, 5),
    }))
    return {
      kind: 'person',
      id: `${place}-person-${index + 1}`,
      place,
      path,
      heightMetres: random.between(1.6, 1.9),
      clothes: [random.integer(40, 200), random.integer(40, 160), random.integer(40, 160)],
      hair: [60, 45, 35],
    }
  })
  return [
    {
      kind: 'vehicle',
      id: `${place}-car`,
      place,
      path: still(0, 0),
      size: { lengthMetres: 4.3, widthMetres: 1.8, heightMetres: 1.45 },
      paint: [132, 56, 48],
      headingDegrees: random.between(-20, 20),
      lightsFromSeconds: random.between(0.3, 0.6) * setting.durationSeconds,
      figures: [{ along: 0.45, side: 1, small: false }],
    },
    ...people,
  ]
}

const frameRates: readonly FrameRate[] = [
  { frames: 24, seconds: 1 },
  { frames: 25, seconds: 1 },
  { frames: 30000, seconds: 1001 },
  { frames: 30, seconds: 1 },
  { frames: 50, seconds: 1 },
  { frames: 60, seconds: 1 },
]

const sizes: Readonly<Record<FileFormat, readonly (readonly [number, number])[]>> = {
  'mp4-h264-aac': [
    [1280, 720],
    [960, 540],
    [640, 360],
  ],
  'mov-hevc-aac': [
    [1280, 720],
    [640, 360],
  ],
  'webm-vp9-opus': [
    [960, 540],
    [640, 360],
  ],
  '3gp-mpeg4-aac': [[352, 288]],
}

function randomPhone(
  id: string,
  place: string,
  span: { readonly from: number; readonly to: number },
  setting: Setting,
  seed: number,
): Phone {
  const random = randomFrom(seedFor(seed, 'phone'))
  const format = random.pick<FileFormat>([
    ...([
      'mp4-h264-aac',
      'mp4-h264-aac',
      'mov-hevc-aac',
      'webm-vp9-opus',
      '3gp-mpeg4-aac',
    ] as const),
  ])
  const bearing = random.between(0, 2 * Math.PI)
  const distance = random.between(0.2, 1) * setting.spreadMetres
  const position = {
    xMetres: distance * Math.cos(bearing),
    yMetres: Math.max(-15, Math.min(15, distance * Math.sin(bearing))),
  }
  const rate = 1 + random.between(-100, 100) * 1e-6
  const lengthSeconds = (span.to - span.from) / rate
  // Own time 0 is where the earlier of the two begins.
  const late = random.pick(['neither', 'neither', 'picture', 'sound'])
  const lateSeconds = random.integer(20, 400) / 1000
  return {
    id,
    place,
    position,
    rate,
    format,
    seed,
    startSeconds: span.from,
    endSeconds: span.to,
    camera: { ...randomCamera(format, random), startSeconds: late === 'picture' ? lateSeconds : 0 },
    microphone: {
      ...randomMicrophone(format, lengthSeconds, setting.hard, random),
      startSeconds: late === 'sound' ? lateSeconds : 0,
    },
  }
}

function randomCamera(format: FileFormat, random: Random): Camera {
  const [long, short] = random.pick(sizes[format])
  const turns = format === 'mp4-h264-aac' || format === 'mov-hevc-aac'
  const rotationDegrees = turns ? random.pick<Camera['rotationDegrees']>([0, 0, 90, 180, 270]) : 0
  const portrait = rotationDegrees % 180 !== 0
  const slow = format === '3gp-mpeg4-aac' || format === 'webm-vp9-opus'
  return {
    widthPixels: portrait ? short : long,
    heightPixels: portrait ? long : short,
    rotationDegrees,
    frameRate: random.pick(slow ? frameRates.slice(0, 4) : frameRates),
    ...(turns && random.chance(0.5)
      ? {
          variable: {
            jitter: random.between(0.05, 0.3),
            droppedShare: random.between(0.005, 0.03),
          },
        }
      : {}),
    startSeconds: 0,
    heightMetres: 1.6,
    lookAt: { xMetres: 0, yMetres: 0 },
    lookAtHeightMetres: 1.2,
    fieldOfViewDegrees: portrait ? 38 : 62,
  }
}

function randomMicrophone(
  format: FileFormat,
  lengthSeconds: number,
  hard: boolean,
  random: Random,
): Microphone {
  const narrow = format === '3gp-mpeg4-aac'
  return {
    sampleRateHz: format === 'webm-vp9-opus' ? 48000 : random.pick([44100, 48000]),
    startSeconds: 0,
    noiseLevel: random.between(0.0003, 0.001),
    ambienceLevel: random.between(0.001, 0.003) * (hard ? 2.5 : 1),
    lowCutHz: random.between(60, 180),
    highCutHz: narrow ? 3400 : random.between(6000, 14000),
    gain: random.between(1, 3),
    gainControl: random.chance(0.7)
      ? {
          kind: 'automatic',
          target: 0.12,
          maximum: random.between(4, 12),
          releaseSeconds: random.between(0.4, 2),
        }
      : { kind: 'none' },
    windLevel: random.chance(hard ? 0.7 : 0.25) ? random.between(0.01, 0.05) * (hard ? 2 : 1) : 0,
    handling: Array.from({ length: random.integer(0, hard ? 8 : 3) }, () => ({
      atSeconds: random.between(0, lengthSeconds),
      level: random.between(0.1, 0.6),
    })),
  }
}
