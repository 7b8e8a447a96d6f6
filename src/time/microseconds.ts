/** Seconds as whole microseconds: what recipes and hashed records hold. */
export function microsecondsOf(seconds: number): number {
  return Math.round(seconds * 1e6)
}
