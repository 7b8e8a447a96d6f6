import { cos, exp, log } from './exact-math.ts'
import { allocateBlock, floatsOf, freeBlock, realFftOfSize } from './real-fft.ts'
import { removeRepetition } from './repetition.ts'
import type { SampleSource } from './sample-source.ts'

/** All samples in this stage are mono at this rate. */
export const sampleRateHz = 8000
/** Samples from one feature frame to the next: 100 frames a second. */
export const frameHop = 80
export const frameSeconds = frameHop / sampleRateHz
export const bandCount = 24

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
/** Samples read at once. */
const chunkFrames = 1024
/** Kept features are whole numbers of this fraction, within ±127 of it. */
const quantum = 1 / 32

/** What the coarse search compares. */
export interface SoundFeatures {
  readonly frames: number
  /** One array of `frames` values per mel band, in 32nds; zero where inactive. */
  readonly bands: readonly Int8Array[]
  /** 1 where the frame holds sound, 0 where it is digital silence. */
  readonly active: Uint8Array
  readonly activeFrames: number
  /** Sum of the squares of all bands in the frames before each; one longer than `frames`. */
  readonly energyBefore: Float64Array
  /** How much of the recording's modulation repeated exactly and was taken off. */
  readonly repeatedShare: number
}

/** Log-mel modulation of a recording. Shorter than one window gives no frames. */
export function soundFeatures(source: SampleSource): SoundFeatures {
  const frames = Math.max(0, Math.floor((source.length - windowLength) / frameHop) + 1)
  const bands = Array.from({ length: bandCount }, () => new Float32Array(frames))
  const active = new Uint8Array(frames)
  bandEnergies(source, bands, active)
  const activeBefore = activeFramesBefore(active)
  for (const band of bands) highPass(band, active, activeBefore)
  removeCommonGain(bands)
  for (const band of bands) normalise(band, active, activeBefore)
  const repeatedShare = removeRepetition(bands)
  const kept = quantised(bands, active)
  return {
    frames,
    bands: kept,
    active,
    activeFrames: activeBefore[frames] ?? 0,
    energyBefore: energiesBefore(kept, frames),
    repeatedShare,
  }
}

function energiesBefore(bands: readonly Int8Array[], frames: number): Float64Array {
  const before = new Float64Array(frames + 1)
  for (const band of bands) for (let t = 0; t < frames; t++) before[t + 1]! += band[t]! ** 2
  for (let t = 0; t < frames; t++) before[t + 1]! += before[t]!
  return before
}

function bandEnergies(
  source: SampleSource,
  bands: readonly Float32Array[],
  active: Uint8Array,
): void {
  const fft = realFftOfSize(windowLength)
  const windowed = allocateBlock(windowLength)
  const spectrum = allocateBlock(windowLength)
  const chunk = new Float32Array(chunkFrames * frameHop + windowLength)
  const powers = new Float32Array(windowLength / 2)
  const shaped = floatsOf(windowed)
  const parts = floatsOf(spectrum)
  for (let first = 0; first < active.length; first += chunkFrames) {
    source.read(first * frameHop, chunk)
    const last = Math.min(active.length, first + chunkFrames)
    for (let frame = first; frame < last; frame++) {
      const start = (frame - first) * frameHop
      for (let t = 0; t < windowLength; t++) shaped[t] = chunk[start + t]! * hann[t]!
      fft.forwardOrdered(windowed, spectrum)
      // The bands begin above 0 Hz and end below 4 kHz.
      for (let k = 1; k < windowLength / 2; k++) {
        const re = parts[2 * k]!
        const im = parts[2 * k + 1]!
        powers[k] = re * re + im * im
      }
      writeFrame(powers, frame, bands, active)
    }
  }
  freeBlock(windowed)
  freeBlock(spectrum)
}

