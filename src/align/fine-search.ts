import { floatsAt, kernels, withRoom, wordsAt } from './kernels/kernels.ts'
import { centreAndSpread } from './median.ts'
import { phaseCorrelations } from './phase-correlation.ts'
import type { LagLine, PhaseCorrelations, WindowPlan } from './phase-correlation.ts'
import type { SampleSource } from './sample-source.ts'
import { sampleRateHz } from './sound-features.ts'

/** Phones' clocks run off by up to about 300 ppm, two against each other by twice that. */
export const largestDrift = 650e-6
/** Drift that is not known blurs a peak by drift times window: 0.6 ms at worst in a second. */
const searchWindows: WindowPlan = { longestSamples: 8192, most: 48 }
export const refineWindows: WindowPlan = { longestSamples: 32768, most: 24 }
/** What a first look may be wrong by. */
const refineDrift = 150e-6
/** Lines of the first look that are followed, if their drifts differ and none is much the highest. */
const followedLines = 2
const leastShareFollowed = 0.6
/** Samples in one cell of the search for a line: 0.5 ms, and 1 ms in the first look. */
export const cell = 4
const searchCell = 8
/** Cells around a line that belong to it. */
export const lineReach = 12
const mostLines = 5
/** So many lines stand for all where their median is wanted. */
const sampledLines = 4095
const leastShareOfHighest = 0.25
const cellCeiling = 60
const windowCeiling = 25
/** Samples around the line in which a window's own peak is looked for. */
const peakReach = 24
/** A peak that is less than this many standard deviations high says nothing. */
const faintPeak = 3.5
/** Inliers of the last round lie this near to the line, seconds; earlier rounds are wider. */
const inlierSeconds = [0.004, 0.003, 0.002, 0.0015, 0.001, 0.001]
/** Less than a sample of an 8 kHz recording is not claimed. */
const leastLagSigma = 0.0001
/** What moves the apparent lag over an overlap without being drift: sources that take turns. */
const wanderSeconds = 0.0005

/** Where two recordings lie against each other, as a line over a's own time. */
export interface FineMatch {
  /** a-time minus b-time of the same sound, at `atSeconds` of a's own time. */
  readonly lagSeconds: number
  readonly atSeconds: number
  /** Growth of the lag per second of a's own time. */
  readonly drift: number
  readonly lagSigmaSeconds: number
  readonly driftSigma: number
  /** Height of the best line in robust standard deviations of all lines: no confidence by itself. */
  readonly score: number
  readonly overlapSeconds: number
}

/**
 * Refines a coarse lag: phase correlation in windows over the overlap, added up
 * along straight lines of lag and drift, then a robust line through the peaks
 * of the single windows. A first look with short windows finds the drift, and
 * b is then read at it. Sources in different places each
 * make a line of their own; the highest few come back, highest first. None if the
 * overlap is under 1.5 s or holds no sound, or if no line of the first look is `leastFirstLook`
 * high.
 *
 * Source: Knapp and Carter, The generalized correlation method for estimation
 * of time delay, IEEE Trans. ASSP 24 (1976), for the phase correlation.
 */
export function fineMatches(
  a: SampleSource,
  b: SampleSource,
  coarseLagSamples: number,
  leastFirstLook = 0,
): FineMatch[] {
  const matches = likelyDrifts(a, b, coarseLagSamples, leastFirstLook)
    .flatMap((drift) => matchesAlong(a, b, { lagSamples: coarseLagSamples, drift }))
    .sort((one, two) => two.score - one.score)
  const kept: FineMatch[] = []
  for (const match of matches) {
    const least = leastShareOfHighest * (kept[0]?.score ?? 0)
    if (kept.length === mostLines || match.score < least) break
    const near = lineReach * (cell / sampleRateHz)
    if (kept.every(({ lagSeconds }) => Math.abs(lagSeconds - match.lagSeconds) > near)) {
      kept.push(match)
    }
  }
  return kept
}

