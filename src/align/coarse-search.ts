import { dotOf } from './feature-dots.ts'
import { allocate, bandCount, floatsAt, kernels } from './kernels/kernels.ts'
import { centreAndSpread } from './median.ts'
import {
  allocateBlock,
  floatsOf,
  freeBlock,
  partOf,
  realFftOfSize,
  transformSizeFrom,
} from './real-fft.ts'
import type { FloatBlock, RealFft } from './real-fft.ts'
import { frameSeconds, stepFrames, stepSeconds } from './sound-features.ts'
import type { SoundFeatures } from './sound-features.ts'
import { writeSteps, writeTurned } from './step-rows.ts'

/** Two recordings are compared only where both hold sound for this long. */
export const shortestOverlapSeconds = 2
const shortestOverlapSteps = shortestOverlapSeconds / stepSeconds
/** Overlaps shorter than this are judged as if they were this long: short ones match by chance. */
const fullWeightSteps = 10 / stepSeconds
const rankedPeaks = 5
/** Steps around a peak that belong to it: ±0.24 s. */
const peakReach = 6
/** Frames to either side of a peak that are looked at while its place is found. */
const refineReach = 4
/** Peaks are looked for in blocks of so many lags. */
const peakBlock = 32
/** Marks a lag that was not compared. */
const unusable = -Infinity
/** So many values stand for all where a median is wanted. */
const sampledValues = 3071
/** What transforms may take of memory before the ones used longest ago are made anew. */
const keptBytes = 192e6
/** A recording's bands, and where it holds sound. */
const rowCount = bandCount + 1

/** A lag at which two recordings might belong together. */
export interface CoarsePeak {
  /** a-time minus b-time of the same sound, whole frames; to a frame or two until it is refined. */
  readonly lagFrames: number
  /** The same, interpolated. */
  readonly lagSeconds: number
  /** Height in robust standard deviations over all lags. */
  readonly score: number
}

/** What the coarse search found at every lag. */
export interface CoarseHeights {
  /** Height at each lag of whole steps, index lag modulo the length; −∞ where the overlap is too short. */
  readonly heights: Float32Array
  /** Score = (height − centre) × scale. */
  readonly centre: number
  readonly scale: number
  /** Longest lag, steps: an index beyond it stands for a negative lag. */
  readonly mostLag: number
}

export interface CoarseScores extends CoarseHeights {
  /** Highest first, at least 0.25 s apart. */
  readonly peaks: readonly CoarsePeak[]
}

/** Compares recordings two by two; keeps transforms between calls. Free it after use. */
export interface CoarseSearch {
  /**
   * Correlation of all bands at every lag, divided by the root of the overlap in
   * which both hold sound, in robust standard deviations. The transform's length
   * depends on this pair alone, so other recordings cannot change the result.
   * `heights` is good until the next call. RangeError where there is no memory left.
   */
  readonly compare: (a: SoundFeatures, b: SoundFeatures) => CoarseScores
  readonly free: () => void
}

