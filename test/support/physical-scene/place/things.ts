/** Things as sources: vehicles, loudspeakers with library sounds, dogs, bangs. */
import type { Waypoint } from '../../scene/scene.ts'
import type { Random } from '../../scene/random.ts'
import { faded, pascals, rateHz } from '../signal/samples.ts'
import { drivingCar, engine, helicopter } from '../sounds/engines.ts'
import {
  bark,
  blastFromSeconds,
  drawDog,
  firecrackers,
  shot,
  slammedDoor,
} from '../sounds/impulses.ts'
import { breakingGlass, metalBlow } from '../sounds/instruments.ts'
import type { Library } from '../sounds/library.ts'
import { hornModel } from '../sounds/sirens.ts'
import { emission, sourceOf, waiting } from './people.ts'
import type { Making } from './people.ts'
import type { Emission, Mover, Source } from './place.ts'

export function standing(xMetres: number, yMetres: number, heightMetres = 1.5): Mover {
  return { path: [{ atSeconds: 0, xMetres, yMetres }], heightMetres }
}

/** Straight along the street at one speed, either way, past its middle at this time. */
export function passing(
  random: Random,
  middleSeconds: number,
  yMetres: number,
  metresPerSecond: number,
  reachMetres = 140,
): Mover & { readonly fromSeconds: number; readonly toSeconds: number } {
  const way = random.chance(0.5) ? 1 : -1
  const half = reachMetres / metresPerSecond
  const at = (share: -1 | 1): Waypoint => ({
    atSeconds: middleSeconds + share * half,
    xMetres: way * share * reachMetres,
    yMetres: yMetres * way,
  })
  const [fromSeconds, toSeconds] = [middleSeconds - half, middleSeconds + half]
  return { path: [at(-1), at(1)], heightMetres: 0.8, fromSeconds, toSeconds }
}

/** Pieces of a sound without an end, faded into each other. */
function* onEnd(
  fromSeconds: number,
  toSeconds: number,
  levelDecibels: number,
  make: (seconds: number) => Float32Array,
): Iterable<Emission> {
  for (let at = fromSeconds; at < toSeconds; at += 19.75) {
    const seconds = Math.min(20, toSeconds - at)
    if (seconds > 1) yield emission(at, faded(make(seconds), 0.25), levelDecibels)
  }
}

export function passingCar(
  making: Making,
  id: string,
  where: ReturnType<typeof passing>,
  wet: boolean,
): Source {
  return sourceOf(making, id, where, (random) =>
    onEnd(where.fromSeconds, where.toSeconds, random.between(80, 88), (seconds) =>
      drivingCar(seconds, wet, random),
    ),
  )
}

export function idlingCar(making: Making, id: string, where: Mover): Source {
  return sourceOf(making, id, where, (random) => {
    const from = random.between(0, making.durationSeconds * 0.7)
    const turns = random.between(11, 17)
    return onEnd(from, from + random.between(40, 200), random.between(66, 74), (seconds) =>
      engine(seconds, turns, random),
    )
  })
}

/** Circling around the place. */
export function circlingHelicopter(making: Making, id: string, random: Random): Source {
  const [fromSeconds, metres] = [
    random.between(0, making.durationSeconds * 0.5),
    random.between(120, 250),
  ]
  const toSeconds = fromSeconds + random.between(90, 240)
  const path: Waypoint[] = []
  for (let at = fromSeconds - 5; at < toSeconds + 5; at += 5) {
    const angle = (at / 70) * 2 * Math.PI
    path.push({
      atSeconds: at,
      xMetres: metres * Math.cos(angle),
      yMetres: metres * Math.sin(angle),
    })
  }
  const where = { path, heightMetres: random.between(120, 220) }
  return sourceOf(making, id, where, (own) =>
    onEnd(fromSeconds, toSeconds, 112, (seconds) => helicopter(seconds, own)),
  )
}

/** A loop of the library, on end and to the sample, over this stretch. */
export function* looped(
  loop: Float32Array,
  fromSeconds: number,
  toSeconds: number,
  gain: number,
  pauseSeconds = 0,
): Iterable<Emission> {
  const period = loop.length / rateHz + pauseSeconds
  for (let at = fromSeconds; at < toSeconds; at += period) {
    const left = Math.floor((toSeconds - at) * rateHz)
    yield { atSeconds: at, samples: left < loop.length ? loop.subarray(0, left) : loop, gain }
  }
}

