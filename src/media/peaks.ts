/**
 * Peaks for drawing a recording's sound: for each hundredth of a second the
 * lowest and the highest sample, as two signed bytes (−128…127 of full scale).
 * The first pair stands for own time 0. docs/formats/recipe.md, "Peaks".
 */
export const peaksPerSecond = 100

/** Takes 16-bit little-endian mono sound as it comes and gives the peaks. */
export function peakReader(sampleRateHz: number): {
  readonly write: (chunk: Uint8Array) => void
  readonly end: () => Uint8Array
} {
  const samplesPerPeak = sampleRateHz / peaksPerSecond
  let peaks = new Int8Array(1 << 16)
  let length = 0
  let low = 32_767
  let high = -32_768
  let count = 0
  let half: number | undefined
  const flush = (): void => {
    if (length + 2 > peaks.length) {
      const larger = new Int8Array(peaks.length * 2)
      larger.set(peaks)
      peaks = larger
    }
    // Outward, so that the faintest sound still shows.
    peaks[length] = Math.floor(low / 256)
    peaks[length + 1] = Math.min(127, Math.ceil(high / 256))
    length += 2
    low = 32_767
    high = -32_768
    count = 0
  }
  const take = (sample: number): void => {
    if (sample < low) low = sample
    if (sample > high) high = sample
    count += 1
    if (count === samplesPerPeak) flush()
  }
  return {
    write(chunk) {
      let at = 0
      if (half !== undefined && chunk.length > 0) {
        take(signed(half | ((chunk[0] ?? 0) << 8)))
        half = undefined
        at = 1
      }
      for (; at + 1 < chunk.length; at += 2) {
        take(signed((chunk[at] ?? 0) | ((chunk[at + 1] ?? 0) << 8)))
      }
      if (at < chunk.length) half = chunk[at]
    },
    end() {
      if (count > 0) flush()
      return new Uint8Array(peaks.buffer.slice(0, length))
    },
  }
}

function signed(value: number): number {
  return (value << 16) >> 16
}
