/** Electric alarms: sirens, car alarms, horns. Models, so that two of one kind sound the same to the sample. */
import type { Random } from '../../scene/random.ts'
import { throughMegaphone } from './crowd.ts'
import { faded, rateHz, silence } from '../signal/samples.ts'

export type SirenMode = 'wail' | 'yelp' | 'hi-lo'

export interface SirenModel {
  readonly mode: SirenMode
  readonly lowHz: number
  readonly highHz: number
  readonly cycleSeconds: number
}

export function drawSirenModel(random: Random, mode: SirenMode): SirenModel {
  const lowHz = mode === 'hi-lo' ? random.between(400, 470) : random.between(550, 750)
  const ratio = mode === 'hi-lo' ? random.pick([4 / 3, 1.25]) : random.between(1.9, 2.4)
  const cycle = { wail: [3.5, 6.5], yelp: [0.28, 0.4], 'hi-lo': [1, 1.6] } as const
  const cycleSeconds = random.between(cycle[mode][0], cycle[mode][1])
  return { mode, lowHz, highHz: lowHz * ratio, cycleSeconds }
}

/** A square-like wave through a horn loudspeaker, whole cycles of the sweep, to be played on end. */
export function sirenLoop(model: SirenModel, seconds: number): Float32Array {
  const cycles = Math.max(1, Math.round(seconds / model.cycleSeconds))
  const out = silence(cycles * model.cycleSeconds)
  let phase = 0
  for (let index = 0; index < out.length; index++) {
    const share = (index / rateHz / model.cycleSeconds) % 1
    phase += (2 * Math.PI * sirenHz(model, share)) / rateHz
    out[index] = Math.tanh(3 * Math.sin(phase)) + 0.3 * Math.sin(2 * phase)
  }
  return throughMegaphone(out, 1.5)
}

function sirenHz({ mode, lowHz, highHz }: SirenModel, share: number): number {
  if (mode === 'hi-lo') return share < 0.5 ? highHz : lowHz
  // Up faster than down, as the capacitor of an electronic siren loads and empties.
  const up = share < 0.35 ? 1 - Math.exp(-share / 0.12) : Math.exp(-(share - 0.35) / 0.25)
  return lowHz + (highHz - lowHz) * up
}

/** The usual tour of patterns, four seconds each. */
export function carAlarm(random: Random): Float32Array {
  const out = silence(24)
  const toneHz = random.between(1900, 2900)
  const patterns = Array.from({ length: 6 }, () => ({
    cycleSeconds: random.pick([0.12, 0.25, 0.5, 1, 2]),
    shape: random.pick(['up', 'down', 'two', 'pulse', 'triangle'] as const),
    low: random.between(0.35, 0.7),
  }))
  let phase = 0
  for (let index = 0; index < out.length; index++) {
    const { cycleSeconds, shape, low } = patterns[Math.floor(index / rateHz / 4) % 6]!
    const share = (index / rateHz / cycleSeconds) % 1
    const height = {
      up: share,
      down: 1 - share,
      two: share < 0.5 ? 1 : 0,
      pulse: 1,
      triangle: 1 - Math.abs(2 * share - 1),
    }
    phase += (2 * Math.PI * toneHz * (low + (1 - low) * height[shape])) / rateHz
    const on = shape === 'pulse' && share > 0.5 ? 0 : 1
    out[index] = on * Math.tanh(2 * Math.sin(phase))
  }
  return throughMegaphone(out, 1.5)
}

/** Of one car: two reeds, a third apart or so. Pressed once. */
export function hornModel(random: Random): (seconds: number) => Float32Array {
  const lowHz = random.between(310, 430)
  const highHz = lowHz * random.between(1.18, 1.27)
  const edge = random.between(2, 6)
  return (seconds) => {
    const out = silence(seconds)
    for (let index = 0; index < out.length; index++) {
      const at = index / rateHz
      const settling = 1 - 0.02 * Math.exp(-at / 0.03)
      out[index] = [lowHz, highHz].reduce((sum, hertz) => {
        const reed = Math.sin(2 * Math.PI * hertz * at * settling)
        return sum + Math.tanh(edge * (reed - 0.3))
      }, 0)
    }
    return faded(out, 0.03)
  }
}
