import { kernels } from './kernels/kernels.ts'

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
  const steps = Math.floor(samples.length / stepSamples)
  const { state, ...views } = kernelRoom
  state.fill(0)
  const run = (from: number, count: number): void => {
    const part = samples.subarray(from, from + count * stepSamples)
    views.samples.set(part)
    views.samples.fill(0, part.length)
    kernels.fillPowers(
      state.byteOffset,
      views.samples.byteOffset,
      count,
      stepSamples,
      highPass.gain,
      highPass.a1,
      highPass.a2,
      views.sound.byteOffset,
      views.powers.byteOffset,
    )
    sound.set(views.sound.subarray(0, part.length), from)
  }
  for (let first = 0; first < steps; first += stepsAtOnce) {
    const count = Math.min(stepsAtOnce, steps - first)
    run(first * stepSamples, count)
    for (const [band, own] of powers.entries()) {
      // What is said of a step holds for it and the next.
      const from = first === 0 ? 1 : 0
      own.set(views.powers.subarray(band * count + from, (band + 1) * count), first + from - 1)
    }
  }
  for (const [band, own] of powers.entries()) {
    // What stands after the last whole step is as loud as that.
    if (steps > 0) own[steps - 1] = 2 * state[lastSums + band]!
    const scale = 1 / (2 * stepSamples * 4 ** band)
    for (let step = 0; step < steps; step++) own[step]! *= scale
  }
  if (samples.length > steps * stepSamples) run(steps * stepSamples, 1)
}

const highPass = (() => {
  const turn = (2 * Math.PI * 300) / soundRateHz
  const cosine = Math.cos(turn)
  const alpha = Math.sin(turn) / Math.SQRT2
  return {
    gain: (1 + cosine) / 2 / (1 + alpha),
    a1: (-2 * cosine) / (1 + alpha),
    a2: (1 - alpha) / (1 + alpha),
  }
})()

/** Steps that go through the kernel at once: their samples stay near the processor. */
const stepsAtOnce = 512
/** Place in the kernel's state of the three bands' sums over the last step. */
const lastSums = 10

const kernelRoom = (() => {
  const { buffer } = kernels.memory
  const samplesAt = 1024
  const samplesLength = stepsAtOnce * stepSamples
  const soundAt = samplesAt + 4 * samplesLength
  return {
    state: new Float64Array(buffer, 512, lastSums + 3),
    samples: new Float32Array(buffer, samplesAt, samplesLength),
    sound: new Float32Array(buffer, soundAt, samplesLength),
    powers: new Float32Array(buffer, soundAt + 4 * samplesLength, 3 * stepsAtOnce),
  }
})()

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

const slotOfBits = (() => {
  const slots = new Uint8Array(2 ** 16)
  const bits = new Uint32Array(1)
  const power = new Float32Array(bits.buffer)
  const slotAt = (top: number): number => {
    bits[0] = top << 15
    const level = Math.max(silenceDb, 10 * Math.log10(power[0]! + 1e-12))
    return Math.max(0, Math.min(highestDb - lowestDb - 1, Math.floor(level) - lowestDb))
  }
  // Below and above all is silence, or louder than can be told.
  const [quietest, loudest] = [96 << 8, 140 << 8]
  slots.fill(slotAt(0), 0, quietest)
  for (let top = quietest; top < loudest; top++) slots[top] = slotAt(top)
  return slots.fill(slotAt(loudest), loudest, 255 << 8)
})()

function quantile(counts: Int32Array, rank: number): number {
  let below = 0
  for (let slot = 0; slot < counts.length; slot++) {
    below += counts[slot]!
    if (below >= rank) return slot + lowestDb + 1
  }
  return silenceDb
}