function likelyDrifts(
  a: SampleSource,
  b: SampleSource,
  lagSamples: number,
  least: number,
): number[] {
  const found = phaseCorrelations(a, b, { lagSamples, drift: 0 }, searchWindows)
  if (!found) return [0]
  const lines = highestLines(found, largestDrift, searchCell)
  const drifts: number[] = []
  for (const line of lines) {
    if (line.score < Math.max(least, leastShareFollowed * lines[0]!.score)) break
    // What the second look finds without stretching b is left to it.
    const drift = Math.abs(line.drift) < refineDrift / 2 ? 0 : line.drift
    if (drifts.every((known) => Math.abs(known - drift) > refineDrift)) drifts.push(drift)
    if (drifts.length === followedLines) break
  }
  return drifts
}

function matchesAlong(a: SampleSource, b: SampleSource, along: LagLine): FineMatch[] {
  const found = phaseCorrelations(a, b, along, refineWindows)
  if (!found) return []
  return highestLines(found, refineDrift, cell).map((line) => {
    const fitted = fitLine(found, line.lag, line.drift)
    return {
      lagSeconds: along.lagSamples / sampleRateHz + fitted.lag,
      atSeconds: found.middleSeconds,
      drift: along.drift + fitted.drift,
      lagSigmaSeconds: fitted.lagSigma,
      driftSigma: fitted.driftSigma,
      score: line.score,
      overlapSeconds: found.overlapSeconds,
    }
  })
}

interface Line {
  /** Seconds beyond the coarse lag, in the middle of the overlap. */
  readonly lag: number
  readonly drift: number
  readonly score: number
}

export function highestLines(
  { windows, reach, middleSeconds, spanSeconds }: PhaseCorrelations,
  driftReach: number,
  cellSamples: number,
): Line[] {
  const cells = Math.floor((2 * reach + 1) / cellSamples)
  const stepSeconds = cellSamples / sampleRateHz
  const slopes = Math.ceil((driftReach * spanSeconds) / stepSeconds)
  const slopeStep = spanSeconds > 0 ? stepSeconds / spanSeconds : 0
  const slopeCount = 2 * slopes + 1
  const stride = Math.max(1, Math.floor((slopeCount * cells) / sampledLines)) | 1
  return withRoom(
    [
      4 * (2 * reach + 1),
      4 * windows.length * cells,
      4 * slopeCount * windows.length,
      4 * cells,
      4 * cells,
      4 * cells,
      4 * (Math.ceil((slopeCount * cells) / stride) + 1),
    ],
    (correlation, energies, shifts, row, heights, places, sampled) => {
      for (const [index, window] of windows.entries()) {
        floatsAt(correlation, window.correlation.length).set(window.correlation)
        kernels.cellEnergies(
          correlation,
          cells,
          cellSamples,
          cellCeiling,
          windowCeiling,
          energies + 4 * index * cells,
        )
      }
      const shiftOf = wordsAt(shifts, slopeCount * windows.length)
      for (let place = 0; place < slopeCount; place++) {
        const drift = slopeAt(place) * slopeStep
        for (const [index, { atSeconds }] of windows.entries()) {
          const shift = Math.round(((atSeconds - middleSeconds) * drift) / stepSeconds)
          shiftOf[place * windows.length + index] = shift
        }
      }
      const sampledCount = kernels.highestLines(
        energies,
        windows.length,
        cells,
        shifts,
        slopeCount,
        row,
        heights,
        places,
        stride,
        sampled,
      )
      const highest = floatsAt(heights, cells)
      const slopeOf = wordsAt(places, cells)
      const best = placeOfHighest(highest)
      const { centre, spread } = centreAndSpread(
        farFrom(best, floatsAt(sampled, sampledCount), stride, cells),
      )
      const lines: Line[] = []
      while (lines.length < mostLines) {
        const at = placeOfHighest(highest)
        const score = (highest[at]! - centre) / (spread + 1e-9)
        if (highest[at] === -Infinity) break
        if (lines.length > 0 && score < leastShareOfHighest * lines[0]!.score) break
        lines.push({
          lag: ((at + 0.5) * cellSamples - reach) / sampleRateHz,
          drift: slopeAt(slopeOf[at]!) * slopeStep,
          score,
        })
        highest.fill(-Infinity, Math.max(0, at - lineReach), at + lineReach + 1)
      }
      return lines
    },
  )
}

