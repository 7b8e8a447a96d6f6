import { bandCount, floatsAt, kernels, withRoom } from './kernels/kernels.ts'
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
const rowBytes = 4 * bandCount

/**
 * Takes off what repeats: in each stretch the period at which all bands together
 * are most like themselves is found, and each frame's mean over the neighbouring
 * periods, as far as it predicts, is subtracted. A chant, a loop, a siren would
 * otherwise outweigh everything that happens once, which alone tells the time.
 * In place; `rows` are frames of bands with zero mean, in the kernels' memory.
 * Returns the share of the energy that it took.
 */
export function removeRepetition(rows: number, frames: number): number {
  if (frames < 3 * shortestPeriod) return 0
  const fft = realFftOfSize(2 * stretchFrames)
  const spectra = allocateBlock(bandCount * fft.size)
  const power = allocateBlock(fft.size)
  const before = kernels.energyOf(rows, frames)
  const stretchBytes = stretchFrames * rowBytes
  withRoom(
    [stretchBytes, stretchBytes, stretchBytes / 2, 4 * spectra.length, 4 * fft.size],
    (first, second, waiting, columns, powers) => {
      const search = { fft, spectra, power, columns, powers }
      for (let start = -hopFrames; start < frames; start += hopFrames) {
        const from = Math.max(0, start)
        const count = Math.min(frames, start + stretchFrames) - from
        let [stretch, other] = [first, second]
        copyRows(rows + from * rowBytes, stretch, count)
        const rounds = count < 2 ? 0 : mostPeriods
        for (let round = 0; round < rounds; round++) {
          const found = strongestPeriod(stretch, count, search)
          if (!found) break
          const most = Math.min(mostNeighbours, Math.floor(count / found.period))
          kernels.subtractPeriodic(other, stretch, count, found.period, found.share, most)
          ;[stretch, other] = [other, stretch]
        }
        // Neighbouring stretches fade into each other: what is fading out waits for the next.
        const rising = start < 0 ? 0 : Math.min(count, hopFrames)
        kernels.fadeInto(waiting, stretch, rising, 0, 1 / hopFrames)
        copyRows(waiting, rows + from * rowBytes, rising)
        floatsAt(waiting, hopFrames * bandCount).fill(0)
        const falling = stretch + rising * rowBytes
        kernels.fadeInto(waiting, falling, count - rising, 1, -1 / hopFrames)
      }
    },
  )
  freeBlock(spectra)
  freeBlock(power)
  return before === 0 ? 0 : Math.max(0, 1 - kernels.energyOf(rows, frames) / before)
}

function copyRows(from: number, to: number, count: number): void {
  floatsAt(to, count * bandCount).set(floatsAt(from, count * bandCount))
}

interface PeriodSearch {
  readonly fft: RealFft
  /** Of all bands, one after the other. */
  readonly spectra: FloatBlock
  readonly power: FloatBlock
  readonly columns: number
  readonly powers: number
}

function strongestPeriod(
  stretch: number,
  length: number,
  { fft, spectra, power, columns, powers }: PeriodSearch,
): { readonly period: number; readonly share: number } | undefined {
  kernels.transpose(stretch, length, columns, fft.size)
  floatsOf(spectra).set(floatsAt(columns, spectra.length))
  fft.forwardEach(spectra, bandCount)
  floatsAt(columns, spectra.length).set(floatsOf(spectra))
  kernels.powers(columns, bandCount, fft.size, powers)
  floatsOf(power).set(floatsAt(powers, fft.size))
  fft.inverse(power, power)
  const values = floatsOf(power)
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
