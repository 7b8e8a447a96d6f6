/** Machines that turn: cars standing and passing, a helicopter. */
import type { Random } from '../../scene/random.ts'
import { bandPass, highPass, lowPass, onePole } from '../signal/filters.ts'
import { rateHz, silence, white, whiteNoise } from '../signal/samples.ts'
import { swelled } from './crowd.ts'

/** Cylinders that fire unevenly, through an exhaust's resonance. */
export function engine(seconds: number, revolutionsHz: number, random: Random): Float32Array {
  const out = silence(seconds)
  const cylinders = Array.from({ length: 4 }, () => random.between(0.7, 1.3))
  const wander = onePole(0.7)
  let [phase, cylinder, drift, push] = [0, 0, 0, 0]
  for (let index = 0; index < out.length; index++) {
    drift += wander * (40 * white(random) - drift)
    phase += (2 * revolutionsHz * (1 + 0.03 * drift)) / rateHz
    if (phase >= 1) {
      phase -= 1
      cylinder = (cylinder + 1) % 4
      push = cylinders[cylinder]! * (1 + 0.15 * white(random))
    }
    push *= 0.985
    out[index] = push * (1 + 0.5 * white(random)) + 0.05 * white(random)
  }
  const pipe = bandPass(out.slice(), random.between(90, 260), 1.2)
  const valves = bandPass(out, random.between(900, 2200), 0.7)
  return pipe.map((sample, at) => sample + 0.5 * valves[at]!)
}

/** Tyres on the road, mostly 500 to 1500 Hz, and the engine under them. */
export function drivingCar(seconds: number, wet: boolean, random: Random): Float32Array {
  const tyres = lowPass(bandPass(whiteNoise(random, seconds), random.between(700, 1200), 0.6), 2500)
  const spray = highPass(whiteNoise(random, seconds), 2500)
  const motor = engine(seconds, random.between(22, 45), random)
  const mixed = tyres.map((s, at) => s + (wet ? 0.8 : 0.1) * spray[at]! + 0.6 * motor[at]!)
  return swelled(mixed, random, 0.1, 2)
}

/** Blade slap at the main rotor's rate, turbine hiss, a tail rotor's tone. */
export function helicopter(seconds: number, random: Random): Float32Array {
  const bladeHz = random.between(11, 19)
  const tailHz = bladeHz * random.between(4.5, 6)
  const out = lowPass(whiteNoise(random, seconds), 900)
  let phase = 0
  for (let index = 0; index < out.length; index++) {
    phase += (bladeHz * (1 + 0.01 * Math.sin((0.4 * index) / rateHz))) / rateHz
    const slap = Math.exp(-14 * (phase % 1)) * (1 + 0.15 * white(random))
    const tail = 0.25 * Math.sin((2 * Math.PI * tailHz * index) / rateHz)
    out[index] = out[index]! * (0.35 + 2.2 * slap) + tail
  }
  return out
}
