import type { FineMatch } from './fine-search.ts'
import { phaseCorrelations } from './phase-correlation.ts'
import type { WindowPlan } from './phase-correlation.ts'
import type { SampleSource } from './sample-source.ts'
import { frameSeconds, sampleRateHz } from './sound-features.ts'
import type { SoundFeatures } from './sound-features.ts'
import { accidentalDeviation, boundedAgreement, secondsOf } from './window-evidence.ts'

/** Windows of a second, half a second apart. */
const windows: WindowPlan = { longestSamples: 8192, most: 400 }
const windowSeconds = windows.longestSamples / sampleRateHz
/** Samples to either side of a line in which a window's peak belongs to it: 2 ms. */
const peakReach = 16
/** A window shows the line from so many standard deviations on; one in ten reaches 2.6 by accident. */
const heardHeight = 4
/** Windows that show a line show it so high on average where recorded sound is played to both. */
const leastHeightOfCopies = 7
/** Fewer silent seconds tell nothing. */
const leastSilentSeconds = 4

/**
 * What the seconds in which the line is silent must agree by on average, in standard deviations
 * of one second. Measured: docs/decisions/0014-silence-between-copies.md.
 */
function leastAgreement(silentSeconds: number): number {
  return 0.3 + 0.7 / Math.sqrt(silentSeconds)
}

interface Heard {
  readonly samples: SampleSource
  readonly features: SoundFeatures
}

/**
 * Whether two recordings have more in common than one sound's line. Who stands at one place hears
 * its other sounds while the loudest is silent; where one recorded sound was played at two places,
 * the two agree exactly while it lasts and in nothing while it does not. A line too low, or never
 * silent, cannot be asked.
 */
export function isHeardBesides(
  a: Heard,
  b: Heard,
  { lagSeconds, drift }: Pick<FineMatch, 'lagSeconds' | 'drift'>,
): boolean {
  const along = { lagSamples: lagSeconds * sampleRateHz, drift }
  const found = phaseCorrelations(a.samples, b.samples, along, windows)
  if (!found) return true
  const shown = found.windows
    .map(({ atSeconds, correlation }) => ({
      atSeconds,
      height: peakAbout(correlation, found.reach),
    }))
    .filter(({ height }) => height >= heardHeight)
  const total = shown.reduce((sum, { height }) => sum + height, 0)
  if (shown.length === 0 || total < leastHeightOfCopies * shown.length) return true
  const lagFrames = Math.round(lagSeconds / frameSeconds)
  const deviation = accidentalDeviation(a.features, b.features, [lagFrames])
  const { course } = boundedAgreement(a.features, b.features, [lagFrames], deviation)
  const silent = secondsOf(course).filter(({ middleSeconds }) =>
    shown.every(({ atSeconds }) => Math.abs(atSeconds - middleSeconds) >= (1 + windowSeconds) / 2),
  )
  if (silent.length < leastSilentSeconds) return true
  const mean = silent.reduce((sum, { agreement }) => sum + agreement, 0) / silent.length
  return mean >= leastAgreement(silent.length)
}

function peakAbout(correlation: Float32Array, centre: number): number {
  let highest = 0
  for (let at = centre - peakReach; at <= centre + peakReach; at++) {
    highest = Math.max(highest, Math.abs(correlation[at]!))
  }
  return highest
}
