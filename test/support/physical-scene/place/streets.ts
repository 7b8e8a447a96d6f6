/** Kinds of place between two rows of houses. */
import type { Waypoint } from '../../scene/scene.ts'
import type { Random } from '../../scene/random.ts'
import { chantingGroup, drummer, speech, walker, whistler } from './people.ts'
import {
  playedAnnouncements,
  playedChant,
  playedMusic,
  speakers,
  sirens,
  somewhere,
  traffic,
} from './plan.ts'
import type { Plan } from './plan.ts'
import type { Mover, Source } from './place.ts'
import { streetSurroundings } from './surroundings.ts'
import {
  circlingHelicopter,
  clatter,
  dog,
  horn,
  idlingCar,
  repeated,
  shots,
  standing,
} from './things.ts'

const pavements = { left: -40, right: 40, bottom: -8, top: 8 }
const bystanders = { left: -22, right: 22, bottom: -7.5, top: 7.5 }
/** What people shout about. */
const middle = { left: -12, right: 12, bottom: -6, top: 6 }

/** The usual: people, cars, music from somewhere, a siren that passes. */
export const street: Plan = (planning, random) => {
  const walk = (index: number): Source => {
    const from = random.between(0, planning.durationSeconds)
    const way = random.chance(0.5) ? 1 : -1
    const y = random.between(-8, 8)
    const path = [
      { atSeconds: from, xMetres: -40 * way, yMetres: y },
      { atSeconds: from + 58, xMetres: 40 * way, yMetres: y },
    ]
    return walker(planning, `walker ${index}`, { path, heightMetres: 0.1 })
  }
  const group = { left: -6, right: 6, bottom: -4, top: 4 }
  const chanters = Array.from({ length: 4 }, () => somewhere(group, random))
  return {
    ...streetSurroundings(random, random.between(9, 13)),
    bystanders,
    weather: 'dry',
    sources: [
      ...speakers(planning, random, { voice: 'talker', count: 7 }, pavements, 4),
      ...speakers(planning, random, { voice: 'shouter', count: 6 }, middle, 9),
      ...traffic(planning, random, 35, random.between(2, 4)),
      ...[0, 1, 2].map(walk),
      ...sirens(planning, random, random.integer(0, Math.round(2 * planning.repetition)), 4),
      ...(random.chance(0.3) ? chantingGroup(planning, 'chanters', chanters) : []),
      playedMusic(planning, somewhere(pavements, random, 2.5), random.between(0.05, 0.35)),
      ...(random.chance(0.4 * planning.repetition)
        ? [playedChant(planning, somewhere(pavements, random), 0.6)]
        : []),
      dog(planning, 'dog', somewhere(pavements, random, 0.5), 60),
      horn(planning, 'horn', somewhere(pavements, random, 0.7), 70),
      idlingCar(planning, 'idling car', somewhere(pavements, random, 0.5)),
      clatter(planning, 'clatter', somewhere(pavements, random), 40),
      ...(random.chance(0.1) ? [circlingHelicopter(planning, 'helicopter', random)] : []),
      ...(random.chance(0.4) ? [fired(planning, random, random.integer(1, 4))] : []),
    ],
  }
}

function fired(planning: Parameters<Plan>[0], random: Random, count: number): Source {
  const first = random.between(0.1, 0.9) * planning.durationSeconds
  const times = Array.from(
    { length: count },
    (_, index) => first + index * random.between(0.4, 2.5),
  )
  return shots(
    planning,
    'shots',
    somewhere(pavements, random),
    times.sort((a, b) => a - b),
  )
}

/** Goes on and stands still in turns, some 0.2 m/s in all, past the middle of the street. */
export function marchPath(offsetX: number, yMetres: number, durationSeconds: number): Waypoint[] {
  const path: Waypoint[] = []
  const total = 0.2 * durationSeconds
  for (let at = 0, x = offsetX - total / 2; at <= durationSeconds + 60; at += 60, x += 12) {
    path.push({ atSeconds: at, xMetres: x, yMetres }, { atSeconds: at + 48, xMetres: x, yMetres })
  }
  return path
}

