import { fftOfSize } from './fft.ts'

/** All samples in this stage are mono at this rate. */
export const sampleRateHz = 8000
/** Samples from one feature frame to the next: 100 frames a second. */
export const frameHop = 80
export const frameSeconds = frameHop / sampleRateHz
const bandCount = 24

const windowLength = 256
const lowestHz = 180
const highestHz = 3900
/** Below this summed band energy (full scale = 1) a frame is digital silence. */
const silenceEnergy = 1e-8
const energyFloor = 1e-7
/** Moving mean taken off the log energy: keeps modulation from about 2.5 Hz up. */
const highPassFrames = 41
/** Local loudness of the modulation, over about 6 s. */
const normaliseFrames = 601
/** Variance (in log energy) under which a band is steady: it carries no time and is not amplified. */
const steadyVariance = 0.01
const clipAt = 3

/** What the coarse search compares. */
export interface SoundFeatures {
  readonly frames: number
  /** One array of `frames` values per mel band, each within ±3, zero where inactive. */
  readonly bands: readonly Float32Array[]
  /** 1 where the frame holds sound, 0 where it is digital silence. */
  readonly active: Float32Array
  readonly activeFrames: number
}

/** Log-mel modulation of a recording: mono, 8 kHz, no NaN. Shorter than one window gives no frames. */
export function soundFeatures(samples: Float32Array): SoundFeatures {
  const frames = Math.max(0, Math.floor((samples.length - windowLength) / frameHop) + 1)
  const bands = Array.from({ length: bandCount }, () => new Float32Array(frames))
  const active = new Float32Array(frames)
  bandEnergies(samples, bands, active)
  for (const band of bands) highPass(band, active)
  removeCommonGain(bands)
  for (const band of bands) normalise(band, active)
  let activeFrames = 0
  for (const value of active) activeFrames += value
  return { frames, bands, active, activeFrames }
}

function bandEnergies(
  samples: Float32Array,
  bands: readonly Float32Array[],
  active: Float32Array,
): void {
  const fft = fftOfSize(windowLength)
  const re = new Float64Array(windowLength)
  const im = new Float64Array(windowLength)
  const powers = new Float64Array(2 * (windowLength / 2 + 1))
  const half = windowLength / 2
  // Two frames ride in one transform, as real and imaginary part.
  for (let frame = 0; frame < active.length; frame += 2) {
    const start = frame * frameHop
    for (let t = 0; t < windowLength; t++) {
      re[t] = samples[start + t]! * hann[t]!
      im[t] = (samples[start + frameHop + t] ?? 0) * hann[t]!
    }
    fft.forward(re, im)
    for (let k = 0; k <= half; k++) {
      const mirror = (windowLength - k) % windowLength
      const aRe = (re[k]! + re[mirror]!) / 2
      const aIm = (im[k]! - im[mirror]!) / 2
      const bRe = (im[k]! + im[mirror]!) / 2
      const bIm = (re[mirror]! - re[k]!) / 2
      powers[k] = aRe * aRe + aIm * aIm
      powers[half + 1 + k] = bRe * bRe + bIm * bIm
    }
    writeFrame(powers, 0, frame, bands, active)
    if (frame + 1 < active.length) writeFrame(powers, half + 1, frame + 1, bands, active)
  }
}

function writeFrame(
  powers: Float64Array,
  from: number,
  frame: number,
  bands: readonly Float32Array[],
  active: Float32Array,
): void {
  let total = 0
  for (let b = 0; b < bandCount; b++) {
    const { firstBin, weights } = melBands[b]!
    let energy = 0
    for (let k = 0; k < weights.length; k++) energy += powers[from + firstBin + k]! * weights[k]!
    total += energy
    bands[b]![frame] = Math.log(energy + energyFloor)
  }
  active[frame] = total < silenceEnergy ? 0 : 1
}

/** Takes the moving mean off, then averages neighbouring frames; silence stays out of both. */
function highPass(band: Float32Array, active: Float32Array): void {
  const mean = movingMean(band, active, highPassFrames)
  let before = 0
  for (let t = 0; t < band.length; t++) {
    const now = active[t] === 0 ? 0 : band[t]! - mean[t]!
    band[t] = (now + before) / 2
    before = now
  }
}

/** Gain control and handling move all bands together: half of that common part is taken off. */
function removeCommonGain(bands: readonly Float32Array[]): void {
  const frames = bands[0]?.length ?? 0
  for (let t = 0; t < frames; t++) {
    let sum = 0
    for (const band of bands) sum += band[t]!
    const common = sum / bandCount / 2
    for (const band of bands) band[t] = band[t]! - common
  }
}

function normalise(band: Float32Array, active: Float32Array): void {
  const squares = band.map((value) => value * value)
  const local = movingMean(squares, active, normaliseFrames)
  let sum = 0
  let count = 0
  for (let t = 0; t < band.length; t++) {
    sum += local[t]! * active[t]!
    count += active[t]!
  }
  const typical = count === 0 ? 0 : sum / count
  for (let t = 0; t < band.length; t++) {
    const value = band[t]! / Math.sqrt(local[t]! + 0.05 * typical + steadyVariance)
    band[t] = active[t] === 0 ? 0 : Math.max(-clipAt, Math.min(clipAt, value))
  }
}

/** Mean over `width` frames around each, counting active frames only. */
function movingMean(values: Float32Array, active: Float32Array, width: number): Float64Array {
  const length = values.length
  const sums = new Float64Array(length + 1)
  const counts = new Float64Array(length + 1)
  for (let t = 0; t < length; t++) {
    sums[t + 1] = sums[t]! + values[t]! * active[t]!
    counts[t + 1] = counts[t]! + active[t]!
  }
  const reach = Math.floor(width / 2)
  const means = new Float64Array(length)
  for (let t = 0; t < length; t++) {
    const from = Math.max(0, t - reach)
    const to = Math.min(length, t + reach + 1)
    const count = counts[to]! - counts[from]!
    means[t] = count === 0 ? 0 : (sums[to]! - sums[from]!) / count
  }
  return means
}

interface MelBand {
  readonly firstBin: number
  readonly weights: Float64Array
}

const hann = Float64Array.from(
  { length: windowLength },
  (_, t) => 0.5 - 0.5 * Math.cos((2 * Math.PI * t) / (windowLength - 1)),
)

/** Triangular bands evenly spaced in mel (O'Shaughnessy 1987), each of weight 1 in all. */
const melBands: readonly MelBand[] = (() => {
  const toMel = (hz: number) => 1127 * Math.log(1 + hz / 700)
  const toHz = (mel: number) => 700 * (Math.exp(mel / 1127) - 1)
  const lowest = toMel(lowestHz)
  const step = (toMel(highestHz) - lowest) / (bandCount + 1)
  const edge = (index: number) => toHz(lowest + index * step)
  return Array.from({ length: bandCount }, (_, b): MelBand => {
    const weights: number[] = []
    let firstBin = -1
    for (let k = 0; k <= windowLength / 2; k++) {
      const hz = (k * sampleRateHz) / windowLength
      const rise = (hz - edge(b)) / (edge(b + 1) - edge(b))
      const fall = (edge(b + 2) - hz) / (edge(b + 2) - edge(b + 1))
      const weight = Math.min(rise, fall)
      if (weight <= 0) continue
      if (firstBin < 0) firstBin = k
      weights.push(weight)
    }
    const total = weights.reduce((sum, weight) => sum + weight, 0)
    return {
      firstBin: Math.max(0, firstBin),
      weights: Float64Array.from(weights, (w) => w / total),
    }
  })
})()
