/** Kinds of place where many people gather around one thing: a stadium, a hall. */
import { noiseFrom, seedFor } from '../../scene/random.ts'
import { chantingGroup, drummer, multitude, speech, waiting, whistler } from './people.ts'
import { playedAnnouncements, playedMusic, somewhere, speakers } from './plan.ts'
import type { Plan, Planning } from './plan.ts'
import { hallSurroundings, stadiumSurroundings } from './surroundings.ts'
import { clatter, horn, standing } from './things.ts'

function cheers(planning: Planning, everySeconds: number): number[] {
  const random = noiseFrom(seedFor(planning.seed, 'cheers'))
  const times: number[] = []
  for (let at = waiting(random, everySeconds); at < planning.durationSeconds;) {
    times.push(at)
    at += 5 + waiting(random, everySeconds)
  }
  return times
}

/** Stands all around that swell together, fans who sing, a referee; phones in one stand. */
export const stadium: Plan = (planning, random) => {
  const together = cheers(planning, 40)
  const stands = Array.from({ length: 8 }, (_, index) => {
    const angle = ((index + random.between(0, 0.8)) * Math.PI) / 4
    const where = standing(75 * Math.cos(angle), 50 * Math.sin(angle), 6)
    return multitude(planning, `stand ${index}`, where, random.between(92, 98), together)
  })
  const block = { left: -20, right: 20, bottom: 36, top: 48 }
  const fans = Array.from({ length: 8 }, () => somewhere(block, random, 5))
  return {
    ...stadiumSurroundings(random),
    bystanders: { left: -35, right: 35, bottom: 32, top: 52 },
    weather: 'dry',
    sources: [
      ...stands,
      ...chantingGroup(planning, 'fans', fans),
      drummer(planning, 'drum', somewhere(block, random, 5)),
      whistler(
        planning,
        'referee',
        somewhere({ left: -30, right: 30, bottom: -15, top: 20 }, random),
        30,
      ),
      playedMusic(planning, standing(0, 20, 20), 5),
      horn(planning, 'air horn', somewhere(block, random, 5), 50),
      ...speakers(
        planning,
        random,
        { voice: 'shouter', count: 5 },
        { left: -40, right: 40, bottom: 30, top: 54 },
        15,
      ),
    ],
  }
}

/** A meeting under a roof: somebody speaks through a loudspeaker, people murmur and clap. */
export const hall: Plan = (planning, random) => {
  const [long, wide] = [random.between(30, 60), random.between(18, 30)]
  const floor = {
    left: -long / 2 + 2,
    right: long / 2 - 2,
    bottom: -wide / 2 + 2,
    top: wide / 2 - 2,
  }
  const together = cheers(planning, 50)
  const loudspeaker = standing(-long / 2 + 1, random.between(-5, 5), 3)
  return {
    ...hallSurroundings(random, long, wide),
    bystanders: floor,
    weather: 'indoors',
    sources: [
      speech(planning, 'speaker', loudspeaker, 88, 5),
      playedAnnouncements(planning, standing(0, 0, 5), 0.6),
      playedMusic(planning, loudspeaker, 0.5),
      ...[0, 1, 2, 3].map((n) =>
        multitude(
          planning,
          `murmur ${n}`,
          somewhere(floor, random),
          random.between(62, 68),
          together,
        ),
      ),
      ...speakers(planning, random, { voice: 'talker', count: 8 }, floor, 5),
      ...speakers(planning, random, { voice: 'shouter', count: 1 }, floor, 50),
      clatter(planning, 'clatter', somewhere(floor, random), 45),
    ],
  }
}
