/** A beginning of an impulsive sound in one recording. */
export interface HeardImpulse {
  readonly recording: string
  readonly ownSeconds: number
  /** 95 % half-width of its beginning, in own time. */
  readonly errorSeconds: number
  /** Above the loud parts of the seconds about it. */
  readonly prominenceDb: number
  readonly clipped: boolean
}

/** One impulsive sound as far as the recordings tell; a person decides what it counts for. */
export interface ImpulseCandidate {
  /** When it reached the recordings: the middle between the first and the last, travel not taken off. */
  readonly clockSeconds: number
  /** 95 % half-width that holds each recording's hearing of it, the recordings' own errors included. */
  readonly errorSeconds: number
  /** Each recording once, in order of arrival on the clock. */
  readonly heardIn: readonly HeardImpulse[]
  /** Recordings whose sound ran at the time and shows no beginning there. */
  readonly silentIn: readonly string[]
  /** Heard in two recordings or more. What only one phone has may be a knock against it. */
  readonly corroborated: boolean
  /** Later, weaker beginnings that recordings do not agree on. */
  readonly echoes: readonly { readonly recording: string; readonly delaySeconds: number }[]
  /** To the next corroborated candidate. */
  readonly toNext?: ImpulseInterval
}

export interface ImpulseInterval {
  readonly seconds: number
  /** 95 % half-width. */
  readonly errorSeconds: number
  /** Recordings that hear both and were not cut between them; 0 where it is taken from the clock. */
  readonly heardInBoth: number
}

type Placed = Pick<ImpulseCandidate, 'clockSeconds' | 'errorSeconds' | 'heardIn'>

/**
 * From one sound to a later one. Each recording that hears both has its own
 * answer, free of its place on the clock; the answers differ as far as the two
 * sources stand apart. The interval is the middle of them; as the sources' own
 * may lie on either side of it, its error is the whole difference. `between`: a
 * recording's seconds from one own time to another, undefined across its cut.
 */
export function intervalBetween(
  a: Placed,
  b: Placed,
  between: (recording: string, earlySeconds: number, lateSeconds: number) => number | undefined,
): ImpulseInterval {
  const both = a.heardIn.flatMap((early) => {
    const late = b.heardIn.find(({ recording }) => recording === early.recording)
    if (late === undefined) return []
    const seconds = between(early.recording, early.ownSeconds, late.ownSeconds)
    if (seconds === undefined) return []
    return [{ seconds, errorSeconds: late.errorSeconds + early.errorSeconds }]
  })
  if (both.length === 0) {
    return {
      seconds: b.clockSeconds - a.clockSeconds,
      errorSeconds: a.errorSeconds + b.errorSeconds,
      heardInBoth: 0,
    }
  }
  const all = both.map(({ seconds }) => seconds)
  const seconds = (Math.min(...all) + Math.max(...all)) / 2
  const difference = Math.max(...all) - Math.min(...all)
  const errorSeconds = difference + Math.max(...both.map((each) => each.errorSeconds))
  return { seconds, errorSeconds, heardInBoth: both.length }
}
