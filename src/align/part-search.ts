import { median } from './coarse-search.ts'
import { allocateBlock, floatsOf, freeBlock, realFftOfSize } from './real-fft.ts'
import type { FloatBlock } from './real-fft.ts'
import { bandCount } from './sound-features.ts'
import type { SoundFeatures } from './sound-features.ts'

/** Parts of 6 s. */
export const partFrames = 600
const blockFrames = 2048
/** Places of a part's beginning that one block holds. */
const step = blockFrames - partFrames
/** A part may hang over the ends of the other recording by half. */
const overhang = partFrames / 2
/** Frames around a peak that belong to it. */
const peakReach = 25
/** So many values stand for all where a median is wanted. */
const sampledValues = 1023

export interface PartPeak {
  readonly lagFrames: number
  /** In robust standard deviations over all lags. */
  readonly score: number
}

/** Finds 6 s of one recording in another, many times: the other is transformed once, in blocks. Free it after use. */
export interface PartSearch {
  /** The two highest peaks of the part of `a` that begins there. */
  readonly find: (a: SoundFeatures, fromFrame: number) => readonly PartPeak[]
  readonly free: () => void
}

export function openPartSearch(b: SoundFeatures): PartSearch {
  const fft = realFftOfSize(blockFrames)
  const starts: number[] = []
  for (let start = -overhang; start < b.frames - overhang; start += step) starts.push(start)
  const spectra = allocateBlock(starts.length * bandCount * blockFrames)
  const part = allocateBlock(bandCount * blockFrames)
  const signal = allocateBlock(blockFrames)
  const sum = allocateBlock(blockFrames)
  const slot = (block: FloatBlock, index: number): FloatBlock => ({
    pointer: block.pointer + 4 * index * blockFrames,
    length: blockFrames,
  })
  starts.forEach((start, index) => {
    b.bands.forEach((band, number) => {
      const values = floatsOf(signal).fill(0)
      const from = Math.max(0, start)
      values.set(band.subarray(from, Math.min(b.frames, start + blockFrames)), from - start)
      fft.forward(signal, slot(spectra, index * bandCount + number))
    })
  })
  return {
    find(a, fromFrame) {
      a.bands.forEach((band, number) => {
        const values = floatsOf(signal).fill(0)
        values.set(band.subarray(fromFrame, fromFrame + partFrames))
        fft.forward(signal, sum)
        fft.conjugate(sum, slot(part, number))
      })
      const scores = new Float32Array(starts.length * step)
      starts.forEach((_, index) => {
        floatsOf(sum).fill(0)
        for (let band = 0; band < bandCount; band++) {
          const ofB = slot(spectra, index * bandCount + band)
          fft.addProduct(ofB, slot(part, band), sum, 1)
        }
        fft.inverse(sum, signal)
        scores.set(floatsOf(signal).subarray(0, step), index * step)
      })
      // Index k: the part begins at frame k − overhang of b.
      return highestTwo(scores.subarray(0, b.frames)).map(({ place, score }) => ({
        lagFrames: fromFrame - (place - overhang),
        score,
      }))
    },
    free() {
      for (const block of [spectra, part, signal, sum]) freeBlock(block)
    },
  }
}

function highestTwo(scores: Float32Array): { readonly place: number; readonly score: number }[] {
  const stride = Math.max(1, Math.floor(scores.length / sampledValues)) | 1
  const sampled = scores.filter((_, place) => place % stride === 0)
  const centre = median(sampled)
  const spread = 1.4826 * median(sampled.map((value) => Math.abs(value - centre)))
  if (!(spread > 0)) return []
  const first = placeOfHighest(scores, -Infinity)
  const second = placeOfHighest(scores, first)
  return [first, second]
    .filter((place) => place >= 0)
    .map((place) => ({ place, score: (scores[place]! - centre) / spread }))
}

/** The highest that is not near the given place; −1 if there is none. */
function placeOfHighest(scores: Float32Array, far: number): number {
  let highest = -1
  for (let place = 0; place < scores.length; place++) {
    if (Math.abs(place - far) <= peakReach) continue
    if (highest < 0 || scores[place]! > scores[highest]!) highest = place
  }
  return highest
}
