import { cell, highestLines, largestDrift, lineReach, refineWindows } from './fine-search.ts'
import type { FineMatch } from './fine-search.ts'
import { centreAndSpread } from './median.ts'
import { phaseCorrelations } from './phase-correlation.ts'
import type { PhaseCorrelations, WindowPlan } from './phase-correlation.ts'
import type { SampleSource } from './sample-source.ts'
import { sampleRateHz } from './sound-features.ts'
import { evennessOf, stretchesOf } from './window-evidence.ts'

/** Lags to either side of a look, samples: 1 s. */
const reachSamples = 8192
/** Looks to either side of the line; what repeats comes again within 11 s. */
const looks = 5
const plan: WindowPlan = { ...refineWindows, reachSamples }

/** What a line must reach that decides where evidence leaves it open. */
const leastHeight = 9
/** What a share of evidence is worth beside soleness. */
const worthOfShare = 1.5

/**
 * Soleness and evidence together that join two recordings; a shorter overlap needs more.
 * Measured: docs/guides/alignment.md.
 */
function leastTogether(overlapSeconds: number): number {
  return 3.7 + 8 / overlapSeconds
}

/**
 * How evenly the overlap must show a line, as agreement throughout: an alarm or a siren is over
 * before the overlap is. Measured: docs/decisions/0012-scenes-by-others.md.
 */
const leastEvenness = 0.4
/** Samples to either side of a line in which a window's peak belongs to it: 2 ms. */
const peakReach = 16
/** No window counts for more, in standard deviations. */
const windowCeiling = 8
/** Parts of a window's lags that say what accident makes. */
const accidentalPlaces = Array.from({ length: 16 }, (_, place) => (place + 0.7) / 16.4)

/**
 * A line that is higher, while so little agrees besides, is one sound that both had to the sample: an
 * announcement, an alarm. Its echoes may make lines of one drift beside it, as a second source does.
 * Measured: docs/decisions/0013-order-and-copies.md.
 */
export function mostHeight(shareOfEvidence: number): number {
  return 30 + 60 * shareOfEvidence
}

/** Whether a surely clear line is such: between clean recordings lines are higher still, but all else agrees. */
export function isOneRecordedSound(height: number, shareOfEvidence: number): boolean {
  return shareOfEvidence < 1 && height > mostHeight(shareOfEvidence)
}

/** What the line of a second source must reach. */
const leastOfSecond = 8
/** Nearer lines may be one source's: the pitch of a voice repeats after 4 to 12 ms. */
const sourcesApartSeconds = 0.01
/** Sources that rest have one drift; those that pass have each its own. */
const mostDriftApart = 30e-6
const mostDriftSigmas = 2
/**
 * Soleness of two sources' lines, as their geometric mean, and evidence that join two recordings.
 * Measured: docs/decisions/0011-two-sources.md.
 */
const leastOfTwo = 1.6
const worthOfShareBesideTwo = 0.5

/** Why a line decides: nothing nearby is nearly as high, or a second source makes one of its drift. */
export type Standing = 'alone' | 'of-two-sources'

/** Whether a line is high, and no steeper than two clocks make it: what seems steeper is a source that passes. */
export function isLikelyLine(height: number, drift: number): boolean {
  return height >= leastHeight && Math.abs(drift) <= largestDrift
}

/**
 * Whether a line, throughout the overlap, is far higher than anything nearby, the more so the less
 * evidence there is for it; or, if less so, whether a second source makes a line of the same drift
 * beside it: a siren that passed two places, or a song that both had, makes but one. `lines`: all
 * that were found there.
 */
