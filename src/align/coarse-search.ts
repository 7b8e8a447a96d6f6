import { dotLags } from './feature-dots.ts'
import { bandCount } from './kernels/kernels.ts'
import { centreAndSpread } from './median.ts'
import { allocateBlock, floatsOf, freeBlock, realFftOfSize, transformSizeFrom } from './real-fft.ts'
import type { FloatBlock, RealFft } from './real-fft.ts'
import { frameSeconds } from './sound-features.ts'
import type { SoundFeatures } from './sound-features.ts'

/** Two recordings are compared only where both hold sound for this long. */
export const shortestOverlapSeconds = 2
/**
 * Frames are added up by fours: 25 a second find the same peaks as 100, and bear
 * more drift, for a fifth of the cost. docs/decisions/0007 has the figures.
 */
export const stepFrames = 4
export const stepSeconds = stepFrames * frameSeconds
const shortestOverlapSteps = shortestOverlapSeconds / stepSeconds
/** Overlaps shorter than this are judged as if they were this long: short ones match by chance. */
const fullWeightSteps = 10 / stepSeconds
const rankedPeaks = 5
/** Steps around a peak that belong to it: ±0.24 s. */
const peakReach = 6
/** Frames to either side of a peak in which its place is looked for. */
const refineReach = 3
/** Peaks are looked for in blocks of so many lags. */
const peakBlock = 32
/** Marks a lag that was not compared. */
const unusable = -9
/** So many values stand for all where a median is wanted. */
const sampledValues = 2047
/** What transforms may take of memory before the ones used longest ago are made anew. */
const keptBytes = 192e6
/** A recording's bands, and where it holds sound. */
const rowCount = bandCount + 1

/** A lag at which two recordings might belong together. */
export interface CoarsePeak {
  /** a-time minus b-time of the same sound, whole frames. */
  readonly lagFrames: number
  /** The same, interpolated between frames. */
  readonly lagSeconds: number
  /** Height in robust standard deviations over all lags. */
  readonly score: number
}

export interface CoarseScores {
  /** Score at each lag of whole steps, index lag modulo the length; −9 where the overlap is too short. */
  readonly scores: Float32Array
  /** Longest lag, steps: an index beyond it stands for a negative lag. */
  readonly mostLag: number
  /** Highest first, at least 0.25 s apart. */
  readonly peaks: readonly CoarsePeak[]
}

/** Compares recordings two by two; keeps transforms between calls. Free it after use. */
export interface CoarseSearch {
  /**
   * Correlation of all bands at every lag, divided by the root of the overlap in
   * which both hold sound, in robust standard deviations. The transform's length
   * depends on this pair alone, so other recordings cannot change the result.
   * `scores` is good until the next call. RangeError where there is no memory left.
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
      const into = part(made, row, fft.size)
      writeSteps(features, row, 0, fft.size, floatsOf(into))
      fft.forward(into, into)
    }
    return made
  }
  const conjugates = (features: SoundFeatures, fft: RealFft): FloatBlock => {
    const key = keyOf(features, fft.size)
    if (turned?.key === key) return turned.block
    const from = spectra(features, fft)
    const fits = turned?.block.length === from.length
    if (turned && !fits) freeBlock(turned.block)
    const block = turned && fits ? turned.block : allocateBlock(from.length)
    for (let row = 0; row < rowCount; row++) {
      fft.conjugate(part(from, row, fft.size), part(block, row, fft.size))
    }
    turned = { key, block }
    return block
  }
  /** Of recordings so long that their transforms are not kept: row by row. */
  const addRow = (features: SoundFeatures, other: SoundFeatures, row: number, fft: RealFft) => {
    const { sum, correlation, extra } = room!
    writeSteps(features, row, 0, fft.size, floatsOf(correlation))
    fft.forward(correlation, correlation)
    fft.conjugate(correlation, extra)
    writeSteps(other, row, 0, fft.size, floatsOf(correlation))
    fft.forward(correlation, correlation)
    fft.addProduct(extra, correlation, sum, 1 / fft.size)
  }