export function siren(
  making: Making,
  id: string,
  where: Mover,
  [fromSeconds, toSeconds]: readonly [number, number],
  loop: () => Float32Array,
  gain = 1,
): Source {
  return sourceOf(making, id, where, () => looped(loop(), fromSeconds, toSeconds, gain))
}

/** Songs from wherever they stand, with pauses between. */
export function music(
  making: Making,
  id: string,
  where: Mover,
  library: Library,
  songs: readonly number[],
  { gain, pauseSeconds }: { readonly gain: number; readonly pauseSeconds: number },
): Source {
  return sourceOf(making, id, where, function* (random) {
    for (let at = waiting(random, pauseSeconds); at < making.durationSeconds;) {
      const song = library.song(random.pick(songs))
      const skipped = Math.floor(song.length * (random.chance(0.5) ? random.between(0, 0.7) : 0))
      const end = at + Math.min(random.between(40, 120), (song.length - skipped) / rateHz)
      const played = song.subarray(skipped, skipped + Math.floor((end - at) * rateHz))
      yield { atSeconds: at, samples: played, gain }
      at = end + waiting(random, pauseSeconds)
    }
  })
}

/** A recording called or announced again and again, at an even distance, in spells. */
export function repeated(
  making: Making,
  id: string,
  where: Mover,
  pick: (random: Random) => Float32Array,
  rhythm: {
    readonly spellSeconds: number
    readonly silentSeconds: number
    readonly pauseSeconds: number
    readonly gain: number
  },
): Source {
  return sourceOf(making, id, where, function* (random) {
    for (let at = waiting(random, rhythm.silentSeconds); at < making.durationSeconds;) {
      const end = at + rhythm.spellSeconds * random.between(0.5, 1.5)
      yield* looped(pick(random), at, end, rhythm.gain, rhythm.pauseSeconds)
      at = end + waiting(random, rhythm.silentSeconds)
    }
  })
}

export function dog(making: Making, id: string, where: Mover, meanSeconds: number): Source {
  return sourceOf(making, id, where, function* (random) {
    const one = drawDog(random)
    for (let at = waiting(random, meanSeconds); at < making.durationSeconds;) {
      const barks = random.integer(1, 7)
      for (let count = 0; count < barks; count++, at += random.between(0.3, 0.9)) {
        yield emission(at, bark(one, random), random.between(86, 96))
      }
      at += waiting(random, meanSeconds)
    }
  })
}

export function horn(making: Making, id: string, where: Mover, meanSeconds: number): Source {
  return sourceOf(making, id, where, function* (random) {
    const press = hornModel(random)
    for (let at = waiting(random, meanSeconds); at < making.durationSeconds;) {
      const seconds = random.chance(0.6) ? random.between(0.12, 0.5) : random.between(0.6, 3)
      yield emission(at, press(seconds), random.between(98, 106))
      at += seconds + (random.chance(0.5) ? random.between(0.1, 0.6) : waiting(random, meanSeconds))
    }
  })
}

/** Peaks of 140 to 152 dB at 1 m. */
export function shots(
  making: Making,
  id: string,
  where: Mover,
  atSeconds: readonly number[],
): Source {
  return sourceOf(making, id, where, function* (random) {
    for (const at of atSeconds) {
      yield {
        atSeconds: at,
        samples: shot(random),
        gain: pascals(random.between(140, 152)),
        impulse: { kind: 'bang', fromSeconds: blastFromSeconds },
      }
    }
  })
}

/** Doors, crackers, metal, glass: something once in a while. */
export function clatter(making: Making, id: string, where: Mover, meanSeconds: number): Source {
  const kinds = [
    [slammedDoor, 84],
    [slammedDoor, 88],
    [metalBlow, 88],
    [breakingGlass, 86],
    [firecrackers, 108],
  ] as const
  return sourceOf(making, id, where, function* (random) {
    for (let at = waiting(random, meanSeconds); at < making.durationSeconds;) {
      const [make, levelDecibels] = random.pick(kinds)
      yield {
        ...emission(at, make(random), levelDecibels + random.between(-4, 4)),
        impulse: { kind: 'other', fromSeconds: 0 },
      }
      at += waiting(random, meanSeconds)
    }
  })
}
