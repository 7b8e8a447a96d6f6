/** Seconds as whole microseconds: what recipes and hashed records hold. */
export function microsecondsOf(seconds: number): number {
  return roundedWhole(seconds * 1e6)
}

/** Rounded; zero is never the negative zero, which has no canonical JSON. */
export function roundedWhole(value: number): number {
  return Math.round(value) + 0
}