  return {
    compare(a, b) {
      const size = transformSizeFrom(stepsOf(a) + stepsOf(b) + 1)
      const fft = realFftOfSize(size)
      if (room?.size !== size) {
        if (room) freeRoom(room)
        room = makeRoom(size)
      }
      const { sum, correlation, scores } = room
      const isKept = 4 * rowCount * size < keptBytes / 3
      const blocks = isKept ? [conjugates(a, fft), spectra(b, fft)] : []
      /** Index k: b is read k steps later. */
      const correlate = (firstRow: number, lastRow: number): void => {
        floatsOf(sum).fill(0)
        const [ofA, ofB] = blocks
        for (let row = firstRow; row <= lastRow; row++) {
          if (!ofA || !ofB) addRow(a, b, row, fft)
          else fft.addProduct(part(ofA, row, size), part(ofB, row, size), sum, 1 / size)
        }
        fft.inverse(sum, correlation)
      }
      correlate(0, bandCount - 1)
      if (a.activeFrames === a.frames && b.activeFrames === b.frames) {
        scoreByLength(floatsOf(correlation), stepsOf(a), stepsOf(b), scores)
      } else {
        floatsOf(correlation).forEach((value, place) => {
          scores[place === 0 ? 0 : size - place] = value
        })
        correlate(bandCount, bandCount)
        scoreByOverlap(floatsOf(correlation), scores)
      }
      const peaks = rankPeaks(scores, stepsOf(a)).map((peak) => refined(a, b, peak))
      return { scores, mostLag: stepsOf(a), peaks }
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
  readonly scores: Float32Array
}

function makeRoom(size: number): PairRoom {
  return {
    size,
    sum: allocateBlock(size),
    correlation: allocateBlock(size),
    extra: allocateBlock(size),
    scores: new Float32Array(size),
  }
}

function freeRoom({ sum, correlation, extra }: PairRoom): void {
  for (const block of [sum, correlation, extra]) freeBlock(block)
}

/** Whole steps of a recording. */
export function stepsOf({ frames }: SoundFeatures): number {
  return Math.floor(frames / stepFrames)
}

/**
 * One band step by step, or (the row after the last band) where there is sound, as a
 * share of 1: the steps between these two, zero where the recording holds none, then zeros.
 */
export function writeSteps(
  features: SoundFeatures,
  row: number,
  fromStep: number,
  toStep: number,
  into: Float32Array,
): void {
  const [values, stride, offset, scale] =
    row < bandCount
      ? ([features.rows, bandCount, row, 1] as const)
      : ([features.active, 1, 0, 1 / stepFrames] as const)
  const first = Math.max(fromStep, 0)
  const last = Math.min(toStep, stepsOf(features))
  into.fill(0)
  for (let step = first; step < last; step++) {
    let sum = 0
    let at = step * stepFrames * stride + offset
    for (let frame = 0; frame < stepFrames; frame++, at += stride) sum += values[at]!
    into[step - fromStep] = scale * sum
  }
}

/** The place of a peak to a part of a frame, from the frames' own products. */
export function refined(a: SoundFeatures, b: SoundFeatures, peak: CoarsePeak): CoarsePeak {
  const centre = peak.lagFrames
  const reach = refineReach + 1
  const products = likenesses(a, b, centre - reach, centre + reach)
  let best = reach
  for (let place = 1; place < 2 * reach; place++) {
    if (products[place]! > products[best]!) best = place
  }
  const [before, top, after] = [products[best - 1]!, products[best]!, products[best + 1]!]
  const bend = before - 2 * top + after
  const isTop = bend < 0 && before <= top && after <= top
  const shift = isTop ? (before - after) / (2 * bend) : 0
  const lagFrames = centre + best - reach
  return { ...peak, lagFrames, lagSeconds: (lagFrames + shift) * frameSeconds }
}

/** Of what all lags have in common of b: products over the root of a's energy there. */
function likenesses(a: SoundFeatures, b: SoundFeatures, firstLag: number, lastLag: number) {
  const { fromFrame, toFrame, products } = dotLags(a, b, firstLag, lastLag)
  return Float64Array.from(products, (product, place) => {
    const [from, to] = [fromFrame, toFrame].map((frame) => frame + firstLag + place)
    return product / Math.sqrt(a.energyBefore[to!]! - a.energyBefore[from!]! + 1)
  })
}

function part(block: FloatBlock, index: number, length: number): FloatBlock {
  return { pointer: block.pointer + 4 * index * length, length }
}

/** The highest peak within `reachSeconds` of an expected lag, to a step; nothing if no lag there is usable. */
export function peakNear(
  { scores, mostLag }: CoarseScores,
  expectedSeconds: number,
  reachSeconds: number,
): CoarsePeak | undefined {
  const reach = Math.ceil(reachSeconds / stepSeconds)
  const centre = Math.round(expectedSeconds / stepSeconds)
  if (!isLag(scores, mostLag, centre - reach) || !isLag(scores, mostLag, centre + reach)) {
    return undefined
  }
  let best: number | undefined
  for (let lag = centre - reach; lag <= centre + reach; lag++) {
    const score = scoreAt(scores, lag)
    if (score > unusable && (best === undefined || score > scoreAt(scores, best))) best = lag
  }
  return best === undefined ? undefined : peakAt(scores, best)
}

/** Both recordings hold sound throughout: the overlap at a lag follows from their lengths. */
function scoreByLength(
  correlation: Float32Array,
  aSteps: number,
  bSteps: number,
  scores: Float32Array,
): void {
  scores.fill(unusable)
  const first = shortestOverlapSteps - bSteps
  const last = aSteps - shortestOverlapSteps
  for (let lag = first; lag <= last; lag++) {
    const overlap = Math.min(aSteps, bSteps + lag) - Math.max(0, lag)
    if (overlap < shortestOverlapSteps) continue
    const place = lag < 0 ? lag + scores.length : lag
    const value = correlation[place === 0 ? 0 : scores.length - place]!
    scores[place] = value / Math.sqrt(Math.max(overlap, fullWeightSteps))
  }
  standardise(scores)
}

/** `scores` comes in as the correlation, by lag; `overlap` by the opposite. */
function scoreByOverlap(overlap: Float32Array, scores: Float32Array): void {
  for (let place = 0; place < scores.length; place++) {
    const steps = overlap[place === 0 ? 0 : scores.length - place]!
    scores[place] =
      steps < shortestOverlapSteps - 0.5
        ? unusable
        : scores[place]! / Math.sqrt(Math.max(steps, fullWeightSteps))
  }
  standardise(scores)
}

/** Rescales what is not `unusable` to robust standard deviations around the median; some thousands stand for all. */
function standardise(scores: Float32Array): void {
  let usable = 0
  for (const score of scores) if (score !== unusable) usable++
  const stride = Math.max(1, Math.floor(usable / sampledValues)) | 1
  const sampled = new Float32Array(Math.ceil(usable / stride))
  let seen = 0
  for (const score of scores) {
    if (score === unusable) continue
    if (seen % stride === 0) sampled[seen / stride] = score
    seen++
  }
  const { centre, spread } = centreAndSpread(sampled)
  for (let place = 0; place < scores.length; place++) {
    if (scores[place] === unusable) continue
    scores[place] = Math.max(unusable + 1, (scores[place]! - centre) / (spread + 1e-9))
  }
}

/** The highest peaks of circular scores, at least 0.25 s apart. */
function rankPeaks(scores: Float32Array, mostLag: number): CoarsePeak[] {
  const size = scores.length
  const blocks = Math.ceil(size / peakBlock)
  const highest = new Int32Array(blocks)
  const taken: number[] = []
  const isTaken = (place: number): boolean =>
    taken.some((peak) => {
      const apart = Math.abs(peak - place)
      return Math.min(apart, size - apart) <= peakReach
    })
  const look = (block: number): void => {
    let best = -1
    const end = Math.min(size, (block + 1) * peakBlock)
    for (let place = block * peakBlock; place < end; place++) {
      if (best >= 0 && scores[place]! <= scores[best]!) continue
      if (taken.length === 0 || !isTaken(place)) best = place
    }
    highest[block] = best
  }
  for (let block = 0; block < blocks; block++) look(block)
  const peaks: CoarsePeak[] = []
  while (peaks.length < rankedPeaks) {
    let best = -1
    for (const place of highest) {
      if (place >= 0 && (best < 0 || scores[place]! > scores[best]!)) best = place
    }
    if (best < 0 || scores[best]! <= unusable) break
    peaks.push(peakAt(scores, best > mostLag ? best - size : best))
    taken.push(best)
    for (let step = -peakReach - peakBlock; step <= peakReach + peakBlock; step += peakBlock / 2) {
      look(Math.floor(((best + step + size) % size) / peakBlock))
    }
  }
  return peaks
}

function peakAt(scores: Float32Array, lag: number): CoarsePeak {
  const before = scoreAt(scores, lag - 1)
  const score = scoreAt(scores, lag)
  const after = scoreAt(scores, lag + 1)
  const bend = before - 2 * score + after
  const isTop = before > unusable && after > unusable && before <= score && after <= score
  const shift = isTop && bend < -1e-6 ? (before - after) / (2 * bend) : 0
  const lagSeconds = (lag + shift) * stepSeconds
  return { lagFrames: Math.round(lagSeconds / frameSeconds), lagSeconds, score }
}

/** Whether there is a place for this lag at all. */
function isLag(scores: Float32Array, mostLag: number, lag: number): boolean {
  return lag <= mostLag && lag > mostLag - scores.length
}

/** The score at a lag that may be negative. */
function scoreAt(scores: Float32Array, lag: number): number {
  return scores[lag < 0 ? lag + scores.length : lag] ?? unusable
}