export function openCoarseSearch(): CoarseSearch {
  const kept = new Map<string, FloatBlock>()
  const numbers = new Map<SoundFeatures, number>()
  let keptFloats = 0
  let turned: { readonly key: string; readonly block: FloatBlock } | undefined
  let room: PairRoom | undefined

  const keyOf = (features: SoundFeatures, size: number): string => {
    const number = numbers.get(features) ?? numbers.size
    numbers.set(features, number)
    return `${number} ${size}`
  }
  const spectra = (features: SoundFeatures, fft: RealFft): FloatBlock => {
    const key = keyOf(features, fft.size)
    const known = kept.get(key)
    if (known) {
      kept.delete(key)
      kept.set(key, known)
      return known
    }
    const length = rowCount * fft.size
    // Room for two at least: the pair that is being compared.
    while (kept.size > 1 && 4 * (keptFloats + length) > keptBytes) {
      const [oldest, block] = kept.entries().next().value!
      kept.delete(oldest)
      freeBlock(block)
      keptFloats -= block.length
    }
    const made = allocateBlock(length)
    keptFloats += length
    kept.set(key, made)
    for (let row = 0; row < rowCount; row++) {
      const into = partOf(made, row, fft.size)
      writeSteps(features, row, 0, fft.size, floatsOf(into))
      fft.forward(into, into)
    }
    return made
  }
  const conjugates = (features: SoundFeatures, fft: RealFft): FloatBlock => {
    const key = keyOf(features, fft.size)
    if (turned?.key === key) return turned.block
    const length = rowCount * fft.size
    const fits = turned?.block.length === length
    if (turned && !fits) freeBlock(turned.block)
    const block = turned && fits ? turned.block : allocateBlock(length)
    for (let row = 0; row < rowCount; row++) {
      const into = partOf(block, row, fft.size)
      writeTurned(features, row, 0, features.stepCount, floatsOf(into))
      fft.forward(into, into)
    }
    turned = { key, block }
    return block
  }
  /** Of recordings so long that their transforms are not kept: row by row. */
  const addRow = (features: SoundFeatures, other: SoundFeatures, row: number, fft: RealFft) => {
    const { sum, correlation, extra } = room!
    writeTurned(features, row, 0, features.stepCount, floatsOf(extra))
    fft.forward(extra, extra)
    writeSteps(other, row, 0, fft.size, floatsOf(correlation))
    fft.forward(correlation, correlation)
    fft.addProduct(extra, correlation, sum, 1 / fft.size)
  }

  return {
    compare(a, b) {
      const size = transformSizeFrom(a.stepCount + b.stepCount + 1)
      const fft = realFftOfSize(size)
      if (room?.size !== size) {
        if (room) freeRoom(room)
        room = makeRoom(size)
      }
      const { sum, correlation, heights } = room
      const isKept = 4 * rowCount * size < keptBytes / 3
      const blocks = isKept ? [conjugates(a, fft), spectra(b, fft)] : []
      /** Index k: b is read k steps later. */
      const correlate = (firstRow: number, lastRow: number): void => {
        floatsOf(sum).fill(0)
        const [ofA, ofB] = blocks
        for (let row = firstRow; row <= lastRow; row++) {
          if (!ofA || !ofB) addRow(a, b, row, fft)
          else fft.addProduct(partOf(ofA, row, size), partOf(ofB, row, size), sum, 1 / size)
        }
        fft.inverse(sum, correlation)
      }
      correlate(0, bandCount - 1)
      const isSounding = a.activeFrames === a.frames && b.activeFrames === b.frames
      floatsAt(room.correlations, size).set(floatsOf(correlation))
      if (!isSounding) {
        correlate(bandCount, bandCount)
        floatsAt(room.overlaps, size).set(floatsOf(correlation))
      }
      weighLags(room, a, b, isSounding)
      const scored = { heights, ...typicalOf(heights), mostLag: a.stepCount }
      return { ...scored, peaks: rankPeaks(scored, room.tops) }
    },
    free() {
      for (const block of kept.values()) freeBlock(block)
      kept.clear()
      if (turned) freeBlock(turned.block)
      if (room) freeRoom(room)
      turned = undefined
      room = undefined
    },
  }
}

interface PairRoom {
  readonly size: number
  readonly sum: FloatBlock
  readonly correlation: FloatBlock
  readonly extra: FloatBlock
  /** In the kernels' memory, as many floats each. */
  readonly correlations: number
  readonly overlaps: number
  readonly weighed: number
  readonly heights: Float32Array
  /** The highest of each block of heights. */
  readonly tops: Float32Array
}

function makeRoom(size: number): PairRoom {
  return {
    size,
    sum: allocateBlock(size),
    correlation: allocateBlock(size),
    extra: allocateBlock(size),
    correlations: allocate(4 * size),
    overlaps: allocate(4 * size),
    weighed: allocate(4 * size),
    heights: new Float32Array(size),
    tops: new Float32Array(size / peakBlock),
  }
}

function freeRoom({ sum, correlation, extra, correlations, overlaps, weighed }: PairRoom): void {
  for (const block of [sum, correlation, extra]) freeBlock(block)
  for (const pointer of [correlations, overlaps, weighed]) kernels.release(pointer)
}

/** Heights from the correlation at every lag, and the highest of each block. */
function weighLags(room: PairRoom, a: SoundFeatures, b: SoundFeatures, isSounding: boolean): void {
  const { size, correlations, overlaps, weighed, heights, tops } = room
  if (isSounding) {
    const [ofA, ofB] = [a.stepCount, b.stepCount]
    const least = shortestOverlapSteps
    kernels.heightsByLength(correlations, size, ofA, ofB, least, fullWeightSteps, weighed)
  } else {
    const scale = 1 / stepFrames ** 2
    const least = shortestOverlapSteps - 0.5
    kernels.heightsByOverlap(correlations, overlaps, size, scale, least, fullWeightSteps, weighed)
  }
  heights.set(floatsAt(weighed, size))
  kernels.highestOfBlocks(weighed, size, peakBlock, correlations)
  tops.set(floatsAt(correlations, tops.length))
}

/**
 * The place of a peak to a part of a frame: products of the frames over the root of a's
 * energy, of the frames of b that all lags near the peak reach; every other lag, then the
 * neighbours of the highest.
 */
