import { fftOfSize, powerOfTwoFrom } from './fft.ts'
import { frameSeconds } from './sound-features.ts'
import type { SoundFeatures } from './sound-features.ts'

/** Two recordings are compared only where both hold sound for this long. */
export const shortestOverlapSeconds = 2
const shortestOverlapFrames = shortestOverlapSeconds / frameSeconds
/** Overlaps shorter than this are judged as if they were this long: short ones match by chance. */
const fullWeightFrames = 1000
const rankedPeaks = 5
/** Modulation frequencies to either side that a line is measured against. */
const neighbourhoodHz = 1
/** Power above the neighbourhood's geometric mean that is left standing. */
const lineCeiling = 1
/** Frames around a peak that belong to it: ±0.25 s. */
const peakReach = 25
/** Marks a lag that was not compared. */
export const unusable = -9

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
  /** Highest first, at least 0.25 s apart. */
  readonly peaks: readonly CoarsePeak[]
}

/** Transforms of one recording's features, made once per length and kept. */
export interface FeatureSpectra {
  readonly features: SoundFeatures
  readonly bySize: Map<number, Spectra>
}

interface Spectra {
  /** Pairs of bands as complex signals: real parts of products of these add to Σ bands. */
  readonly bandPairs: readonly { readonly re: Float32Array; readonly im: Float32Array }[]
  readonly active: { readonly re: Float32Array; readonly im: Float32Array }
}

export function featureSpectra(features: SoundFeatures): FeatureSpectra {
  return { features, bySize: new Map() }
}

/**
 * Correlation of all bands at every lag, divided by the root of the overlap in
 * which both hold sound, in robust standard deviations. The transform's length
 * depends on this pair alone, so other recordings cannot change the result.
 */
export function coarseScores(a: FeatureSpectra, b: FeatureSpectra): CoarseScores {
  const size = powerOfTwoFrom(a.features.frames + b.features.frames + 1)
  const spectraA = spectraOfSize(a, size)
  const spectraB = spectraOfSize(b, size)
  const productRe = new Float64Array(size)
  const productIm = new Float64Array(size)
  spectraA.bandPairs.forEach((pair, index) => {
    addProduct(productRe, productIm, pair, spectraB.bandPairs[index]!)
  })
  const overlapRe = new Float64Array(size)
  const overlapIm = new Float64Array(size)
  addProduct(overlapRe, overlapIm, spectraA.active, spectraB.active)

  // The Hermitian part of the product is the transform of the real part wanted;
  // the overlap's transform is Hermitian already and rides along as imaginary part.
  const re = new Float64Array(size)
  const im = new Float64Array(size)
  for (let k = 0; k < size; k++) {
    const mirror = (size - k) % size
    const evenRe = (productRe[k]! + productRe[mirror]!) / 2
    const evenIm = (productIm[k]! - productIm[mirror]!) / 2
    re[k] = evenRe - overlapIm[k]!
    im[k] = evenIm + overlapRe[k]!
  }
  fftOfSize(size).inverse(re, im)
  const scores = standardScores(re, im)
  return { scores, peaks: rankPeaks(scores) }
}

/**
 * How far the best lag stands clear of the next: the confidence. A repeating
 * sound gives several high peaks and no gap, whatever their height.
 */
export function peakGap(peaks: readonly CoarsePeak[]): number {
  const [first, second] = peaks
  if (!first) return 0
  return first.score - (second?.score ?? 0)
}

/** The highest peak within `reachSeconds` of an expected lag, or nothing if no lag there is usable. */
export function peakNear(
  { scores }: CoarseScores,
  expectedSeconds: number,
  reachSeconds: number,
): CoarsePeak | undefined {
  const reach = Math.ceil(reachSeconds / frameSeconds)
  const centre = Math.round(expectedSeconds / frameSeconds)
  if (Math.abs(centre) + reach >= scores.length / 2) return undefined
  let best: number | undefined
  for (let lag = centre - reach; lag <= centre + reach; lag++) {
    const score = scoreAt(scores, lag)
    if (score > unusable && (best === undefined || score > scoreAt(scores, best))) best = lag
  }
  return best === undefined ? undefined : peakAt(scores, best)
}

