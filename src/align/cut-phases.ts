import { cautious } from './laid-lines.ts'
import type { Hearer, Span } from './laid-lines.ts'
import { phaseCorrelations } from './phase-correlation.ts'
import type { WindowPlan } from './phase-correlation.ts'
import { excerptOf } from './recording-parts.ts'
import type { SampleSource } from './sample-source.ts'
import { sampleRateHz } from './sound-features.ts'

/** Windows of 0.13 s, every 0.06 s. */
const plan: WindowPlan = { longestSamples: 1024, most: Infinity }
/** A window's correlation where two belong together must be this high in the mean, of unit variance. */
const leastMean = 0.5
/** And counts as no higher than this: a copy of the sound itself differs where it is quiet. */
const largestMean = 1.5

/** Own time of a recording against own time of a witness: witness = own − lag. */
export interface LagAt {
  readonly lagSeconds: number
  /** Own time at which that is the lag. */
  readonly atSeconds: number
  /** Growth of the lag a second. */
  readonly drift: number
}

/** How much likelier it is, window by window, that the witness hears the recording on its line than not. */
export function phaseLikelihoods(
  own: SampleSource,
  witness: SampleSource,
  hearer: Pick<Hearer, 'fromSeconds' | 'toSeconds'>,
  line: LagAt,
  known: Span,
  asked: Span,
): readonly { readonly atSeconds: number; readonly gain: number }[] {
  const near = windowsAlong(own, witness, hearer, line, known)
  if (!near) return []
  const total = new Float64Array(near.windows[0]!.correlation.length)
  for (const { correlation } of near.windows) {
    correlation.forEach((value, index) => {
      total[index]! += value / near.windows.length
    })
  }
  const place = total.indexOf(Math.max(...total))
  const mean = cautious * Math.min(largestMean, total[place]!)
  if (total[place]! < leastMean) return []
  const found = windowsAlong(own, witness, hearer, line, asked)
  return (found?.windows ?? []).map(({ atSeconds, correlation }) => ({
    atSeconds,
    gain: mean * correlation[place]! - mean ** 2 / 2,
  }))
}

/** Phase correlations around the line within a span of own time, as far as the witness holds it. */
function windowsAlong(
  own: SampleSource,
  witness: SampleSource,
  hearer: Pick<Hearer, 'fromSeconds' | 'toSeconds'>,
  line: LagAt,
  span: Span,
) {
  const from = Math.max(0, span.fromSeconds, hearer.fromSeconds + line.lagSeconds)
  const to = Math.min(own.length / sampleRateHz, span.toSeconds, hearer.toSeconds + line.lagSeconds)
  if (to <= from) return undefined
  const middle = (from + to) / 2
  const lag = line.lagSeconds + line.drift * (middle - line.atSeconds)
  const [first, last] = [from, to].map((at) => Math.round(at * sampleRateHz)) as [number, number]
  const there = Math.round((from - lag) * sampleRateHz)
  const length = last - first
  const found = phaseCorrelations(
    excerptOf(own, first, last),
    excerptOf(witness, there, there + length),
    // Both excerpts begin at the line's lag in the middle.
    { lagSamples: lag * sampleRateHz - (first - there), drift: line.drift },
    plan,
  )
  return (
    found && {
      windows: found.windows.map(({ atSeconds, correlation }) => ({
        atSeconds: atSeconds + first / sampleRateHz,
        correlation,
      })),
    }
  )
}
