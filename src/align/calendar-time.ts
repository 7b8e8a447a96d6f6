/**
 * In: evidence of the calendar time of own moments, and where the recordings
 * stand on one clock. Out: one claim for the clock's zero, with its error, what
 * it rests on and what contradicts it; nothing where no member has evidence.
 *
 * - What a person states outweighs what containers say; a container that
 *   writes its zone outweighs one that does not.
 * - The claim rests on the readings that most recordings agree on, and takes
 *   the narrowest of them. Others that agree make it no narrower: whether they
 *   are independent (two phones that film one clock) is not known.
 * - Where as many recordings say one thing as another, the claim is as wide as both.
 * - No reading is left out of the answer. The order of the evidence changes nothing.
 */
import { instantText, readInstant } from '../time/instant.ts'
import { clockAt, pieceAt, type PiecedClock } from '../time/pieced-clock.ts'
import { AlignError } from './align-error.ts'
import type { AlignedPiece } from './alignment.ts'

export interface CalendarEvidence {
  readonly recording: string
  readonly ownSeconds: number
  /** RFC 3339: the calendar time at `ownSeconds`. */
  readonly at: string
  /** 95 % half-width of that, as a person states it or as the field was written. */
  readonly uncertaintySeconds: number
  readonly kind: 'stated' | 'container'
}

/** One piece of evidence, read at the clock's zero. */
export interface CalendarReading extends CalendarEvidence {
  /** What it says of the clock's zero minus the claim: positive is later. */
  readonly differsBySeconds: number
  /** Half-width of that reading: its own, its recording's place on the clock, and the clock's rate. */
  readonly readingUncertaintySeconds: number
  /** Of a contradiction, what often makes one; never certain. */
  readonly remark?: string
}

export interface CalendarClaim {
  /** RFC 3339, in the zone of the evidence. */
  readonly clockZeroAt: string
  /** 95 % half-width. */
  readonly uncertaintySeconds: number
  /** The same as EDTF: the days it may be, with `?` where the claim is weak. */
  readonly edtf: string
  /** `weak`: it rests on containers, or the evidence is divided. */
  readonly strength: 'stated' | 'weak'
  /** What the claim rests on, narrowest first. */
  readonly basis: readonly CalendarReading[]
  readonly agreement: {
    /** The basis contradicts itself, with as many recordings on each side. */
    readonly divided: boolean
    readonly agreeing: readonly CalendarReading[]
    readonly contradicting: readonly CalendarReading[]
  }
}

interface Placement extends PiecedClock<Omit<AlignedPiece, 'travelBoundSeconds'>> {
  readonly id: string
}

interface Reading {
  readonly evidence: CalendarEvidence
  readonly zeroEpochSeconds: number
  readonly halfWidthSeconds: number
  readonly zoneMinutes: number
  readonly rank: 0 | 1 | 2
}

/** The mean of a group's clocks against true seconds: a phone's crystal is within about this. */
const clockRateError = 50e-6
/** The widest zone; local time is often written as if it were UTC. */
const zoneDoubtSeconds = 14 * 3600

export function calendarClaim(
  members: readonly Placement[],
  evidence: readonly CalendarEvidence[],
): CalendarClaim | undefined {
  const places = new Map(members.map((member) => [member.id, member]))
  const readings = evidence
    .flatMap((each) => {
      const place = places.get(each.recording)
      const reading = place && readingOf(each, place)
      return reading === undefined ? [] : [reading]
    })
    .sort(narrowestFirst)
  const best = Math.min(...readings.map(({ rank }) => rank))
  const heard = readings.filter(({ rank }) => rank === best)
  const sides = largestAgreeing(heard)
  const narrowest = [...new Set(sides.flatMap((side) => side.slice(0, 1)))]
  const [first] = narrowest
  if (first === undefined) return undefined

  const doubt = best === 2 ? zoneDoubtSeconds : 0
  const low = Math.min(...narrowest.map((each) => each.zeroEpochSeconds - each.halfWidthSeconds))
  const high = Math.max(...narrowest.map((each) => each.zeroEpochSeconds + each.halfWidthSeconds))
  const zero = narrowest.length === 1 ? first.zeroEpochSeconds : (low + high) / 2
  const uncertaintySeconds = (high - low) / 2 + doubt
  const divided = narrowest.length > 1
  const weak = best > 0 || divided
  const basis = heard.filter((each) => sides.some((side) => side.includes(each)))
  const others = readings.filter((each) => !basis.includes(each))
  const agrees = (each: Reading): boolean =>
    Math.abs(each.zeroEpochSeconds - zero) <= each.halfWidthSeconds + (high - low) / 2
  const told = (each: Reading): CalendarReading => ({
    ...each.evidence,
    differsBySeconds: each.zeroEpochSeconds - zero,
    readingUncertaintySeconds: each.halfWidthSeconds,
  })
  return {
    clockZeroAt: instantText(zero, first.zoneMinutes),
    uncertaintySeconds,
    edtf: daysOf(zero, uncertaintySeconds, first.zoneMinutes, weak),
    strength: weak ? 'weak' : 'stated',
    basis: basis.map(told),
    agreement: {
      divided,
      agreeing: others.filter(agrees).map(told),
      contradicting: others
        .filter((each) => !agrees(each))
        .map((each) => ({ ...told(each), ...remarkOn(each, each.zeroEpochSeconds - zero) })),
    },
  }
}

