import { soundRateHz } from './impulse-levels.ts'

/**
 * In: sound, mono at 8 kHz. Out: how loud it is by time and frequency, as a
 * picture's rows from the highest frequency down. Level 0 is 60 dB or more below
 * the loudest of this sound, 255 the loudest itself: levels of two spectrograms
 * are not comparable. Guaranteed: the same for the same samples.
 */
export interface Spectrogram {
  readonly columns: number
  readonly rows: number
  /** Row by row, each from the first moment to the last. */
  readonly levels: Uint8Array
  /** Column k shows the 8 ms about `firstSeconds` + k × `columnSeconds`, from sample 0 on. */
  readonly firstSeconds: number
  readonly columnSeconds: number
  /** Row r shows the band that begins at (rows − 1 − r) × `rowHertz`. */
  readonly rowHertz: number
}

export const spectrogramRangeDb = 60
/** 16 ms: short enough to part a sound from an echo 16 ms later, 62.5 Hz apart in frequency. */
const windowSamples = 128
const stepSamples = 64
const rows = windowSamples / 2
/** How many samples a column's window reaches beyond its own step, on each side. */
export const spectrogramMarginSamples = (windowSamples - stepSamples) / 2

export function spectrogram(samples: Float32Array): Spectrogram {
  const columns = Math.max(0, Math.floor((samples.length - windowSamples) / stepSamples) + 1)
  const powers = new Float64Array(rows * columns)
  const real = new Float64Array(windowSamples)
  const imaginary = new Float64Array(windowSamples)
  let loudest = 0
  for (let column = 0; column < columns; column++) {
    for (let index = 0; index < windowSamples; index++) {
      real[reversed[index]!] = hann[index]! * (samples[column * stepSamples + index] ?? 0)
    }
    imaginary.fill(0)
    transform(real, imaginary)
    for (let band = 0; band < rows; band++) {
      const power = real[band]! ** 2 + imaginary[band]! ** 2
      powers[(rows - 1 - band) * columns + column] = power
      if (power > loudest) loudest = power
    }
  }
  return {
    columns,
    rows,
    levels: Uint8Array.from(powers, (power) => levelOf(power, loudest)),
    firstSeconds: windowSamples / 2 / soundRateHz,
    columnSeconds: stepSamples / soundRateHz,
    rowHertz: soundRateHz / windowSamples,
  }
}

function levelOf(power: number, loudest: number): number {
  if (!(power > 0)) return 0
  const belowDb = 10 * Math.log10(loudest / power)
  return Math.max(0, Math.round(255 * (1 - belowDb / spectrogramRangeDb)))
}

const hann = Float64Array.from(
  { length: windowSamples },
  (_, index) => 0.5 - 0.5 * Math.cos((2 * Math.PI * (index + 0.5)) / windowSamples),
)

const reversed = Uint8Array.from({ length: windowSamples }, (_, index) => {
  let back = 0
  for (let bit = 1; bit < windowSamples; bit *= 2) back = 2 * back + (index & bit ? 1 : 0)
  return back
})

const cosines = Float64Array.from({ length: windowSamples / 2 }, (_, index) =>
  Math.cos((2 * Math.PI * index) / windowSamples),
)
const sines = Float64Array.from({ length: windowSamples / 2 }, (_, index) =>
  Math.sin((2 * Math.PI * index) / windowSamples),
)

/** In place, from bit-reversed order (Cooley and Tukey). */
function transform(real: Float64Array, imaginary: Float64Array): void {
  for (let half = 1; half < windowSamples; half *= 2) {
    const turn = windowSamples / 2 / half
    for (let start = 0; start < windowSamples; start += 2 * half) {
      for (let step = 0; step < half; step++) {
        const [cosine, sine] = [cosines[step * turn]!, sines[step * turn]!]
        const [low, high] = [start + step, start + step + half]
        const re = real[high]! * cosine + imaginary[high]! * sine
        const im = imaginary[high]! * cosine - real[high]! * sine
        real[high] = real[low]! - re
        imaginary[high] = imaginary[low]! - im
        real[low]! += re
        imaginary[low]! += im
      }
    }
  }
}
