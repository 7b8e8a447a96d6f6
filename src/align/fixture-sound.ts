/** Sound for this stage's tests: short decaying tones, heard at any instant, so that drift is exact. */
import { sampleRateHz } from './sound-features.ts'

export interface Tone {
  readonly atSeconds: number
  readonly hertz: number
  readonly level: number
}

export function randomNumbers(seed: number): () => number {
  let state = seed | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** Some twenty tones a second, as irregular as speech. */
export function happening(seed: number, seconds: number): Tone[] {
  const random = randomNumbers(seed)
  return Array.from({ length: Math.round(20 * seconds) }, () => ({
    atSeconds: random() * seconds,
    hertz: 250 + 3200 * random() ** 2,
    level: 0.02 + 0.15 * random() ** 3,
  })).sort((one, two) => one.atSeconds - two.atSeconds)
}

/** The same tones again and again. */
export function repeating(seed: number, periodSeconds: number, times: number): Tone[] {
  const once = happening(seed, periodSeconds)
  return Array.from({ length: times }, (_, round) =>
    once.map((tone) => ({ ...tone, atSeconds: tone.atSeconds + round * periodSeconds })),
  ).flat()
}

export interface Hearing {
  /** Happening time at the recording's own zero. */
  readonly startSeconds: number
  readonly seconds: number
  /** Happening seconds per own second. */
  readonly rate?: number
  /** Everything arrives later by this. */
  readonly travelSeconds?: number
  /** Of hiss that only this recording has. */
  readonly noise?: number
  readonly noiseSeed?: number
}

const ringSeconds = 0.4

export function heard(tones: readonly Tone[], hearing: Hearing): Float32Array {
  const { startSeconds, seconds, rate = 1, travelSeconds = 0, noise = 0.005 } = hearing
  const random = randomNumbers(hearing.noiseSeed ?? Math.round(startSeconds * 1000) + 17)
  const samples = new Float32Array(Math.round(seconds * sampleRateHz))
  const own = (happeningSeconds: number) => (happeningSeconds - startSeconds) / rate
  for (const { atSeconds, hertz, level } of tones) {
    const arrives = atSeconds + travelSeconds
    const from = Math.max(0, Math.ceil(own(arrives) * sampleRateHz))
    const to = Math.min(samples.length, Math.floor(own(arrives + ringSeconds) * sampleRateHz))
    for (let k = from; k < to; k++) {
      const since = startSeconds + (rate * k) / sampleRateHz - arrives
      samples[k] =
        samples[k]! + level * Math.sin(2 * Math.PI * hertz * since) * Math.exp(-since / 0.06)
    }
  }
  return samples.map((sample) => sample + noise * (random() + random() - 1))
}

/** Seconds of each turn. */
export const turnSeconds = 12
const talkSeconds = 120

/**
 * Two who talk in turn, as two phones hear them whose own zeros are `lagSeconds` apart; the second
 * talker arrives at the second phone so much later.
 */
export function talkersInTurn(
  apartSeconds: number,
  { lagSeconds, seed }: { readonly lagSeconds: number; readonly seed: number },
): readonly [Float32Array, Float32Array] {
  const [one, other] = [0, 1].map((turn) =>
    happening(seed + turn, talkSeconds + 10).filter(
      ({ atSeconds }) => Math.floor(atSeconds / turnSeconds) % 2 === turn,
    ),
  ) as [Tone[], Tone[]]
  const later = other.map((tone) => ({ ...tone, atSeconds: tone.atSeconds + apartSeconds }))
  return [
    heard([...one, ...other], { startSeconds: 0, seconds: talkSeconds }),
    heard([...one, ...later], { startSeconds: lagSeconds, seconds: talkSeconds }),
  ]
}
