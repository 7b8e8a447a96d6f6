/** Samples a second of the sound that is looked through. */
export const soundRateHz = 8000
/** Samples in one step of the levels: 2 ms. */
export const stepSamples = 16
export const stepsPerSecond = soundRateHz / stepSamples
/** Haar half-lengths in samples: bands about 3, 1.5 and 0.8 kHz, one octave each. */
const bandHalves = [1, 2, 4] as const
/** Below it a level counts as silence, so that a tick in digital silence is no bang; dB of full scale. */
const silenceDb = -72
/** Seconds before and after a moment whose loud parts make its floor. */
const floorReachSeconds = 4
const blockSteps = stepsPerSecond / 4
/** Share of the steps about a moment that its floor must not be louder than. */
const floorShare = 0.9
const lowestDb = -120
const highestDb = 30

export interface ImpulseLevels {
  /** The sound without what lies below about 300 Hz: wind, and the body of a knock. */
  readonly sound: Float32Array
  readonly bands: readonly {
    /** dB of full scale, over 4 ms from step k on. */
    readonly levels: Float32Array
    /** dB per quarter second: 90 % of the 4 s about it are not louder. */
    readonly floors: Float32Array
  }[]
}

/** How loud each 4 ms is in three bands, and how loud the loud parts of the seconds about it are. */
export function impulseLevels(samples: Float32Array): ImpulseLevels {
  const sound = withoutLow(samples)
  return {
    sound,
    bands: bandHalves.map((half) => {
      const levels = bandLevels(sound, half)
      return { levels, floors: floorsOf(levels) }
    }),
  }
}

export function floorAt(floors: Float32Array, step: number): number {
  return floors[Math.min(floors.length - 1, Math.floor(step / blockSteps))] ?? silenceDb
}

/** Second-order Butterworth high-pass at 300 Hz (Robert Bristow-Johnson, Audio EQ Cookbook). */
function withoutLow(samples: Float32Array): Float32Array {
  const turn = (2 * Math.PI * 300) / soundRateHz
  const cosine = Math.cos(turn)
  const alpha = Math.sin(turn) / Math.SQRT2
  const gain = (1 + cosine) / 2 / (1 + alpha)
  const a1 = (-2 * cosine) / (1 + alpha)
  const a2 = (1 - alpha) / (1 + alpha)
  const out = new Float32Array(samples.length)
  let x1 = 0
  let x2 = 0
  let y1 = 0
  let y2 = 0
  for (let index = 0; index < samples.length; index++) {
    const x0 = samples[index]!
    const y0 = gain * (x0 - 2 * x1 + x2) - a1 * y1 - a2 * y2
    x2 = x1
    x1 = x0
    y2 = y1
    y1 = y0
    out[index] = y0
  }
  return out
}

/** The sum of `half` samples minus the sum of the `half` before them, squared, over two steps. */
function bandLevels(sound: Float32Array, half: number): Float32Array {
  const steps = Math.floor(sound.length / stepSamples)
  const levels = new Float32Array(steps)
  let late = 0
  let early = 0
  let previous = 0
  for (let step = 0; step < steps; step++) {
    let energy = 0
    const end = (step + 1) * stepSamples
    for (let index = step * stepSamples; index < end; index++) {
      const middle = index >= half ? sound[index - half]! : 0
      late += sound[index]! - middle
      early += middle - (index >= 2 * half ? sound[index - 2 * half]! : 0)
      const difference = late - early
      energy += difference * difference
    }
    if (step > 0) levels[step - 1] = inDecibels(previous + energy, half)
    previous = energy
  }
  if (steps > 0) levels[steps - 1] = inDecibels(2 * previous, half)
  return levels
}

function inDecibels(energy: number, half: number): number {
  const level = 10 * Math.log10(energy / (2 * stepSamples * half * half) + 1e-12)
  return Math.max(silenceDb, level)
}

function floorsOf(levels: Float32Array): Float32Array {
  const blocks = Math.max(1, Math.ceil(levels.length / blockSteps))
  const reach = floorReachSeconds * 4
  const counts = new Int32Array(highestDb - lowestDb)
  const floors = new Float32Array(blocks)
  let counted = 0
  const count = (block: number, sign: 1 | -1): void => {
    if (block < 0 || block >= blocks) return
    const end = Math.min(levels.length, (block + 1) * blockSteps)
    for (let step = block * blockSteps; step < end; step++) {
      const slot = Math.floor(levels[step]!) - lowestDb
      counts[Math.max(0, Math.min(counts.length - 1, slot))]! += sign
      counted += sign
    }
  }
  for (let block = 0; block < reach; block++) count(block, 1)
  for (let block = 0; block < blocks; block++) {
    count(block + reach, 1)
    count(block - reach - 1, -1)
    floors[block] = quantile(counts, floorShare * counted)
  }
  return floors
}

function quantile(counts: Int32Array, rank: number): number {
  let below = 0
  for (let slot = 0; slot < counts.length; slot++) {
    below += counts[slot]!
    if (below >= rank) return slot + lowestDb + 1
  }
  return silenceDb
}
