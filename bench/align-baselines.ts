/**
 * What most tools do, written for comparison: one lag per pair from the highest
 * peak of a cross-correlation, no drift, no group. `mfcc` is the method of
 * audio-offset-finder (BBC): cepstral coefficients, standardised, correlated,
 * and the peak's height in standard deviations as score. `waveform` correlates
 * the samples themselves.
 */
import {
  allocateBlock,
  floatsOf,
  freeBlock,
  realFftOfSize,
  transformSizeFrom,
} from '../src/align/real-fft.ts'
import { beyond, clockDifference } from './align-score.ts'
import type { SoundTruth } from '../test/support/scene/sound-scene-truth.ts'

export type Method = 'mfcc' | 'waveform'

export interface BaselineScene {
  /** Of the pairs that share 5 s: off at the middle of the overlap, beyond acoustic truth, and the score. */
  readonly sharing: readonly { readonly errorSeconds: number; readonly score: number }[]
  /** Scores of the pairs that share nothing. */
  readonly unrelated: readonly number[]
}

/** Signals that are correlated side by side, as many a second. */
interface Series {
  readonly rateHz: number
  readonly channels: readonly Float32Array[]
}

const sampleRateHz = 8000
const shortestSharedSeconds = 3

/** Samples at 8 kHz, by recording. */
export function baselineScene(
  method: Method,
  truth: SoundTruth,
  samples: ReadonlyMap<string, Float32Array>,
): BaselineScene {
  const series = new Map(
    truth.recordings.map(({ id }) => [
      id,
      seriesOf[method](samples.get(id) ?? new Float32Array(0)),
    ]),
  )
  const sharing: { errorSeconds: number; score: number }[] = []
  const unrelated: number[] = []
  truth.recordings.forEach((a, index) => {
    for (const b of truth.recordings.slice(index + 1)) {
      const { lagSeconds, score } = highestPeak(series.get(a.id)!, series.get(b.id)!)
      const pair = truth.pairs.find((known) => known.a === a.id && known.b === b.id)
      if (pair !== undefined) {
        const middle = pair.moments[1]
        // Own times serve as clocks: at the middle, the drift that a lag cannot hold is left out.
        const difference = clockDifference(middle.atSeconds, a, { offsetSeconds: 0, rate: 1 }, b, {
          offsetSeconds: lagSeconds,
          rate: 1,
        })
        sharing.push({ errorSeconds: beyond(middle, difference), score })
      } else if (!overlaps(truth, a.id, b.id)) {
        unrelated.push(score)
      }
    }
  })
  return { sharing, unrelated }
}

function overlaps(truth: SoundTruth, aId: string, bId: string): boolean {
  const [a, b] = [aId, bId].map((id) => truth.recordings.find((known) => known.id === id)!)
  return (
    a!.place === b!.place &&
    a!.startSeconds < b!.startSeconds + b!.durationSeconds &&
    b!.startSeconds < a!.startSeconds + a!.durationSeconds
  )
}

/** a-time less b-time at the highest peak among lags with enough overlap; its height in standard deviations. */
function highestPeak(a: Series, b: Series): { lagSeconds: number; score: number } {
  const [lengthA, lengthB] = [a.channels[0]?.length ?? 0, b.channels[0]?.length ?? 0]
  const least = shortestSharedSeconds * a.rateHz
  if (Math.min(lengthA, lengthB) <= least) return { lagSeconds: 0, score: 0 }
  const size = transformSizeFrom(lengthA + lengthB)
  const fft = realFftOfSize(size)
  const input = allocateBlock(size)
  const spectrumA = allocateBlock(size)
  const spectrumB = allocateBlock(size)
  const sum = allocateBlock(size)
  floatsOf(sum).fill(0)
  a.channels.forEach((channel, index) => {
    floatsOf(input).fill(0)
    floatsOf(input).set(channel)
    fft.forward(input, spectrumA)
    // Backwards around, so that its transform is the conjugate.
    floatsOf(input).fill(0)
    b.channels[index]!.forEach((value, t) => (floatsOf(input)[t === 0 ? 0 : size - t] = value))
    fft.forward(input, spectrumB)
    fft.addProduct(spectrumA, spectrumB, sum, 1 / size)
  })
  fft.inverse(sum, input)
  const correlation = floatsOf(input)
  const overlapAt = (lag: number): number => Math.min(lengthA, lag + lengthB) - Math.max(0, lag)
  const at = (lag: number): number =>
    correlation[lag < 0 ? lag + size : lag]! / Math.sqrt(overlapAt(lag))
  let best = 0
  let highest = -Infinity
  let total = 0
  let squares = 0
  let count = 0
  for (let lag = Math.ceil(least - lengthB); lag <= lengthA - least; lag++) {
    const value = at(lag)
    total += value
    squares += value * value
    count += 1
    if (value > highest) {
      highest = value
      best = lag
    }
  }
  const mean = total / count
  const score = (highest - mean) / Math.sqrt(squares / count - mean * mean)
  const [before, after] = [at(best - 1), at(best + 1)]
  const bend = before - 2 * highest + after
  const share = bend === 0 ? 0 : (0.5 * (before - after)) / bend
  for (const block of [input, spectrumA, spectrumB, sum]) freeBlock(block)
  return { lagSeconds: (best + share) / a.rateHz, score }
}

