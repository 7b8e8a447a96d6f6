/** Many people at once: a roar, applause, whistles, a whole group on one chant. */
import type { Random } from '../../scene/random.ts'
import { bandPass, highPass, lowPass, onePole } from '../signal/filters.ts'
import { addAt, faded, rateHz, silence, white, whiteNoise } from '../signal/samples.ts'

/** Hundreds of voices add up to noise with formants, that swells and sinks. */
export function roar(seconds: number, random: Random): Float32Array {
  const out = silence(seconds)
  for (const formantHz of [620, 1150, 2500]) {
    const band = bandPass(whiteNoise(random, seconds), formantHz * random.between(0.9, 1.1), 1.6)
    const gain = formantHz > 2000 ? 0.35 : 1
    for (let index = 0; index < out.length; index++) out[index]! += gain * band[index]!
  }
  return faded(swelled(out, random, 0.6, 1.2), 0.5)
}

/** Multiplied by a slow random envelope: its exponent's depth in nepers, its speed in hertz. */
export function swelled(
  samples: Float32Array,
  random: Random,
  depthNepers: number,
  speedHz: number,
): Float32Array {
  const share = onePole(speedHz)
  // A first-order smoother leaves this share of white noise's RMS.
  const scale = depthNepers / Math.sqrt(share / (2 - share))
  let state = 0
  for (let index = 0; index < samples.length; index++) {
    state += share * (white(random) - state)
    samples[index]! *= Math.exp(scale * state)
  }
  return samples
}

/** Claps of many hands; each pair of hands has a tone and a pace. */
export function applause(seconds: number, hands: number, random: Random): Float32Array {
  const out = silence(seconds)
  for (let hand = 0; hand < hands; hand++) {
    const clap = bandPass(whiteNoise(random, 0.03), random.between(700, 2200), 1.5)
    for (let index = 0; index < clap.length; index++) clap[index]! *= Math.exp(-index / 60)
    const pace = random.between(0.18, 0.34)
    for (
      let at = random.between(0, 1);
      at < seconds - 0.05;
      at += pace * random.between(0.85, 1.15)
    ) {
      addAt(out, at, clap, random.between(0.4, 1))
    }
  }
  return faded(out, Math.min(1, seconds / 4))
}

/** Through the fingers, or a referee's with its pea. */
export function whistle(random: Random): Float32Array {
  const pea = random.chance(0.5)
  const out = silence(pea ? random.between(0.3, 1.2) : random.between(0.4, 0.9))
  const topHz = pea ? random.between(2600, 3600) : random.between(1600, 2600)
  let phase = 0
  for (let index = 0; index < out.length; index++) {
    const share = index / out.length
    const rattle = pea ? Math.sin(2 * Math.PI * 38 * (index / rateHz)) : 0
    const bend = pea ? 0.03 * rattle : 0.25 * Math.sin(Math.PI * share) - 0.15 * share
    phase += (2 * Math.PI * topHz * (1 + bend)) / rateHz
    out[index] = (1 + 0.5 * rattle) * Math.sin(phase) + 0.08 * white(random)
  }
  return faded(out, 0.02)
}

/** What a megaphone or a horn loudspeaker leaves, driven hard. */
export function throughMegaphone(samples: Float32Array, drive = 3): Float32Array {
  let loudest = 1e-9
  for (const sample of samples) loudest = Math.max(loudest, Math.abs(sample))
  const out = lowPass(highPass(samples.slice(), 450, 1), 3800, 1)
  for (let index = 0; index < out.length; index++) {
    out[index] = Math.tanh((drive * out[index]!) / loudest)
  }
  return lowPass(highPass(out, 350), 4500)
}

/** Drops on everything around: no two places hear the same. */
export function rain(seconds: number, random: Random): Float32Array {
  const out = highPass(whiteNoise(random, seconds), 900)
  const drops = silence(seconds)
  for (let at = 0; at < seconds; at += -Math.log(1 - random.next()) / 60) {
    const index = Math.floor(at * rateHz)
    const size = random.next() ** -0.6
    for (let k = 0; k < 20 && index + k < drops.length; k++) {
      drops[index + k]! += size * white(random) * Math.exp(-k / 6)
    }
  }
  const both = out.map((sample, at) => 0.3 * sample + drops[at]!)
  return swelled(both, random, 0.15, 0.5)
}
