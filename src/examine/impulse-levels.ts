/** Samples a second of the sound that is looked through. */
export const soundRateHz = 8000
/** Samples in one step of the levels: 2 ms. */
export const stepSamples = 16
export const stepsPerSecond = soundRateHz / stepSamples
/** Below it a level counts as silence, so that a tick in digital silence is no bang; dB of full scale. */
const silenceDb = -72
/** Seconds before and after a moment whose loud parts make its floor. */
const floorReachSeconds = 4
const blockSteps = stepsPerSecond / 4
/** Share of the steps about a moment that its floor must not be louder than. */
const floorShare = 0.9
const lowestDb = -120
const highestDb = 30

/** How loud a sound is in three bands, one octave each: about 3, 1.5 and 0.8 kHz. */
export interface ImpulseLevels {
  /** The sound without what lies below about 300 Hz: wind, and the body of a knock. */
  readonly sound: Float32Array
  readonly bands: readonly ImpulseBand[]
}

export interface ImpulseBand {
  /** Mean square over 4 ms from step k on, full scale 1. */
  readonly powers: Float32Array
  /** dB per quarter second: 90 % of the 4 s about it are not louder. */
  readonly floors: Float32Array
}

/** Memory for the levels of a sound and its parts, used again for each piece. */
export interface LevelsRoom {
  readonly sound: Float32Array
  readonly powers: readonly [Float32Array, Float32Array, Float32Array]
  readonly slots: Uint8Array
}

export function roomForLevels(sampleCount: number): LevelsRoom {
  const steps = Math.floor(sampleCount / stepSamples)
  return {
    sound: new Float32Array(sampleCount),
    powers: [new Float32Array(steps), new Float32Array(steps), new Float32Array(steps)],
    slots: new Uint8Array(steps),
  }
}

/** How loud each 4 ms is in three bands, and how loud the loud parts of the seconds about it are. */
export function impulseLevels(samples: Float32Array, room: LevelsRoom): ImpulseLevels {
  const steps = Math.floor(samples.length / stepSamples)
  fillPowers(samples, room)
  return {
    sound: room.sound.subarray(0, samples.length),
    bands: room.powers.map((whole) => {
      const powers = whole.subarray(0, steps)
      return { powers, floors: floorsOf(powers, room.slots.subarray(0, steps)) }
    }),
  }
}

/** dB of full scale. */
export function levelAt({ powers }: ImpulseBand, step: number): number {
  return Math.max(silenceDb, 10 * Math.log10(powers[step]! + 1e-12))
}

/** Mean over the bands: by how much each step stands above the floor. */
export function prominencesOf({ bands }: ImpulseLevels): Float32Array {
  const prominences = new Float32Array(bands[0]?.powers.length ?? 0)
  for (const band of bands) {
    for (let block = 0; block < band.floors.length; block++) {
      const floor = band.floors[block]!
      const power = 10 ** (floor / 10)
      const end = Math.min(prominences.length, (block + 1) * blockSteps)
      for (let step = block * blockSteps; step < end; step++) {
        if (band.powers[step]! <= power) continue
        prominences[step]! += (levelAt(band, step) - floor) / bands.length
      }
    }
  }
  return prominences
}

/**
 * A second-order Butterworth high-pass at 300 Hz (Robert Bristow-Johnson, Audio
 * EQ Cookbook), then Haar bands: the sum of 1, 2 or 4 samples minus the sum of
 * as many before them, squared, over two steps.
 */