export function standingOf(
  a: SampleSource,
  b: SampleSource,
  line: FineMatch,
  lines: readonly FineMatch[],
  shareOfEvidence: number,
): Standing | undefined {
  const { score, drift, overlapSeconds } = line
  if (!isLikelyLine(score, drift) || score > mostHeight(shareOfEvidence)) return undefined
  const own = correlationsAt(a, b, line, 0)
  if (!own || evennessOfLine(own) < leastEvenness) return undefined
  const height = heightAt(own, 0)
  const second = lineOfSecondSource(line, lines)
  const ofBoth = second ? Math.sqrt(height * heightAt(own, second.lagSeconds - line.lagSeconds)) : 0
  const leastAlone = leastTogether(overlapSeconds) - worthOfShare * shareOfEvidence
  const leastBeside = leastOfTwo - worthOfShareBesideTwo * shareOfEvidence
  const besideOne = mostElsewhere(height, leastAlone)
  const besideTwo = ofBoth > 0 ? mostElsewhere(ofBoth, leastBeside) : -1
  const elsewhere = highestElsewhere(a, b, line, Math.max(besideOne, besideTwo))
  if (elsewhere <= besideTwo) return 'of-two-sources'
  return elsewhere <= besideOne ? 'alone' : undefined
}

function mostElsewhere(height: number, leastSoleness: number): number {
  return leastSoleness > 0 ? height / leastSoleness : Infinity
}

/** The highest other line that is another source's and has the same drift, as far as both have one. */
function lineOfSecondSource(line: FineMatch, lines: readonly FineMatch[]): FineMatch | undefined {
  return lines.find((other) => {
    const sigma = Math.hypot(other.driftSigma, line.driftSigma)
    return (
      other.score >= leastOfSecond &&
      Math.abs(other.lagSeconds - line.lagSeconds) >= sourcesApartSeconds &&
      Number.isFinite(sigma) &&
      Math.abs(other.drift - line.drift) <= Math.min(mostDriftApart, mostDriftSigmas * sigma)
    )
  })
}

/**
 * Mean height of the windows' peaks on the line, above what accident makes of them, of the
 * weaker half of the overlap's stretches over that of all.
 */
function evennessOfLine({ windows, reach, overlapSeconds }: PhaseCorrelations): number {
  const peakAbout = (correlation: Float32Array, centre: number): number => {
    let highest = 0
    for (let at = centre - peakReach; at <= centre + peakReach; at++) {
      highest = Math.max(highest, Math.abs(correlation[at]!))
    }
    return Math.min(windowCeiling, highest)
  }
  const elsewhere = Float32Array.from(
    windows.flatMap(({ correlation }) =>
      accidentalPlaces.map((share) => peakAbout(correlation, Math.round(share * 2 * reach))),
    ),
  )
  const { centre: accident } = centreAndSpread(elsewhere)
  const heights = Float64Array.from(
    windows,
    ({ correlation }) => peakAbout(correlation, reach) - accident,
  )
  return evennessOf(stretchesOf(heights, overlapSeconds))
}

/** How high a line of the correlations' own drift is, so far from their lag. */
function heightAt(found: PhaseCorrelations, offsetSeconds: number): number {
  const near = highestLines(found, 0, cell).filter(
    ({ lag }) => Math.abs(lag - offsetSeconds) <= (lineReach * cell) / sampleRateHz,
  )
  return Math.max(0, ...near.map(({ score }) => score))
}

/**
 * The highest line that the same seconds show at other lags, from 1 to 11 s away, at the same
 * drift: about as high where a chant, a loop or a siren comes again, and where there is no line
 * at all; less than half as high beside what happens once. No more is looked at once it is
 * over `enough`.
 */
function highestElsewhere(
  a: SampleSource,
  b: SampleSource,
  line: FineMatch,
  enough: number,
): number {
  let highest = 0
  for (let look = 1; look <= looks && highest <= enough; look++) {
    for (const side of [-1, 1]) {
      const found = correlationsAt(a, b, line, side * look * 2 * reachSamples)
      const other = found && highestLines(found, 0, cell)[0]
      highest = Math.max(highest, other?.score ?? 0)
    }
  }
  return highest
}

function correlationsAt(
  a: SampleSource,
  b: SampleSource,
  { lagSeconds, drift }: FineMatch,
  shiftSamples: number,
): PhaseCorrelations | undefined {
  const lagSamples = lagSeconds * sampleRateHz + shiftSamples
  return phaseCorrelations(a, b, { lagSamples, drift }, plan)
}
