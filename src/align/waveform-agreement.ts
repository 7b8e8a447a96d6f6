import { cos } from './exact-math.ts'
import type { FineMatch } from './fine-search.ts'
import { allocateBlock, floatsOf, freeBlock, realFftOfSize } from './real-fft.ts'
import type { SampleSource } from './sample-source.ts'
import { sampleRateHz } from './sound-features.ts'

const windowSamples = 4096
/** Borders of the bands, hertz: where phones and their codecs keep the waveform. */
const borders = [300, 500, 800, 1200, 1800, 2600]
/** A window quieter than this, full scale 1, holds nothing to compare. */
const silentLevel = 1e-4

/**
 * Normalised cross-correlation of a and b along a line of lag, in windows of
 * 0.5 s spread over their overlap, each the mean of five bands so that none
 * outweighs the others: 0 is chance, 1 one waveform.
 */
export function waveformAgreement(
  a: SampleSource,
  b: SampleSource,
  line: Pick<FineMatch, 'lagSeconds' | 'atSeconds' | 'drift'>,
  windows: number,
): number[] {
  const fft = realFftOfSize(windowSamples)
  const signal = allocateBlock(windowSamples)
  const spectra = [allocateBlock(windowSamples), allocateBlock(windowSamples)] as const
  const from = Math.max(0, line.lagSeconds * sampleRateHz)
  const to = Math.min(a.length, b.length + line.lagSeconds * sampleRateHz) - windowSamples
  const agreement: number[] = []
  const count = to > from ? windows : 0
  for (let window = 0; window < count; window++) {
    const start = Math.round(from + ((window + 0.5) / windows) * (to - from))
    const middle = (start + windowSamples / 2) / sampleRateHz
    const lag = (line.lagSeconds + line.drift * (middle - line.atSeconds)) * sampleRateHz
    const whole = Math.round(lag)
    const transform = (source: SampleSource, first: number, index: 0 | 1): number => {
      const values = floatsOf(signal)
      source.read(first, values)
      let squares = 0
      for (let t = 0; t < windowSamples; t++) {
        squares += values[t]! ** 2
        values[t]! *= shape[t]!
      }
      fft.forwardOrdered(signal, spectra[index])
      return Math.sqrt(squares / windowSamples)
    }
    const levels = [transform(a, start, 0), transform(b, start - whole, 1)]
    if (Math.min(...levels) < silentLevel) continue
    agreement.push(meanOverBands(floatsOf(spectra[0]), floatsOf(spectra[1]), lag - whole))
  }
  for (const block of [signal, ...spectra]) freeBlock(block)
  return agreement
}

/** b is later by a part of a sample, which its phases are turned back for. */
function meanOverBands(a: Float32Array, b: Float32Array, laterSamples: number): number {
  const turn = (2 * Math.PI * laterSamples) / windowSamples
  const [stepRe, stepIm] = [cos(turn), cos(turn - Math.PI / 2)]
  const bands = borders.slice(1).map((upper, band) => {
    let re = 0
    let im = 0
    let ofA = 0
    let ofB = 0
    const first = Math.ceil((borders[band]! * windowSamples) / sampleRateHz)
    const last = (upper * windowSamples) / sampleRateHz
    let [turnRe, turnIm] = [cos(first * turn), cos(first * turn - Math.PI / 2)]
    for (let k = first; k < last; k++) {
      const [aRe, aIm, bRe, bIm] = [a[2 * k]!, a[2 * k + 1]!, b[2 * k]!, b[2 * k + 1]!]
      const crossRe = aRe * bRe + aIm * bIm
      const crossIm = aIm * bRe - aRe * bIm
      re += crossRe * turnRe - crossIm * turnIm
      im += crossRe * turnIm + crossIm * turnRe
      const nextRe = turnRe * stepRe - turnIm * stepIm
      turnIm = turnRe * stepIm + turnIm * stepRe
      turnRe = nextRe
      ofA += aRe * aRe + aIm * aIm
      ofB += bRe * bRe + bIm * bIm
    }
    return Math.hypot(re, im) / Math.sqrt(ofA * ofB + 1e-20)
  })
  return bands.reduce((sum, value) => sum + value, 0) / bands.length
}

const shape = Float64Array.from(
  { length: windowSamples },
  (_, t) => 0.5 - 0.5 * cos((2 * Math.PI * t) / windowSamples),
)