function fillPowers(samples: Float32Array, { sound, powers }: LevelsRoom): void {
  const [high, middle, low] = powers
  const turn = (2 * Math.PI * 300) / soundRateHz
  const cosine = Math.cos(turn)
  const alpha = Math.sin(turn) / Math.SQRT2
  const gain = (1 + cosine) / 2 / (1 + alpha)
  const a1 = (-2 * cosine) / (1 + alpha)
  const a2 = (1 - alpha) / (1 + alpha)
  const scale = 1 / (2 * stepSamples)
  let x1 = 0
  let x2 = 0
  let y1 = 0
  let y2 = 0
  // Sums of two samples, from one to six samples ago.
  let p1 = 0
  let p2 = 0
  let p3 = 0
  let p4 = 0
  let p5 = 0
  let p6 = 0
  let highBefore = 0
  let middleBefore = 0
  let lowBefore = 0
  const steps = Math.floor(samples.length / stepSamples)
  for (let step = 0; step <= steps; step++) {
    let highSum = 0
    let middleSum = 0
    let lowSum = 0
    const end = Math.min(samples.length, (step + 1) * stepSamples)
    for (let index = step * stepSamples; index < end; index++) {
      const x0 = samples[index]!
      const y0 = gain * (x0 - 2 * x1 + x2) - a1 * y1 - a2 * y2
      const p0 = y0 + y1
      const highPart = y0 - y1
      const middlePart = p0 - p2
      const lowPart = p0 + p2 - p4 - p6
      highSum += highPart * highPart
      middleSum += middlePart * middlePart
      lowSum += lowPart * lowPart
      sound[index] = y0
      x2 = x1
      x1 = x0
      y2 = y1
      y1 = y0
      p6 = p5
      p5 = p4
      p4 = p3
      p3 = p2
      p2 = p1
      p1 = p0
    }
    if (step > 0) {
      // What stands after the last whole step is as loud as that.
      const isLast = step === steps
      high[step - 1] = scale * (highBefore + (isLast ? highBefore : highSum))
      middle[step - 1] = (scale / 4) * (middleBefore + (isLast ? middleBefore : middleSum))
      low[step - 1] = (scale / 16) * (lowBefore + (isLast ? lowBefore : lowSum))
    }
    highBefore = highSum
    middleBefore = middleSum
    lowBefore = lowSum
  }
}

function floorsOf(powers: Float32Array, slots: Uint8Array): Float32Array {
  fillSlots(powers, slots)
  const blocks = Math.max(1, Math.ceil(powers.length / blockSteps))
  const reach = floorReachSeconds * 4
  const counts = new Int32Array(highestDb - lowestDb)
  const floors = new Float32Array(blocks)
  let counted = 0
  const count = (block: number, sign: 1 | -1): void => {
    if (block < 0 || block >= blocks) return
    const start = block * blockSteps
    const end = Math.min(slots.length, start + blockSteps)
    for (let step = start; step < end; step++) counts[slots[step]!]! += sign
    counted += sign * (end - start)
  }
  for (let block = 0; block < reach; block++) count(block, 1)
  for (let block = 0; block < blocks; block++) {
    count(block + reach, 1)
    count(block - reach - 1, -1)
    floors[block] = quantile(counts, floorShare * counted)
  }
  return floors
}

/** The whole dB of each power above `lowestDb`, looked up by exponent and eight bits of mantissa. */
function fillSlots(powers: Float32Array, slots: Uint8Array): void {
  const bits = new Uint32Array(powers.buffer, powers.byteOffset, powers.length)
  for (let step = 0; step < slots.length; step++) slots[step] = slotOfBits[bits[step]! >>> 15]!
}

const slotOfBits = slotsOf(
  new Float32Array(Uint32Array.from({ length: 2 ** 16 }, (_, top) => top << 15).buffer),
)

function slotsOf(powers: Float32Array): Uint8Array {
  return Uint8Array.from(powers, (power) => {
    const level = Math.max(silenceDb, 10 * Math.log10(power + 1e-12))
    return Math.max(0, Math.min(highestDb - lowestDb - 1, Math.floor(level) - lowestDb))
  })
}

function quantile(counts: Int32Array, rank: number): number {
  let below = 0
  for (let slot = 0; slot < counts.length; slot++) {
    below += counts[slot]!
    if (below >= rank) return slot + lowestDb + 1
  }
  return silenceDb
}