function spectraOfSize(recording: FeatureSpectra, size: number): Spectra {
  const known = recording.bySize.get(size)
  if (known) return known
  const { bands, active } = recording.features
  const fft = fftOfSize(size)
  const transform = (real: Float32Array, imaginary: Float32Array | undefined) => {
    const re = new Float64Array(size)
    const im = new Float64Array(size)
    re.set(real)
    if (imaginary) im.set(imaginary)
    fft.forward(re, im)
    if (imaginary) limitLines(re, im)
    return { re: Float32Array.from(re), im: Float32Array.from(im) }
  }
  const bandPairs = []
  for (let b = 0; b < bands.length; b += 2) bandPairs.push(transform(bands[b]!, bands[b + 1]))
  const made = { bandPairs, active: transform(active, undefined) }
  recording.bySize.set(size, made)
  return made
}

/**
 * Lowers what stands out of its neighbourhood in the modulation spectrum. A
 * siren, a loop or a chant that repeats exactly is a row of lines there, and
 * left alone it outweighs everything that happens once.
 */
function limitLines(re: Float64Array, im: Float64Array): void {
  const size = re.length
  const half = size / 2
  // The two bands that ride here are scaled alike, and both halves of the spectrum: an even real gain.
  const powers = new Float64Array(half + 1)
  const logSums = new Float64Array(half + 2)
  for (let k = 0; k <= half; k++) {
    const mirror = (size - k) % size
    powers[k] = re[k]! ** 2 + im[k]! ** 2 + re[mirror]! ** 2 + im[mirror]! ** 2 + 1e-12
    logSums[k + 1] = logSums[k]! + Math.log(powers[k]!)
  }
  const reach = Math.ceil(neighbourhoodHz * size * frameSeconds)
  for (let k = 0; k <= half; k++) {
    const from = Math.max(0, k - reach)
    const to = Math.min(half + 1, k + reach + 1)
    const usual = Math.exp((logSums[to]! - logSums[from]!) / (to - from))
    const most = lineCeiling * usual
    if (powers[k]! <= most) continue
    const gain = Math.sqrt(most / powers[k]!)
    const mirror = (size - k) % size
    re[k] = re[k]! * gain
    im[k] = im[k]! * gain
    if (mirror === k) continue
    re[mirror] = re[mirror]! * gain
    im[mirror] = im[mirror]! * gain
  }
}

/** into += a × conj(b) */
function addProduct(
  intoRe: Float64Array,
  intoIm: Float64Array,
  a: { readonly re: Float32Array; readonly im: Float32Array },
  b: { readonly re: Float32Array; readonly im: Float32Array },
): void {
  const { re: aRe, im: aIm } = a
  const { re: bRe, im: bIm } = b
  for (let k = 0; k < intoRe.length; k++) {
    intoRe[k] = intoRe[k]! + aRe[k]! * bRe[k]! + aIm[k]! * bIm[k]!
    intoIm[k] = intoIm[k]! + aIm[k]! * bRe[k]! - aRe[k]! * bIm[k]!
  }
}

function standardScores(correlation: Float64Array, overlap: Float64Array): Float32Array {
  const scores = new Float32Array(correlation.length).fill(unusable)
  const usable: number[] = []
  for (let lag = 0; lag < scores.length; lag++) {
    if (overlap[lag]! < shortestOverlapFrames - 0.5) continue
    scores[lag] = correlation[lag]! / Math.sqrt(Math.max(overlap[lag]!, fullWeightFrames))
    usable.push(lag)
  }
  standardise(scores, usable)
  return scores
}

/** Rescales the given places of `scores` to robust standard deviations around their median. */
export function standardise(scores: Float32Array, usable: readonly number[]): void {
  const values = Float32Array.from(usable, (place) => scores[place]!)
  const centre = median(values)
  const spread = 1.4826 * median(values.map((value) => Math.abs(value - centre))) + 1e-9
  for (const place of usable) {
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
export function rankPeaks(scores: Float32Array): CoarsePeak[] {
  const left = scores.slice()
  const size = scores.length
  const peaks: CoarsePeak[] = []
  while (peaks.length < rankedPeaks) {
    let best = 0
    for (let index = 1; index < size; index++) if (left[index]! > left[best]!) best = index
    if (left[best]! <= unusable) break
    peaks.push(peakAt(scores, best >= size / 2 ? best - size : best))
    for (let step = -peakReach; step <= peakReach; step++)
      left[(best + step + size) % size] = unusable
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

/** The score at a lag that may be negative. */
export function scoreAt(scores: Float32Array, lag: number): number {
  return scores[lag < 0 ? lag + scores.length : lag] ?? unusable
}