/** A column with drums, chants of mouths and of megaphones, a lorry with music; a helicopter over it. */
export const demonstration: Plan = (planning, random) => {
  const marching = (spread: number): Mover => ({
    path: marchPath(
      random.between(-spread, spread),
      random.between(-5, 5),
      planning.durationSeconds,
    ),
    heightMetres: 1.6,
  })
  const group = (): Mover[] => Array.from({ length: 5 }, () => marching(12))
  const leader = marching(5)
  return {
    ...streetSurroundings(random, random.between(11, 15)),
    bystanders: { left: -35, right: 35, bottom: -9, top: 9 },
    weather: 'dry',
    sources: [
      ...chantingGroup(planning, 'first group', group()),
      ...chantingGroup(planning, 'second group', group()),
      drummer(planning, 'drum 0', marching(20)),
      drummer(planning, 'drum 1', marching(20)),
      speech(planning, 'leader', leader, 96, 25),
      playedChant(planning, leader, 1),
      playedMusic(planning, { ...marching(25), heightMetres: 2.5 }, 2),
      whistler(planning, 'whistle 0', marching(25), 20),
      whistler(planning, 'whistle 1', marching(25), 35),
      horn(planning, 'air horn', marching(25), 60),
      ...speakers(planning, random, { voice: 'talker', count: 4 }, pavements, 8),
      circlingHelicopter(planning, 'helicopter', random),
      ...sirens(planning, random, 1, 60),
      clatter(planning, 'crackers', marching(20), 70),
    ],
  }
}

/** A car's alarm that goes on and on, and sets off dogs. */
export const alarm: Plan = (planning, random) => {
  const plain = street(planning, random)
  const { library, playlist } = planning
  const rhythm = { spellSeconds: 160, silentSeconds: 40, pauseSeconds: 0, gain: 1 }
  const wailing = repeated(
    planning,
    'car alarm',
    somewhere(pavements, random, 0.6),
    () => library.alarm(playlist.alarm),
    rhythm,
  )
  const dogs = [1, 2].map((n) => dog(planning, `dog ${n}`, somewhere(pavements, random, 0.5), 20))
  return { ...plain, sources: [...plain.sources, wailing, ...dogs] }
}

/** Almost nothing, seven shots, then shouting and, late, a siren. */
export const night: Plan = (planning, random) => {
  const { durationSeconds } = planning
  const first = random.between(0.3, 0.6) * durationSeconds
  let at = first
  const times = Array.from({ length: 7 }, () => (at += random.between(0.35, 6)))
  return {
    ...streetSurroundings(random, random.between(9, 13)),
    bystanders,
    weather: 'dry',
    sources: [
      ...speakers(planning, random, { voice: 'talker', count: 2 }, pavements, 22),
      ...speakers(planning, random, { voice: 'shouter', count: 2 }, pavements, 35),
      ...traffic(planning, random, 120, 3),
      shots(planning, 'shots', somewhere(pavements, random), times),
      dog(planning, 'dog', standing(random.between(-70, 70), 25, 0.5), 60),
      clatter(planning, 'clatter', somewhere(pavements, random), 110),
      ...sirens(planning, random, 1, 4),
    ],
  }
}

/** Wet tyres, drops on every phone, and a loudspeaker that says the same again and again. */
export const rain: Plan = (planning, random) => ({
  ...streetSurroundings(random, random.between(12, 18)),
  bystanders,
  weather: 'rain',
  sources: [
    ...speakers(planning, random, { voice: 'talker', count: 5 }, pavements, 8),
    ...speakers(planning, random, { voice: 'shouter', count: 1 }, pavements, 40),
    ...traffic(planning, random, 18, 4, true),
    playedAnnouncements(planning, standing(random.between(-20, 20), 10, 4), 1.2),
    horn(planning, 'horn', somewhere(pavements, random, 0.7), 60),
    ...sirens(planning, random, 1, 4),
    clatter(planning, 'clatter', somewhere(pavements, random), 80),
  ],
})
