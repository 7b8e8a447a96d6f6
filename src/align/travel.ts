import type { AlignInput } from './alignment.ts'

/** Dry air at 20 °C. */
export const defaultSoundSpeedMetresPerSecond = 343
/** How far two phones of one incident are taken to stand apart at most when nobody says where they stood. */
const assumedDistanceMetres = 50

/**
 * The most by which sound's travel can shift two recordings against each other:
 * their distance over the speed of sound, whatever the place of the source. Tells
 * evidence that contradicts from evidence that travelled; errors come of `travelPrior`.
 */
export function travelBoundSeconds(
  a: AlignInput,
  b: AlignInput,
  soundSpeedMetresPerSecond: number,
): number {
  const distance =
    a.position && b.position
      ? Math.hypot(
          a.position.xMetres - b.position.xMetres,
          a.position.yMetres - b.position.yMetres,
        ) +
        a.position.errorMetres +
        b.position.errorMetres
      : assumedDistanceMetres
  return distance / soundSpeedMetresPerSecond
}
