import { cos, exp, log } from './exact-math.ts'
import {
  allocate,
  bandCount,
  bytesAt,
  floatsAt,
  kernels,
  shortsAt,
  withRoom,
  wordsAt,
} from './kernels/kernels.ts'
import { allocateBlock, floatsOf, freeBlock, realFftOfSize } from './real-fft.ts'
import { removeRepetition } from './repetition.ts'
import { readSamples } from './sample-source.ts'
import type { SampleSource } from './sample-source.ts'

/** All samples in this stage are mono at this rate. */
export const sampleRateHz = 8000
/** Samples from one feature frame to the next: 100 frames a second. */
export const frameHop = 80
export const frameSeconds = frameHop / sampleRateHz
/** Frames that a step adds up. */
export const stepFrames = 4
export const stepSeconds = stepFrames * frameSeconds

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
/** Frames transformed at once. */
const chunkFrames = 256
/** Bytes of a frame's bands as floats. */
const rowBytes = 4 * bandCount
/** Kept features are whole numbers of this fraction, within ±127 of it. */
const quantum = 1 / 32

/** What the coarse search compares. */
export interface SoundFeatures {
  readonly frames: number
  /** Frame after frame, the mel bands of each side by side, in 32nds; zero where inactive. */
  readonly rows: Int8Array
  /**
   * The rows added up by fours, each band by itself: `stepCount` values, band after band, and
   * last how many of the four hold sound. 25 a second find the same peaks as 100, and bear more
   * drift, for a fifth of the cost: docs/decisions/0007.
   */
  readonly steps: Int16Array
  readonly stepCount: number
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
  const room = (normaliseFrames + 4) * rowBytes
  return withRoom(
    [frames * rowBytes, frames, room, frames * bandCount, 4 * frames],
    (rows, active, room, kept, energies) => {
      writeBandEnergies(source, frames, rows, active)
      const heard = bytesAt(active, frames).slice()
      const activeFrames = heard.reduce((sum, one) => sum + one, 0)
      kernels.highPass(rows, active, frames, highPassFrames, room)
      kernels.normalise(
        rows,
        active,
        frames,
        activeFrames,
        normaliseFrames,
        steadyVariance,
        clipAt,
        room,
      )
      const repeatedShare = removeRepetition(rows, frames)
      kernels.quantise(rows, active, frames, 1 / quantum, kept)
      kernels.dotRuns(kept, kept, bandCount, frames, energies)
      return {
        frames,
        ...stepsOf(kept, frames, heard),
        rows: new Int8Array(bytesAt(kept, frames * bandCount).slice().buffer),
        active: heard,
        activeFrames,
        energyBefore: sumsBefore(wordsAt(energies, frames)),
        repeatedShare,
      }
    },
  )
}

function stepsOf(
  rows: number,
  frames: number,
  active: Uint8Array,
): Pick<SoundFeatures, 'steps' | 'stepCount'> {
  const stepCount = Math.floor(frames / stepFrames)
  const steps = new Int16Array((bandCount + 1) * stepCount)
  withRoom([2 * bandCount * stepCount], (columns) => {
    kernels.addUp(rows, stepCount, stepFrames, columns)
    steps.set(shortsAt(columns, bandCount * stepCount))
  })
  for (let step = 0; step < stepCount; step++) {
    let sum = 0
    for (let t = step * stepFrames; t < (step + 1) * stepFrames; t++) sum += active[t]!
    steps[bandCount * stepCount + step] = sum
  }
  return { steps, stepCount }
}

function sumsBefore(values: Int32Array): Float64Array {
  const before = new Float64Array(values.length + 1)
  for (let t = 0; t < values.length; t++) before[t + 1] = before[t]! + values[t]!
  return before
}

/** Logarithms of the bands' energies and which frames hold sound, into the kernels' memory. */
function writeBandEnergies(
  source: SampleSource,
  frames: number,
  rows: number,
  active: number,
): void {
  const fft = realFftOfSize(windowLength)
  const block = allocateBlock(chunkFrames * windowLength)
  const samplesLength = (chunkFrames - 1) * frameHop + windowLength
  const tables = melTables()
  withRoom([4 * samplesLength, 4 * block.length, 2 * windowLength], (samples, spectra, powers) => {
    for (let first = 0; first < frames; first += chunkFrames) {
      const count = Math.min(chunkFrames, frames - first)
      readSamples(source, first * frameHop, samples, samplesLength)
      kernels.cutFrames(samples, frameHop, tables.shape, count, spectra)
      floatsOf(block).set(floatsAt(spectra, block.length))
      fft.forwardOrderedEach(block, count)
      floatsAt(spectra, block.length).set(floatsOf(block))
      kernels.melLogs(
        spectra,
        count,
        tables.firstBins,
        tables.groups,
        tables.weights,
        energyFloor,
        silenceEnergy,
        powers,
        rows + first * rowBytes,
        active + first,
      )
    }
  })
  freeBlock(block)
}

interface MelBand {
  readonly firstBin: number
  readonly weights: Float32Array
}

/** The tables that the kernels read, in their memory: made once and kept. */
let written: ReturnType<typeof writeTables> | undefined
const melTables = (): ReturnType<typeof writeTables> => (written ??= writeTables())

function writeTables() {
  const groupsOf = ({ weights }: MelBand): number => Math.ceil(weights.length / 4)
  const weightCount = melBands.reduce((sum, band) => sum + 4 * groupsOf(band), 0)
  const [shape, firstBins, groups, weights] = [
    allocate(4 * windowLength),
    allocate(4 * bandCount),
    allocate(4 * bandCount),
    allocate(4 * weightCount),
  ]
  floatsAt(shape, windowLength).set(hann)
  // A band's last group may reach beyond its end, with no weight there, but not beyond the last bin.
  wordsAt(firstBins, bandCount).set(
    melBands.map((band) => Math.min(band.firstBin, windowLength / 2 - 4 * groupsOf(band))),
  )
  wordsAt(groups, bandCount).set(melBands.map(groupsOf))
  const into = floatsAt(weights, weightCount).fill(0)
  let at = 0
  for (const band of melBands) {
    const first = Math.min(band.firstBin, windowLength / 2 - 4 * groupsOf(band))
    into.set(band.weights, at + band.firstBin - first)
    at += 4 * groupsOf(band)
  }
  return { shape, firstBins, groups, weights }
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
