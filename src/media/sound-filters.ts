/**
 * Sound by its own times. FFmpeg's resampler, told the PTS, fills gaps with
 * silence and drops what lies before zero, to the sample; without it a track
 * that starts late or loses packets comes out early. Jumps under 10 ms are
 * rounding of the container (WebM keeps whole milliseconds) and are left alone.
 */
export function filled(sampleRateHz: number): string {
  return `aresample=${sampleRateHz}:async=1:min_comp=0.0001:min_hard_comp=0.01:first_pts=0`
}

/** From own time `fromSeconds`, which becomes zero, for exactly `seconds`. */
export function cutSound(fromSeconds: number, seconds: number): string {
  return [
    `asetpts=round(PTS-(${fromSeconds.toFixed(9)})/TB)`,
    filled(48_000),
    'aformat=channel_layouts=mono|stereo',
    exactly(seconds),
  ].join(',')
}

/**
 * Sound mapped to `offset + rate × own` seconds, for a clock that is off by parts
 * per million: resampled to one whole rate and played at another, whose ratio is
 * the clock's within a part per thousand million.
 */
export function mappedSound(offsetSeconds: number, rate: number, seconds: number): string {
  const { readHz, playedHz } = ratesFor(rate)
  return [
    `asetpts=round(PTS-(${(-offsetSeconds / rate).toFixed(9)})/TB)`,
    filled(readHz),
    'aformat=channel_layouts=mono|stereo',
    ...(readHz === playedHz ? [] : [`asetrate=${playedHz}`, 'aresample=48000', 'asetpts=N/SR/TB']),
    exactly(seconds),
  ].join(',')
}

/** Whole sample rates with `readHz / playedHz` nearest to `rate`. */
function ratesFor(rate: number): { readonly readHz: number; readonly playedHz: number } {
  let best = { readHz: 48_000, playedHz: Math.round(48_000 / rate) }
  let error = Infinity
  for (let readHz = 48_000; readHz <= 96_000 && error > 1e-10; readHz += 1) {
    const playedHz = Math.round(readHz / rate)
    const off = Math.abs(readHz / playedHz / rate - 1)
    if (off < error) {
      error = off
      best = { readHz, playedHz }
    }
  }
  return best
}

function exactly(seconds: number): string {
  return `apad=whole_dur=${seconds.toFixed(6)},atrim=end=${seconds.toFixed(6)}`
}