/** Undefined where the evidence's moment has no place on the clock. */
function readingOf(evidence: CalendarEvidence, place: Placement): Reading | undefined {
  const instant = readInstant(evidence.at)
  const { ownSeconds, uncertaintySeconds, kind } = evidence
  if (instant === undefined || !Number.isFinite(ownSeconds) || !(uncertaintySeconds >= 0)) {
    throw new AlignError(
      'calendar-not-a-time',
      'Evidence of calendar time needs an own time, an RFC 3339 instant and an error of zero or more.',
    )
  }
  const [clock, piece] = [clockAt(place, ownSeconds), pieceAt(place, ownSeconds)]
  if (clock === undefined || piece === undefined) return undefined
  // FFmpeg writes every container's date with a Z, whether or not it was UTC.
  const zoneWritten = /[+-]\d\d:?\d\d$/.test(evidence.at)
  return {
    evidence,
    zeroEpochSeconds: instant.epochSeconds - clock,
    // Half-widths are added, not their squares: whether they are independent is not known.
    halfWidthSeconds: uncertaintySeconds + piece.errorSeconds + clockRateError * Math.abs(clock),
    zoneMinutes: instant.zoneMinutes ?? 0,
    rank: kind === 'stated' ? 0 : zoneWritten ? 1 : 2,
  }
}

function narrowestFirst(one: Reading, two: Reading): number {
  return (
    one.halfWidthSeconds - two.halfWidthSeconds ||
    one.zeroEpochSeconds - two.zeroEpochSeconds ||
    (one.evidence.recording < two.evidence.recording ? -1 : 1)
  )
}

/**
 * The sets of readings with a moment in common that the most recordings stand
 * behind (Marzullo, "Maintaining the Time in a Distributed System", 1984).
 */
function largestAgreeing(readings: readonly Reading[]): readonly (readonly Reading[])[] {
  const sets = readings.map(({ zeroEpochSeconds, halfWidthSeconds }) => {
    const at = zeroEpochSeconds - halfWidthSeconds
    // A microsecond, so that an end met by an end still counts in floating point.
    return readings.filter(
      (each) => Math.abs(each.zeroEpochSeconds - at) <= each.halfWidthSeconds + 1e-6,
    )
  })
  const support = (set: readonly Reading[]): number =>
    new Set(set.map(({ evidence }) => evidence.recording)).size
  const most = Math.max(...sets.map(support))
  return sets.filter((set) => support(set) === most)
}

function daysOf(zero: number, halfWidth: number, zoneMinutes: number, weak: boolean): string {
  const mark = weak ? '?' : ''
  const day = (at: number): string => `${instantText(at, zoneMinutes).slice(0, 10)}${mark}`
  const [from, to] = [day(zero - halfWidth), day(zero + halfWidth)]
  return from === to ? from : `${from}/${to}`
}

function remarkOn(reading: Reading, differsBySeconds: number): { readonly remark?: string } {
  if (reading.evidence.kind !== 'container') return {}
  const hours = Math.round(differsBySeconds / 3600)
  const offHours = Math.abs(differsBySeconds - hours * 3600)
  if (reading.rank === 2 && hours !== 0 && Math.abs(hours) <= 14 && offHours <= 300) {
    return { remark: 'whole hours apart: perhaps local time written as UTC' }
  }
  return differsBySeconds > 0
    ? { remark: 'later: perhaps the date of a copy, an edit or an upload' }
    : { remark: 'earlier: perhaps a clock that was never set' }
}
