import { allocateBlock, floatsOf, freeBlock, realFftOfSize, transformSizeFrom } from './real-fft.ts'
import type { FloatBlock, RealFft } from './real-fft.ts'
import { bandCount, frameSeconds } from './sound-features.ts'
import type { SoundFeatures } from './sound-features.ts'

/** Two recordings are compared only where both hold sound for this long. */
export const shortestOverlapSeconds = 2
const shortestOverlapFrames = shortestOverlapSeconds / frameSeconds
/** Overlaps shorter than this are judged as if they were this long: short ones match by chance. */
const fullWeightFrames = 1000
const rankedPeaks = 5
/** Frames around a peak that belong to it: ±0.25 s. */
const peakReach = 25
/** Peaks are looked for in blocks of so many lags. */
const peakBlock = 32
/** Marks a lag that was not compared. */
const unusable = -9
/** So many values stand for all where a median is wanted. */
const sampledValues = 2047
/** What transforms may take of memory before the ones used longest ago are made anew. */
const keptBytes = 256e6

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
  /** Score at each lag, index lag modulo the length; −9 where the overlap is too short. */
  readonly scores: Float32Array
  /** Longest lag, frames: an index beyond it stands for a negative lag. */
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
   * `scores` is good until the next call.
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
  const spectra = (features: SoundFeatures, fft: RealFft, scratch: FloatBlock): FloatBlock => {
    const key = keyOf(features, fft.size)
    const known = kept.get(key)
    if (known) {
      kept.delete(key)
      kept.set(key, known)
      return known
    }
    const length = (bandCount + 1) * fft.size
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
    const rows = [...features.bands, features.active]
    rows.forEach((row, index) => {
      const values = floatsOf(scratch)
      values.set(row)
      values.fill(0, row.length)
      fft.forward(scratch, part(made, index, fft.size))
    })
    return made
  }
  const conjugates = (features: SoundFeatures, fft: RealFft, scratch: FloatBlock): FloatBlock => {
    const key = keyOf(features, fft.size)
    if (turned?.key === key) return turned.block
    const from = spectra(features, fft, scratch)
    const fits = turned?.block.length === from.length
    if (turned && !fits) freeBlock(turned.block)
    const block = turned && fits ? turned.block : allocateBlock(from.length)
    for (let index = 0; index <= bandCount; index++) {
      fft.conjugate(part(from, index, fft.size), part(block, index, fft.size))
    }
    turned = { key, block }
    return block
  }

  return {
    compare(a, b) {
      const size = transformSizeFrom(a.frames + b.frames + 1)
      const fft = realFftOfSize(size)
      if (room?.size !== size) {
        if (room) freeRoom(room)
        room = makeRoom(size)
      }
      const { sum, correlation, scores } = room
      const ofB = conjugates(b, fft, correlation)
      const ofA = spectra(a, fft, correlation)
      floatsOf(sum).fill(0)
      for (let band = 0; band < bandCount; band++) {
        fft.addProduct(part(ofA, band, size), part(ofB, band, size), sum, 1 / size)
      }
      fft.inverse(sum, correlation)
      const isWhole = a.activeFrames === a.frames && b.activeFrames === b.frames
      if (isWhole) {
        scoreByLength(floatsOf(correlation), a.frames, b.frames, scores)
        return { scores, mostLag: a.frames, peaks: rankPeaks(scores, a.frames) }
      }
      scores.set(floatsOf(correlation))
      floatsOf(sum).fill(0)
      fft.addProduct(part(ofA, bandCount, size), part(ofB, bandCount, size), sum, 1 / size)
      fft.inverse(sum, correlation)
      scoreByOverlap(floatsOf(correlation), scores)
      return { scores, mostLag: a.frames, peaks: rankPeaks(scores, a.frames) }
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
  readonly scores: Float32Array
}

function makeRoom(size: number): PairRoom {
  const scores = new Float32Array(size)
  return { size, sum: allocateBlock(size), correlation: allocateBlock(size), scores }
}

function freeRoom(room: PairRoom): void {
  freeBlock(room.sum)
  freeBlock(room.correlation)
}

function part(block: FloatBlock, index: number, length: number): FloatBlock {
  return { pointer: block.pointer + 4 * index * length, length }
}

/** The highest peak within `reachSeconds` of an expected lag, or nothing if no lag there is usable. */
export function peakNear(
  { scores, mostLag }: CoarseScores,
  expectedSeconds: number,
  reachSeconds: number,
): CoarsePeak | undefined {
  const reach = Math.ceil(reachSeconds / frameSeconds)
  const centre = Math.round(expectedSeconds / frameSeconds)
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
  aFrames: number,
  bFrames: number,
  scores: Float32Array,
): void {
  scores.fill(unusable)
  const first = shortestOverlapFrames - bFrames
  const last = aFrames - shortestOverlapFrames
  for (let lag = first; lag <= last; lag++) {
    const overlap = Math.min(aFrames, bFrames + lag) - Math.max(0, lag)
    if (overlap < shortestOverlapFrames) continue
    const place = lag < 0 ? lag + scores.length : lag
    scores[place] = correlation[place]! / Math.sqrt(Math.max(overlap, fullWeightFrames))
  }
  standardise(scores)
}

/** `scores` comes in as the correlation. */
function scoreByOverlap(overlap: Float32Array, scores: Float32Array): void {
  for (let place = 0; place < scores.length; place++) {
    scores[place] =
      overlap[place]! < shortestOverlapFrames - 0.5
        ? unusable
        : scores[place]! / Math.sqrt(Math.max(overlap[place]!, fullWeightFrames))
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
  const centre = median(sampled)
  const spread = 1.4826 * median(sampled.map((value) => Math.abs(value - centre))) + 1e-9
  for (let place = 0; place < scores.length; place++) {
    if (scores[place] === unusable) continue
    scores[place] = Math.max(unusable + 1, (scores[place]! - centre) / spread)
  }
}

export function median(values: Float32Array): number {
  if (values.length === 0) return 0
  const sorted = values.slice().sort()
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
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

function peakAt(scores: Float32Array, lagFrames: number): CoarsePeak {
  const before = scoreAt(scores, lagFrames - 1)
  const score = scoreAt(scores, lagFrames)
  const after = scoreAt(scores, lagFrames + 1)
  const bend = before - 2 * score + after
  const isTop = before > unusable && after > unusable && before <= score && after <= score
  const shift = isTop && bend < -1e-6 ? (before - after) / (2 * bend) : 0
  return { lagFrames, lagSeconds: (lagFrames + shift) * frameSeconds, score }
}

/** Whether there is a place for this lag at all. */
function isLag(scores: Float32Array, mostLag: number, lag: number): boolean {
  return lag <= mostLag && lag > mostLag - scores.length
}

/** The score at a lag that may be negative. */
function scoreAt(scores: Float32Array, lag: number): number {
  return scores[lag < 0 ? lag + scores.length : lag] ?? unusable
}
