import { cell, highestLines, largestDrift, lineReach, refineWindows } from './fine-search.ts'
import type { FineMatch } from './fine-search.ts'
import { phaseCorrelations } from './phase-correlation.ts'
import type { WindowPlan } from './phase-correlation.ts'
import type { SampleSource } from './sample-source.ts'
import { sampleRateHz } from './sound-features.ts'

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

/** Whether a line is high, and no steeper than two clocks make it: what seems steeper is a source that passes. */
export function isLikelyLine(height: number, drift: number): boolean {
  return height >= leastHeight && Math.abs(drift) <= largestDrift
}

/** Whether a line is far higher than anything nearby, the more so the less evidence there is for it. */
export function standsAlone(
  a: SampleSource,
  b: SampleSource,
  line: FineMatch,
  shareOfEvidence: number,
): boolean {
  const { score, drift, overlapSeconds } = line
  if (!isLikelyLine(score, drift)) return false
  const least = leastTogether(overlapSeconds) - worthOfShare * shareOfEvidence
  return soleness(a, b, line, least) >= least
}

/**
 * How many times as high a line stands as anything that the same seconds show at other
 * lags, from 1 to 11 s away: about 1 for a chant, a loop or a siren, which come again, and
 * where there is no line at all; from 2 on for what happens once. No more is looked at
 * once it is under `enough`.
 */
function soleness(a: SampleSource, b: SampleSource, line: FineMatch, enough: number): number {
  const at = (shiftSamples: number) => {
    const lagSamples = line.lagSeconds * sampleRateHz + shiftSamples
    return phaseCorrelations(a, b, { lagSamples, drift: line.drift }, plan)
  }
  const own = at(0)
  if (!own) return 0
  const height = Math.max(
    0,
    ...highestLines(own, 0, cell)
      .filter(({ lag }) => Math.abs(lag) <= (lineReach * cell) / sampleRateHz)
      .map(({ score }) => score),
  )
  let sole = Infinity
  for (let look = 1; look <= looks && sole >= enough; look++) {
    for (const side of [-1, 1]) {
      const found = at(side * look * 2 * reachSamples)
      const other = found && highestLines(found, 0, cell)[0]?.score
      if (other) sole = Math.min(sole, height / other)
    }
  }
  return sole
}