const seriesOf: Readonly<Record<Method, (samples: Float32Array) => Series>> = {
  waveform: (samples) => ({ rateHz: sampleRateHz, channels: [standardised(samples)] }),
  mfcc: cepstra,
}

const hop = 128
const windowSamples = 256
const bands = 26
const coefficients = 12

/** Mel cepstra without the first, of windows of 32 ms every 16 ms. */
function cepstra(samples: Float32Array): Series {
  const frames = Math.max(0, Math.floor((samples.length - windowSamples) / hop) + 1)
  const channels = Array.from({ length: coefficients }, () => new Float32Array(frames))
  const fft = realFftOfSize(windowSamples)
  const input = allocateBlock(windowSamples)
  const output = allocateBlock(windowSamples)
  const weights = melWeights()
  const energies = new Float64Array(bands)
  for (let frame = 0; frame < frames; frame++) {
    const window = floatsOf(input)
    for (let index = 0; index < windowSamples; index++) {
      const shape = 0.54 - 0.46 * Math.cos((2 * Math.PI * index) / (windowSamples - 1))
      window[index] = shape * samples[frame * hop + index]!
    }
    fft.forwardOrdered(input, output)
    const spectrum = floatsOf(output)
    for (let band = 0; band < bands; band++) {
      let sum = 1e-10
      for (const { bin, weight } of weights[band]!) {
        sum += weight * (spectrum[2 * bin]! ** 2 + spectrum[2 * bin + 1]! ** 2)
      }
      energies[band] = Math.log(sum)
    }
    for (let order = 1; order <= coefficients; order++) {
      let sum = 0
      for (let band = 0; band < bands; band++) {
        sum += energies[band]! * Math.cos((Math.PI * order * (band + 0.5)) / bands)
      }
      channels[order - 1]![frame] = sum
    }
  }
  freeBlock(input)
  freeBlock(output)
  return { rateHz: sampleRateHz / hop, channels: channels.map(standardised) }
}

/** Triangles of equal width on the mel scale, from 0 to 4000 Hz. */
function melWeights(): { bin: number; weight: number }[][] {
  const mel = (hertz: number): number => 2595 * Math.log10(1 + hertz / 700)
  const step = mel(sampleRateHz / 2) / (bands + 1)
  return Array.from({ length: bands }, (_, band) =>
    Array.from({ length: windowSamples / 2 - 1 }, (_unused, index) => {
      const bin = index + 1
      const place = mel((bin * sampleRateHz) / windowSamples) / step
      return { bin, weight: Math.max(0, 1 - Math.abs(place - (band + 1))) }
    }).filter(({ weight }) => weight > 0),
  )
}

function standardised(values: Float32Array): Float32Array {
  let sum = 0
  let squares = 0
  for (const value of values) {
    sum += value
    squares += value * value
  }
  const mean = sum / values.length
  const deviation = Math.sqrt(Math.max(1e-20, squares / values.length - mean * mean))
  return values.map((value) => (value - mean) / deviation)
}
