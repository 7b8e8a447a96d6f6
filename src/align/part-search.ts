import { bandCount } from './kernels/kernels.ts'
import { centreAndSpread } from './median.ts'
import { allocateBlock, floatsOf, freeBlock, partOf, realFftOfSize } from './real-fft.ts'
import { stepFrames } from './sound-features.ts'
import type { SoundFeatures } from './sound-features.ts'
import { writeSteps, writeTurned } from './step-rows.ts'

/** Parts of 6 s. */
export const partFrames = 600
/** As in the coarse search, frames are added up by fours. */
const partSteps = partFrames / stepFrames
const blockSteps = 512
/** Places of a part's beginning that one block holds. */
const hopSteps = blockSteps - partSteps
/** A part may hang over the ends of the other recording by half. */
export const overhangSteps = partSteps / 2
/** So many values stand for all where a median is wanted. */
const sampledValues = 1023

/** Finds 6 s of one recording in another, many times: the other is transformed once, in blocks. Free it after use. */
export interface PartSearch {
  /** How well the part of `a` that begins there fits at each place of the other. */
  readonly scores: (a: SoundFeatures, fromFrame: number) => PartScores
  readonly free: () => void
}

export interface PartScores {
  /** Value k where the part begins at step k − `overhangSteps`; good until the next call. */
  readonly values: Float32Array
  /** Median and robust standard deviation of all. */
  readonly centre: number
  readonly spread: number
}

export function openPartSearch(b: SoundFeatures): PartSearch {
  const fft = realFftOfSize(blockSteps)
  const length = b.stepCount
  const starts: number[] = []
  for (let start = -overhangSteps; start < length - overhangSteps; start += hopSteps)
    starts.push(start)
  const spectra = allocateBlock(starts.length * bandCount * blockSteps)
  const part = allocateBlock(bandCount * blockSteps)
  const signal = allocateBlock(blockSteps)
  const sum = allocateBlock(blockSteps)
  const scores = new Float32Array(starts.length * hopSteps)
  const values = floatsOf(signal)
  for (const [index, start] of starts.entries()) {
    for (let band = 0; band < bandCount; band++) {
      writeSteps(b, band, start, start + blockSteps, values)
      fft.forward(signal, partOf(spectra, index * bandCount + band, blockSteps))
    }
  }
  return {
    scores(a, fromFrame) {
      const from = Math.round(fromFrame / stepFrames)
      for (let band = 0; band < bandCount; band++) {
        writeTurned(a, band, from, partSteps, floatsOf(signal))
        fft.forward(signal, partOf(part, band, blockSteps))
      }
      for (const index of starts.keys()) {
        floatsOf(sum).fill(0)
        for (let band = 0; band < bandCount; band++) {
          const ofB = partOf(spectra, index * bandCount + band, blockSteps)
          fft.addProduct(ofB, partOf(part, band, blockSteps), sum, 1)
        }
        fft.inverse(sum, signal)
        scores.set(floatsOf(signal).subarray(0, hopSteps), index * hopSteps)
      }
      const found = scores.subarray(0, length)
      return { values: found, ...centreAndSpread(sampleOf(found)) }
    },
    free() {
      for (const block of [spectra, part, signal, sum]) freeBlock(block)
    },
  }
}

function sampleOf(scores: Float32Array): Float32Array {
  const stride = Math.max(1, Math.floor(scores.length / sampledValues)) | 1
  const sampled = new Float32Array(Math.ceil(scores.length / stride))
  for (let index = 0; index < sampled.length; index++) sampled[index] = scores[index * stride]!
  return sampled
}