function writeFrame(
  powers: Float32Array,
  frame: number,
  bands: readonly Float32Array[],
  active: Uint8Array,
): void {
  let total = 0
  for (let b = 0; b < bandCount; b++) {
    const { firstBin, weights } = melBands[b]!
    let energy = 0
    for (let k = 0; k < weights.length; k++) energy += powers[firstBin + k]! * weights[k]!
    total += energy
    bands[b]![frame] = log(energy + energyFloor)
  }
  active[frame] = total < silenceEnergy ? 0 : 1
}

/** Takes the moving mean off, then averages neighbouring frames; silence stays out of both. */
function highPass(band: Float32Array, active: Uint8Array, activeBefore: Int32Array): void {
  const mean = movingMean(band, active, activeBefore, highPassFrames)
  let before = 0
  for (let t = 0; t < band.length; t++) {
    const now = active[t] === 0 ? 0 : band[t]! - mean[t]!
    band[t] = (now + before) / 2
    before = now
  }
}

/** Gain control and handling move all bands together: half of that common part is taken off. */
function removeCommonGain(bands: readonly Float32Array[]): void {
  const common = new Float32Array(bands[0]?.length ?? 0)
  for (const band of bands) for (let t = 0; t < common.length; t++) common[t]! += band[t]!
  for (const band of bands) {
    for (let t = 0; t < common.length; t++) band[t]! -= common[t]! / bandCount / 2
  }
}

function normalise(band: Float32Array, active: Uint8Array, activeBefore: Int32Array): void {
  const squares = band.map((value) => value * value)
  const local = movingMean(squares, active, activeBefore, normaliseFrames)
  let sum = 0
  for (let t = 0; t < band.length; t++) sum += local[t]! * active[t]!
  const count = activeBefore[band.length] ?? 0
  const typical = count === 0 ? 0 : sum / count
  for (let t = 0; t < band.length; t++) {
    const value = band[t]! / Math.sqrt(local[t]! + 0.05 * typical + steadyVariance)
    band[t] = active[t] === 0 ? 0 : Math.max(-clipAt, Math.min(clipAt, value))
  }
}

function activeFramesBefore(active: Uint8Array): Int32Array {
  const before = new Int32Array(active.length + 1)
  for (let t = 0; t < active.length; t++) before[t + 1] = before[t]! + active[t]!
  return before
}

/** Mean over `width` frames around each, counting active frames only. */
function movingMean(
  values: Float32Array,
  active: Uint8Array,
  activeBefore: Int32Array,
  width: number,
): Float32Array {
  const { length } = values
  const sums = new Float64Array(length + 1)
  for (let t = 0; t < length; t++) sums[t + 1] = sums[t]! + values[t]! * active[t]!
  const reach = Math.floor(width / 2)
  const means = new Float32Array(length)
  for (let t = 0; t < length; t++) {
    const from = Math.max(0, t - reach)
    const to = Math.min(length, t + reach + 1)
    const count = activeBefore[to]! - activeBefore[from]!
    means[t] = count === 0 ? 0 : (sums[to]! - sums[from]!) / count
  }
  return means
}

/** In 32nds; zero where inactive. */
function quantised(bands: readonly Float32Array[], active: Uint8Array): Int8Array[] {
  return bands.map((band) => {
    const kept = new Int8Array(band.length)
    for (let t = 0; t < band.length; t++) {
      if (active[t] === 0) continue
      kept[t] = Math.max(-127, Math.min(127, Math.round(band[t]! / quantum)))
    }
    return kept
  })
}

interface MelBand {
  readonly firstBin: number
  readonly weights: Float32Array
}

const hann = Float32Array.from(
  { length: windowLength },
  (_, t) => 0.5 - 0.5 * cos((2 * Math.PI * t) / (windowLength - 1)),
)

/** Triangular bands evenly spaced in mel (O'Shaughnessy 1987), each of weight 1 in all. */
const melBands: readonly MelBand[] = (() => {
  const toMel = (hz: number) => 1127 * log(1 + hz / 700)
  const toHz = (mel: number) => 700 * (exp(mel / 1127) - 1)
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
      weights: Float32Array.from(weights, (w) => w / total),
    }
  })
})()