/** Of every `stride`th sum, slope by slope, those in cells that are not near the given one, moved together. */
function farFrom(best: number, sampled: Float32Array, stride: number, cells: number): Float32Array {
  let count = 0
  for (let index = 0, cell = 0; index < sampled.length; index++, cell += stride) {
    while (cell >= cells) cell -= cells
    if (Math.abs(cell - best) > lineReach) sampled[count++] = sampled[index]!
  }
  return sampled.subarray(0, count)
}

/** 0, 1, −1, 2, −2 …: of lines that are equally high the flattest is found first. */
function slopeAt(place: number): number {
  return place % 2 === 1 ? (place + 1) / 2 : -place / 2
}

function placeOfHighest(values: Float32Array): number {
  let best = 0
  for (let place = 1; place < values.length; place++) {
    if (values[place]! > values[best]!) best = place
  }
  return best
}

function fitLine(found: PhaseCorrelations, startLag: number, startDrift: number) {
  const points = found.windows.flatMap((window) => {
    const x = window.atSeconds - found.middleSeconds
    const peak = peakNearLine(window.correlation, found.reach, startLag + startDrift * x)
    return peak ? [{ x, ...peak }] : []
  })
  let lag = startLag
  let drift = startDrift
  let inliers = 0
  let spreadOfX = 0
  let squares = 0
  for (const within of inlierSeconds) {
    let total = 0
    let meanX = 0
    let meanY = 0
    const near = points.filter(({ x, lag: y }) => Math.abs(y - lag - drift * x) < within)
    for (const { x, lag: y, weight } of near) {
      total += weight
      meanX += weight * x
      meanY += weight * y
    }
    if (total <= 0) break
    meanX /= total
    meanY /= total
    let varX = 0
    let covXY = 0
    for (const { x, lag: y, weight } of near) {
      varX += weight * (x - meanX) ** 2
      covXY += weight * (x - meanX) * (y - meanY)
    }
    const slope = varX > 0 ? covXY / varX : drift
    // A slope from a handful of windows is worse than the line they were found on.
    if (near.length >= 4 && Math.abs(slope) < largestDrift) drift = slope
    lag = meanY - drift * meanX
    inliers = near.length
    spreadOfX = near.reduce((sum, { x }) => sum + (x - meanX) ** 2, 0)
    squares = near.reduce((sum, { x, lag: y }) => sum + (y - lag - drift * x) ** 2, 0)
  }
  const scatter = Math.max(leastLagSigma, Math.sqrt(squares / Math.max(1, inliers - 2)))
  const wander = found.spanSeconds > 0 ? wanderSeconds / found.spanSeconds : Infinity
  return {
    lag,
    drift,
    lagSigma: inliers === 0 ? cell / sampleRateHz : scatter / Math.sqrt(inliers) + leastLagSigma,
    driftSigma: inliers < 4 ? Infinity : Math.hypot(scatter / Math.sqrt(spreadOfX), wander),
  }
}

function peakNearLine(correlation: Float32Array, reach: number, expectedSeconds: number) {
  const centre = Math.round(expectedSeconds * sampleRateHz) + reach
  const from = Math.max(1, centre - peakReach)
  const to = Math.min(correlation.length - 2, centre + peakReach)
  if (to < from) return undefined
  let best = from
  for (let s = from; s <= to; s++) {
    if (Math.abs(correlation[s]!) > Math.abs(correlation[best]!)) best = s
  }
  const before = Math.abs(correlation[best - 1]!)
  const height = Math.abs(correlation[best]!)
  const after = Math.abs(correlation[best + 1]!)
  if (height <= faintPeak) return undefined
  const bend = before - 2 * height + after
  const shift = bend < -1e-9 ? Math.max(-1, Math.min(1, (before - after) / (2 * bend))) : 0
  return { lag: (best - reach + shift) / sampleRateHz, weight: (height - faintPeak) ** 2 }
}
