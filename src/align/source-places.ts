import type { AlignInput } from './alignment.ts'

export type Position = NonNullable<AlignInput['position']>

const placeCount = 300
/** The outermost places stand for all beyond: a share of 0.2. */
const shareWithin = 0.8
/** Half the sources stand within this share of the phones' distance (root mean square) from one middle. */
const halfOfSourcesWithin = 0.35
const leastMiddleMetres = 1
/** On a sunflower's spiral places lie evenly: cosine and sine of the golden angle. */
const turn = { cosine: -0.7373688780783197, sine: 0.6754902942615238 }

/**
 * Travel of sound to each phone, seconds, less the mean of all, from each of
 * many equally likely places of its source. They lie about the phones' middle,
 * and most of them near it: density falls as a bivariate t of two degrees of freedom.
 */
export function travelsFromLikelySources(
  phones: readonly Position[],
  soundSpeedMetresPerSecond: number,
): number[][] {
  const x = mean(phones.map(({ xMetres }) => xMetres))
  const y = mean(phones.map(({ yMetres }) => yMetres))
  const about = phones.map((phone) => (phone.xMetres - x) ** 2 + (phone.yMetres - y) ** 2)
  // Few phones know neither how far people stood from the middle nor where it was.
  const squares = (mean(about) * phones.length) / (phones.length - 1)
  const radius = Math.sqrt(squares * (halfOfSourcesWithin ** 2 + 1 / phones.length))
  const error = Math.sqrt(mean(phones.map(({ errorMetres }) => errorMetres ** 2)))
  const middle = Math.max(leastMiddleMetres, error, radius)
  let [cosine, sine] = [1, 0]
  return Array.from({ length: placeCount }, (_, index) => {
    const share = ((index + 0.5) / placeCount) * shareWithin
    const away = middle * Math.sqrt(share / (1 - share))
    const [sourceX, sourceY] = [x + away * cosine, y + away * sine]
    ;[cosine, sine] = [
      cosine * turn.cosine - sine * turn.sine,
      sine * turn.cosine + cosine * turn.sine,
    ]
    const travels = phones.map(
      ({ xMetres, yMetres }) =>
        Math.sqrt((xMetres - sourceX) ** 2 + (yMetres - sourceY) ** 2) / soundSpeedMetresPerSecond,
    )
    const common = mean(travels)
    return travels.map((travel) => travel - common)
  })
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
