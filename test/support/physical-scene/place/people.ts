/** People as sources: talkers, shouters, groups that chant, drummers, applause. */
import { noiseFrom, seedFor } from '../../scene/random.ts'
import type { Random } from '../../scene/random.ts'
import { atLevel, rateHz } from '../signal/samples.ts'
import { applause, roar, throughMegaphone, whistle } from '../sounds/crowd.ts'
import { drum, footstep } from '../sounds/instruments.ts'
import { breath, drawSyllables } from '../sounds/phonemes.ts'
import type { Syllable } from '../sounds/phonemes.ts'
import { drawVoice, speak } from '../sounds/speech.ts'
import type { Emission, Mover, Source } from './place.ts'

/** What every source is made of: a seed of its own by its name, and the time in which it may sound. */
export interface Making {
  readonly seed: number
  readonly durationSeconds: number
}

/** A source whose sounds come from a stream of random numbers of its own. */
export function sourceOf(
  { seed }: Making,
  id: string,
  where: Mover,
  emit: (random: Random) => Iterable<Emission>,
): Source {
  return { id, ...where, emissions: () => emit(noiseFrom(seedFor(seed, id))) }
}

export function emission(
  atSeconds: number,
  samples: Float32Array,
  levelDecibels: number,
): Emission {
  return { atSeconds, samples: atLevel(samples, levelDecibels), gain: 1 }
}

/** With this mean. */
export function waiting(random: Random, meanSeconds: number): number {
  return -Math.log(1 - random.next()) * meanSeconds
}

/** In sentences, with pauses of this mean. */
export function talker(
  making: Making,
  id: string,
  where: Mover,
  manner: {
    readonly levelDecibels: number
    readonly effort: number
    readonly pauseSeconds: number
  },
): Source {
  return sourceOf(making, id, where, function* (random) {
    const voice = drawVoice(random)
    let at = waiting(random, manner.pauseSeconds)
    while (at < making.durationSeconds) {
      const text = drawSyllables(random, random.integer(3, manner.effort > 0.7 ? 6 : 16))
      const inhaled: Syllable = { phonemes: [breath], stressed: false }
      const effort = Math.min(1, Math.max(0, manner.effort + random.between(-0.15, 0.15)))
      const spoken = speak([inhaled, ...text], voice, { effort }, random)
      yield emission(at, spoken, manner.levelDecibels + random.between(-3, 3))
      at += spoken.length / rateHz + 0.2 + waiting(random, manner.pauseSeconds)
    }
  })
}

/** Speech that is new each time, through a megaphone or a hall's loudspeaker. */
export function speech(
  making: Making,
  id: string,
  where: Mover,
  levelDecibels: number,
  pauseSeconds: number,
): Source {
  return sourceOf(making, id, where, function* (random) {
    const voice = drawVoice(random)
    let at = waiting(random, pauseSeconds)
    while (at < making.durationSeconds) {
      const spoken = speak(
        drawSyllables(random, random.integer(6, 18)),
        voice,
        { effort: 0.5 },
        random,
      )
      yield emission(at, throughMegaphone(spoken, 1.5), levelDecibels)
      at += spoken.length / rateHz + 0.3 + waiting(random, pauseSeconds)
    }
  })
}

/**
 * The same words by all, each time by mouths anew: somewhat early or late, at a
 * pitch and length of their own. Spells of it, with a text for each.
 */
export function chantingGroup(making: Making, id: string, people: readonly Mover[]): Source[] {
  const random = noiseFrom(seedFor(making.seed, `${id} plan`))
  const calls: { atSeconds: number; text: readonly Syllable[]; beat: number }[] = []
  for (let at = waiting(random, 25); at < making.durationSeconds; at += waiting(random, 45)) {
    const text = drawSyllables(random, random.integer(3, 7), true)
    const beat = random.between(0.22, 0.36)
    const period = text.length * beat + random.pick([1, 2, 2, 3]) * beat
    const rounds = random.integer(5, 16)
    for (let round = 0; round < rounds && at < making.durationSeconds; round++) {
      calls.push({ atSeconds: at, text, beat })
      at += period * random.between(0.98, 1.02)
    }
  }
  return people.map((where, person) =>
    sourceOf(making, `${id} ${person}`, where, function* (own) {
      const voice = drawVoice(own)
      for (const { atSeconds, text, beat } of calls) {
        if (own.chance(0.15)) continue
        const manner = { effort: own.between(0.75, 1), syllableSeconds: beat }
        const late = Math.max(-0.1, 0.06 * (own.next() + own.next() - 0.8))
        yield emission(atSeconds + late, speak(text, voice, manner, own), own.between(84, 92))
      }
    }),
  )
}

/** A drum in a procession: a pattern that a hand varies and never hits to the sample. */
export function drummer(making: Making, id: string, where: Mover): Source {
  return sourceOf(making, id, where, function* (random) {
    const lowHz = random.between(60, 160)
    for (let at = waiting(random, 10); at < making.durationSeconds; at += waiting(random, 20)) {
      const beat = random.between(0.2, 0.32)
      const pattern = Array.from({ length: 8 }, (_, step) => step % 4 === 0 || random.chance(0.45))
      const end = Math.min(making.durationSeconds, at + random.between(15, 60))
      for (let step = 0; at < end; step++, at += beat * random.between(0.98, 1.02)) {
        if (!pattern[step % 8] || random.chance(0.05)) continue
        const stroke = drum(random, lowHz * random.between(0.97, 1.03), 0.35)
        yield emission(at + random.between(0, 0.012), stroke, random.between(88, 96))
      }
    }
  })
}

export function whistler(making: Making, id: string, where: Mover, meanSeconds: number): Source {
  return sourceOf(making, id, where, function* (random) {
    for (let at = waiting(random, meanSeconds); at < making.durationSeconds;) {
      yield emission(at, whistle(random), random.between(92, 104))
      at += 0.3 + waiting(random, random.chance(0.4) ? 1 : meanSeconds)
    }
  })
}

export function walker(making: Making, id: string, where: Mover): Source {
  return sourceOf(making, id, where, function* (random) {
    const pace = random.between(0.5, 0.62)
    const [first, last] = [where.path[0]!, where.path.at(-1)!]
    for (let at = first.atSeconds; at < last.atSeconds; at += pace * random.between(0.97, 1.03)) {
      yield emission(at, footstep(random), random.between(52, 62))
    }
  })
}

/** A part of a stand or of a market hall: too many to tell apart, without an end. */
export function multitude(
  making: Making,
  id: string,
  where: Mover,
  levelDecibels: number,
  cheersAtSeconds: readonly number[],
): Source {
  return sourceOf(making, id, where, function* (random) {
    const pieceSeconds = 20
    let cheers = [...cheersAtSeconds]
    for (let at = 0; at < making.durationSeconds; at += pieceSeconds - 0.5) {
      for (const cheer of cheers.filter((one) => one < at + pieceSeconds)) {
        const started = cheer + random.between(0, 0.6)
        yield emission(started, roar(random.between(4, 9), random), levelDecibels + 10)
        yield emission(started + 1, applause(random.between(4, 8), 14, random), levelDecibels + 2)
      }
      cheers = cheers.filter((one) => one >= at + pieceSeconds)
      yield emission(at, roar(pieceSeconds, random), levelDecibels)
    }
  })
}
