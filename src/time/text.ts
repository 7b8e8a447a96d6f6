/** `1:02.480`, for a time within a recording. */
export function timecode(seconds: number): string {
  const sign = seconds < 0 ? '−' : ''
  const thousandths = Math.round(Math.abs(seconds) * 1000)
  const minutes = Math.floor(thousandths / 60_000)
  const rest = (thousandths % 60_000) / 1000
  return `${sign}${minutes}:${rest.toFixed(3).padStart(6, '0')}`
}

/** `1:02.5`, for a time within a recording that is not known more closely. */
export function roughTimecode(seconds: number): string {
  return timecode(Math.round(seconds * 10) / 10).slice(0, -2)
}

/** `+12.48 s` or `−3.10 s`, for a time on the clock, seconds from zero. */
export function fromZero(seconds: number): string {
  const text = Math.abs(seconds).toFixed(2)
  return `${seconds < 0 && text !== '0.00' ? '−' : '+'}${text} s`
}

/** `± 0.04 s`, never rounded down to nothing. */
export function plusMinus(seconds: number): string {
  const hundredths = Math.ceil(seconds * 100 - 1e-9) / 100
  return `± ${Math.max(hundredths, 0.01).toFixed(2)} s`
}
