import { allocateBlock, floatsOf, freeBlock, realFftOfSize } from './real-fft.ts'
import type { FloatBlock, RealFft } from './real-fft.ts'

/** Repetition is looked for in stretches of 20.48 s, each half over the one before. */
const stretchFrames = 2048
const hopFrames = stretchFrames / 2
/** Periods from 1 s to half a stretch. */
const shortestPeriod = 100
const longestPeriod = 1080
/** Share of a stretch's energy that a period must explain: below it is accident. */
const leastShare = 0.05
/** Neighbouring periods to either side that are asked. */
const mostNeighbours = 6
/** Several things may repeat at once: a chant and a siren. */
const mostPeriods = 3

/**
 * Takes off what repeats: in each stretch the period at which all bands together
 * are most like themselves is found, and each frame's mean over the neighbouring
 * periods, as far as it predicts, is subtracted. A chant, a loop, a siren would
 * otherwise outweigh everything that happens once, which alone tells the time.
 * In place; `bands` have zero mean. Returns the share of the energy that it took.
 */
export function removeRepetition(bands: readonly Float32Array[]): number {
  const frames = bands[0]?.length ?? 0
  if (frames < 3 * shortestPeriod) return 0
  const fft = realFftOfSize(2 * stretchFrames)
  const signal = allocateBlock(fft.size)
  const spectrum = allocateBlock(fft.size)
  const power = new Float32Array(fft.size)
  const out = bands.map((band) => new Float32Array(band.length))
  for (let start = -hopFrames; start < frames; start += hopFrames) {
    const from = Math.max(0, start)
    const to = Math.min(frames, start + stretchFrames)
    if (to - from < 2) continue
    const stretch = bands.map((band) => band.slice(from, to))
    for (let round = 0; round < mostPeriods; round++) {
      const found = strongestPeriod(stretch, fft, signal, spectrum, power)
      if (!found) break
      for (const row of stretch) subtractPeriodic(row, found.period, found.share)
    }
    // Neighbouring stretches fade into each other.
    for (let t = from; t < to; t++) {
      const place = t - start
      const weight = place < hopFrames ? place / hopFrames : (stretchFrames - place) / hopFrames
      for (let b = 0; b < bands.length; b++) out[b]![t]! += weight * stretch[b]![t - from]!
    }
  }
  const before = energyOf(bands)
  bands.forEach((band, b) => band.set(out[b]!))
  freeBlock(signal)
  freeBlock(spectrum)
  return before === 0 ? 0 : Math.max(0, 1 - energyOf(bands) / before)
}

function energyOf(bands: readonly Float32Array[]): number {
  let sum = 0
  for (const band of bands) for (const value of band) sum += value * value
  return sum
}

function strongestPeriod(
  stretch: readonly Float32Array[],
  fft: RealFft,
  signal: FloatBlock,
  spectrum: FloatBlock,
  power: Float32Array,
): { readonly period: number; readonly share: number } | undefined {
  const length = stretch[0]!.length
  power.fill(0)
  const values = floatsOf(signal)
  const parts = floatsOf(spectrum)
  for (const row of stretch) {
    values.set(row)
    values.fill(0, length)
    fft.forwardOrdered(signal, spectrum)
    for (let k = 2; k < fft.size; k += 2) power[k]! += parts[k]! ** 2 + parts[k + 1]! ** 2
  }
  parts.set(power)
  fft.inverseOrdered(spectrum, signal)
  const energy = values[0]!
  if (energy <= 0) return undefined
  const likeness = (lag: number) => ((values[lag]! / energy) * length) / (length - lag)
  let best = 0
  const last = Math.min(longestPeriod, length - shortestPeriod)
  for (let lag = shortestPeriod; lag <= last; lag++) {
    const here = likeness(lag)
    if (
      here > leastShare &&
      (best === 0 || here > likeness(best)) &&
      here >= likeness(lag - 1) &&
      here >= likeness(lag + 1)
    )
      best = lag
  }
  if (best === 0) return undefined
  const [before, top, after] = [likeness(best - 1), likeness(best), likeness(best + 1)]
  const bend = before - 2 * top + after
  const shift = bend < 0 ? (before - after) / (2 * bend) : 0
  return { period: best + shift, share: Math.min(1, top) }
}

/** Each frame less its best guess, by least squares, from the frames whole periods away. */
function subtractPeriodic(row: Float32Array, period: number, share: number): void {
  const { length } = row
  const source = row.slice()
  const most = Math.min(mostNeighbours, Math.floor(length / period))
  for (let t = 0; t < length; t++) {
    let sum = 0
    let count = 0
    for (let k = -most; k <= most; k++) {
      if (k === 0) continue
      const at = Math.round(t + k * period)
      if (at < 0 || at >= length) continue
      sum += source[at]!
      count++
    }
    if (count > 0) row[t] = source[t]! - (share * sum) / (count * share + (1 - share))
  }
}
