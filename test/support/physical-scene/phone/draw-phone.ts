/** Phones as they happen to be. */
import { codecNames } from '../../scene/phone-channel.ts'
import type { CodecName } from '../../scene/phone-channel.ts'
import { randomFrom, seedFor } from '../../scene/random.ts'
import type { Random } from '../../scene/random.ts'
import type { Waypoint } from '../../scene/scene.ts'
import { pointWithin } from '../place/geometry.ts'
import type { Mover, Place } from '../place/place.ts'
import { marchPath } from '../place/streets.ts'
import type { Level } from '../levels.ts'
import type { RecordingPhone } from './phone.ts'
import type { RecordingTime } from './recording-times.ts'

const goodCodecs: readonly CodecName[] = ['aac-48k', 'aac-44k', 'opus-64k', 'mp3-128k']

/** One phone at a place; `name` decides what is drawn. */
export function drawPhone(
  seed: number,
  id: string,
  place: Place,
  { startSeconds, endSeconds }: RecordingTime,
  level: Level,
): RecordingPhone {
  const random = randomFrom(seedFor(seed, `phone ${id}`))
  const { troubles, worstSnrDecibels, bestSnrDecibels, mostDriftPpm } = level
  const rate = 1 + 1e-6 * random.between(-mostDriftPpm, mostDriftPpm)
  const durationSeconds = (endSeconds - startSeconds) / rate
  const where = drawWhere(random, place, startSeconds, endSeconds, level)
  const outdoors = place.weather !== 'indoors'
  return {
    id,
    place: place.id,
    seed: seedFor(seed, `noise of ${id}`),
    ...where,
    startSeconds,
    rate,
    durationSeconds,
    directShare: random.chance(0.3 * troubles) ? random.between(0.3, 0.7) : 1,
    // The square root: better ones are more frequent.
    snrDecibels: worstSnrDecibels + (bestSnrDecibels - worstSnrDecibels) * Math.sqrt(random.next()),
    codec: random.pick(level.name === 'plain' ? goodCodecs : codecNames),
    microphone: {
      lowCutHz: random.between(50, 60 + 180 * troubles),
      highCutHz: random.between(8000 - 4500 * troubles, 8000),
      peaks: [0, 1, 2].map(() => ({
        middleHz: random.between(400, 6500),
        decibels: random.between(-6, 6) * (0.3 + 0.7 * troubles),
      })),
      noiseCutHz: random.between(250, 1500),
    },
    wind:
      outdoors && random.chance(0.5 * troubles) ? random.between(0.15, 0.2 + 0.8 * troubles) : 0,
    handledPerMinute: random.chance(0.7 * troubles) ? random.between(0.5, 8) : 0,
    hasTalker: random.chance(0.3 * troubles),
    gainControl: random.chance(0.2 + 0.6 * troubles)
      ? {
          attackSeconds: random.between(0.003, 0.05),
          releaseSeconds: random.between(0.3, 3),
          mostDecibels: random.between(6, 24),
          slope: random.between(0.3, 0.9),
        }
      : undefined,
    noiseSuppression: random.chance(0.45 * troubles)
      ? { floorDecibels: random.between(-18, -6), overSubtraction: random.between(1, 2.5) }
      : undefined,
    headroomDecibels: random.between(30 - 14 * troubles, 32),
    muffled: random.chance(0.25 * troubles) ? [drawMuffling(random, durationSeconds)] : [],
    gaps: random.chance(0.2 * troubles) ? drawGaps(random, durationSeconds) : [],
  }
}

function drawMuffling(random: Random, durationSeconds: number): RecordingPhone['muffled'][number] {
  const seconds = Math.min(durationSeconds, random.between(8, 45))
  const fromSeconds = random.between(0, durationSeconds - seconds)
  return { fromSeconds, toSeconds: fromSeconds + seconds, cutHz: random.between(500, 1500) }
}

function drawGaps(random: Random, durationSeconds: number): RecordingPhone['gaps'] {
  return Array.from({ length: random.integer(1, 3) }, () => {
    const fromSeconds = random.between(0, durationSeconds)
    const toSeconds = Math.min(durationSeconds, fromSeconds + random.between(0.1, 1.5))
    return { fromSeconds, toSeconds }
  })
}

const walkingMetresPerSecond = 1.4

/** Stands, or goes some steps about its spot now and then, or walks along with a demonstration. */
function drawWhere(
  random: Random,
  place: Place,
  fromSeconds: number,
  toSeconds: number,
  level: Level,
): Mover {
  const heightMetres = random.between(1.3, 1.8) + (place.kind === 'stadium' ? 4 : 0)
  const start = pointWithin(place.bystanders, random)
  const walks = random.chance(level.walkers)
  if (place.kind === 'demonstration' && random.chance(level.walkers * 1.5)) {
    return {
      path: marchPath(random.between(-15, 15), start.yMetres, place.durationSeconds),
      heightMetres,
    }
  }
  const path: Waypoint[] = [{ atSeconds: fromSeconds, ...start }]
  if (!walks) return { path, heightMetres }
  let at = fromSeconds + random.between(2, 40)
  let here = start
  const { left, right, bottom, top } = place.bystanders
  while (at < toSeconds) {
    const metres = random.between(1, 6)
    const angle = random.between(0, 2 * Math.PI)
    const there = {
      xMetres: Math.max(left, Math.min(right, start.xMetres + metres * Math.cos(angle))),
      yMetres: Math.max(bottom, Math.min(top, start.yMetres + metres * Math.sin(angle))),
    }
    const gone = Math.hypot(there.xMetres - here.xMetres, there.yMetres - here.yMetres)
    path.push(
      { atSeconds: at, ...here },
      { atSeconds: at + gone / walkingMetresPerSecond, ...there },
    )
    here = there
    at += gone / walkingMetresPerSecond + random.between(10, 90)
  }
  return { path, heightMetres }
}