export function refined(a: SoundFeatures, b: SoundFeatures, peak: CoarsePeak): CoarsePeak {
  const { lagFrames: centre } = peak
  const from = Math.max(0, refineReach - centre)
  const to = Math.min(b.frames, a.frames - centre - refineReach)
  if (to <= from) return peak
  const known = new Map<number, number>()
  const at = (lag: number): number => {
    const before = known.get(lag)
    if (before !== undefined) return before
    const energy = a.energyBefore[to + lag]! - a.energyBefore[from + lag]!
    const found = dotOf(a, b, lag, from + lag, to + lag) / Math.sqrt(energy + 1)
    known.set(lag, found)
    return found
  }
  const higher = (one: number, two: number): number => (at(two) > at(one) ? two : one)
  const near = [centre - 2, centre + 2].reduce(higher, centre)
  const lagFrames = [near - 1, near + 1].reduce(higher, near)
  const [before, top, after] = [at(lagFrames - 1), at(lagFrames), at(lagFrames + 1)]
  const bend = before - 2 * top + after
  const isTop = bend < 0 && before <= top && after <= top
  const shift = isTop ? (before - after) / (2 * bend) : 0
  return { ...peak, lagFrames, lagSeconds: (lagFrames + shift) * frameSeconds }
}

/** The highest peak within `reachSeconds` of an expected lag, to a step; nothing if no lag there is usable. */
export function peakNear(
  scored: CoarseHeights,
  expectedSeconds: number,
  reachSeconds: number,
): CoarsePeak | undefined {
  const reach = Math.ceil(reachSeconds / stepSeconds)
  const centre = Math.round(expectedSeconds / stepSeconds)
  if (!isLag(scored, centre - reach) || !isLag(scored, centre + reach)) return undefined
  let best: number | undefined
  for (let lag = centre - reach; lag <= centre + reach; lag++) {
    const height = heightAt(scored, lag)
    if (height > unusable && (best === undefined || height > heightAt(scored, best))) best = lag
  }
  return best === undefined ? undefined : peakAt(scored, best)
}

/** Median and scale of what was compared; some thousands stand for all. */
function typicalOf(heights: Float32Array): Pick<CoarseHeights, 'centre' | 'scale'> {
  const stride = Math.max(1, Math.floor(heights.length / sampledValues)) | 1
  const sampled = new Float32Array(Math.ceil(heights.length / stride))
  let count = 0
  for (let place = 0; place < heights.length; place += stride) {
    if (heights[place] !== unusable) sampled[count++] = heights[place]!
  }
  const { centre, spread } = centreAndSpread(sampled.subarray(0, count))
  return { centre, scale: 1 / (spread + 1e-9) }
}

/** The highest peaks of circular heights, at least 0.25 s apart; of each block `tops` holds the highest. */
function rankPeaks(scored: CoarseHeights, tops: Float32Array): CoarsePeak[] {
  const { heights, mostLag } = scored
  const size = heights.length
  const taken: number[] = []
  /** The highest of a block that no peak has taken. */
  const highestIn = (block: number): number => {
    let best = -1
    for (let place = block * peakBlock; place < (block + 1) * peakBlock; place++) {
      if (best >= 0 && heights[place]! <= heights[best]!) continue
      const isTaken = taken.some((peak) => {
        const apart = Math.abs(peak - place)
        return Math.min(apart, size - apart) <= peakReach
      })
      if (!isTaken) best = place
    }
    return best
  }
  const peaks: CoarsePeak[] = []
  while (peaks.length < rankedPeaks) {
    let highest = 0
    for (let block = 1; block < tops.length; block++) {
      if (tops[block]! > tops[highest]!) highest = block
    }
    if (!(tops[highest]! > unusable)) break
    const best = highestIn(highest)
    peaks.push(peakAt(scored, best > mostLag ? best - size : best))
    taken.push(best)
    for (const end of [best - peakReach, best + peakReach]) {
      const block = Math.floor(((end + size) % size) / peakBlock)
      tops[block] = heights[highestIn(block)] ?? unusable
    }
  }
  return peaks
}

function peakAt(scored: CoarseHeights, lag: number): CoarsePeak {
  const before = heightAt(scored, lag - 1)
  const height = heightAt(scored, lag)
  const after = heightAt(scored, lag + 1)
  const bend = before - 2 * height + after
  const isTop = before > unusable && after > unusable && before <= height && after <= height
  const shift = isTop && bend < -1e-6 ? (before - after) / (2 * bend) : 0
  const lagSeconds = (lag + shift) * stepSeconds
  return {
    lagFrames: Math.round(lagSeconds / frameSeconds),
    lagSeconds,
    score: (height - scored.centre) * scored.scale,
  }
}

/** Whether there is a place for this lag at all. */
function isLag({ heights, mostLag }: CoarseHeights, lag: number): boolean {
  return lag <= mostLag && lag > mostLag - heights.length
}

/** The height at a lag that may be negative. */
function heightAt({ heights }: CoarseHeights, lag: number): number {
  return heights[lag < 0 ? lag + heights.length : lag] ?? unusable
}
