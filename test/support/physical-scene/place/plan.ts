/** What a plan of a place is made from, and the parts that several kinds of place share. */
import { randomFrom, seedFor } from '../../scene/random.ts'
import type { Random } from '../../scene/random.ts'
import type { Library } from '../sounds/library.ts'
import { librarySizes } from '../sounds/library.ts'
import { pointWithin } from './geometry.ts'
import type { Rectangle } from './geometry.ts'
import { talker } from './people.ts'
import type { Making } from './people.ts'
import type { Mover, Place, PlaceKind, Source } from './place.ts'
import { music, passing, passingCar, repeated, siren, standing } from './things.ts'

/** Which sounds of the library are about: the same at the incident and elsewhere, at other times. */
export interface Playlist {
  readonly songs: readonly number[]
  readonly chant: number
  readonly announcements: readonly number[]
  readonly siren: number
  readonly alarm: number
}

export function drawPlaylist(random: Random): Playlist {
  const one = (kind: keyof typeof librarySizes): number => random.integer(0, librarySizes[kind] - 1)
  return {
    songs: [one('song'), one('song')],
    chant: one('chant'),
    announcements: [one('announcement'), one('announcement')],
    siren: one('siren'),
    alarm: one('alarm'),
  }
}

export interface Planning extends Making {
  readonly id: string
  readonly kind: PlaceKind
  readonly library: Library
  readonly playlist: Playlist
  /** 0 to 1: how much of what the library holds is heard. */
  readonly repetition: number
}

export type Plan = (
  planning: Planning,
  random: Random,
) => Omit<Place, 'id' | 'kind' | 'durationSeconds'>

/** A random stream for the plan itself, apart from those of its sources. */
export function planRandom({ seed, id }: Planning): Random {
  return randomFrom(seedFor(seed, `plan of ${id}`))
}

export function somewhere(area: Rectangle, random: Random, heightMetres = 1.5): Mover {
  const { xMetres, yMetres } = pointWithin(area, random)
  return standing(xMetres, yMetres, heightMetres)
}

type Voice = 'talker' | 'shouter'
interface Loudness {
  readonly levels: readonly [number, number]
  readonly efforts: readonly [number, number]
}
const loudnessOf: Readonly<Record<Voice, Loudness>> = {
  talker: { levels: [66, 76], efforts: [0.2, 0.6] },
  shouter: { levels: [86, 95], efforts: [0.8, 1] },
}

/** So many people somewhere in an area, each with pauses of their own. */
export function speakers(
  planning: Planning,
  random: Random,
  { voice, count }: { readonly voice: Voice; readonly count: number },
  area: Rectangle,
  pauseSeconds: number,
): Source[] {
  const { levels, efforts } = loudnessOf[voice]
  return Array.from({ length: count }, (_, index) =>
    talker(planning, `${voice} ${index}`, somewhere(area, random), {
      levelDecibels: random.between(...levels),
      effort: random.between(...efforts),
      pauseSeconds: pauseSeconds * random.between(0.6, 1.6),
    }),
  )
}

export function traffic(
  planning: Planning,
  random: Random,
  everySeconds: number,
  yMetres: number,
  wet = false,
): Source[] {
  const cars: Source[] = []
  for (let at = random.between(0, everySeconds); at < planning.durationSeconds;) {
    const where = passing(random, at, yMetres, random.between(7, 14))
    cars.push(passingCar(planning, `car ${cars.length}`, where, wet))
    at += everySeconds * random.between(0.3, 2)
  }
  return cars
}

/** Vehicles of one model that come by with their siren on. */
export function sirens(
  planning: Planning,
  random: Random,
  count: number,
  yMetres: number,
): Source[] {
  const { library, playlist, durationSeconds } = planning
  return Array.from({ length: count }, (_, index) => {
    const middle = random.between(0.05, 0.95) * durationSeconds
    const where = passing(
      random,
      middle,
      yMetres * random.between(0.8, 1.3),
      random.between(9, 17),
      200,
    )
    return siren(planning, `siren ${index}`, where, [where.fromSeconds, where.toSeconds], () =>
      library.siren(playlist.siren),
    )
  })
}

export function playedMusic(planning: Planning, where: Mover, gain: number): Source {
  const { library, playlist, repetition } = planning
  const pauseSeconds = 20 + 160 * (1 - repetition)
  return music(planning, 'music', where, library, playlist.songs, { gain, pauseSeconds })
}

export function playedChant(planning: Planning, where: Mover, gain: number): Source {
  const { library, playlist, repetition } = planning
  const silentSeconds = 30 + 170 * (1 - repetition)
  const rhythm = { spellSeconds: 30, silentSeconds, pauseSeconds: 0.6, gain }
  return repeated(planning, 'played chant', where, () => library.chant(playlist.chant), rhythm)
}

export function playedAnnouncements(planning: Planning, where: Mover, gain: number): Source {
  const { library, playlist } = planning
  const rhythm = { spellSeconds: 40, silentSeconds: 25, pauseSeconds: 6, gain }
  return repeated(
    planning,
    'announcements',
    where,
    (random) => library.announcement(random.pick(playlist.announcements)),
    rhythm,
  )
}
