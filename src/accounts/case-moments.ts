/**
 * Every moment of a case: an item, an interval in its own time, and where one is said a region, with
 * everything that rests on it. In comes the case, its story's exhibits and the clock; computed, never
 * typed in. In the order of the case's items, then of time.
 */
import type { Case } from '../case/case-schema.ts'
import type { IncidentClock } from '../case/on-clock.ts'
import type { Region } from '../case/recipe.ts'
import {
  coveredRegion,
  redactedInterval,
  redactedItem,
  type Interval,
  type PictureShare,
} from '../case/redaction.ts'
import { fromClock, toClock } from '../time/clock.ts'
import { clockAt, mapOf, pieceAt, pieceThrough } from '../time/pieced-clock.ts'
import { statementItems, type ExhibitReading, type NamedItem } from './story-exhibits.ts'

export type MomentRegion =
  /** Of the upright picture. */
  ({ readonly unit: 'pixel' } & Region) | ({ readonly unit: 'share' } & PictureShare)

interface MomentPlace extends NamedItem {
  /** Absent: the whole. The same twice: a point. */
  readonly interval?: Interval
  /** Of a document, from 1. */
  readonly page?: number
  readonly region?: MomentRegion
}

export interface RestsOn {
  readonly kind: 'statements' | 'observations' | 'events' | 'anchors' | 'redactions' | 'exhibits'
  readonly id: string
}

export interface CaseMoment extends MomentPlace {
  /** Names it among those of the case: `footage/quay#t=4,5.5&xywh=pixel:0,0,160,90`. */
  readonly key: string
  /** On the incident's clock; the half-width is its recording's, at 95 %. */
  readonly onClock?: Interval & { readonly plusMinusSeconds: number }
  readonly on: readonly RestsOn[]
}

/** `anchorIds`: in the case's order, for a case file gives them none. */
export function caseMoments(
  facts: Case,
  anchorIds: readonly string[],
  exhibits: readonly ExhibitReading[],
  clock: IncidentClock | undefined,
): CaseMoment[] {
  const found = [
    ...recordPlaces(facts, anchorIds),
    ...exhibits.flatMap((exhibit) => exhibitPlaces(exhibit, clock)),
  ]
  const byKey = Map.groupBy(found, ({ place }) => keyOf(place))
  const rank = ranks(facts)
  return [...byKey]
    .flatMap(([key, all]): CaseMoment[] => {
      const [first] = all
      if (first === undefined) return []
      const onClock = clock && clockInterval(first.place, clock)
      const on = all.map(({ on: each }) => each)
      return [{ key, ...first.place, ...(onClock && { onClock }), on }]
    })
    .toSorted((a, b) => rank(a) - rank(b) || startOf(a) - startOf(b) || endOf(a) - endOf(b))
}

interface Found {
  readonly place: MomentPlace
  readonly on: RestsOn
}

function recordPlaces(facts: Case, anchorIds: readonly string[]): Found[] {
  const point = (footage: string, at: number, to = at): MomentPlace => {
    return { list: 'footage', id: footage, interval: { fromSeconds: at, toSeconds: to } }
  }
  return [
    ...[...statementItems(facts)].map(([id, place]): Found => {
      return { place, on: { kind: 'statements', id } }
    }),
    ...facts.observations.flatMap(({ id, moment }): Found[] => {
      if (moment === undefined) return []
      const { footage, from, to } = moment
      return [{ place: point(footage, from, to), on: { kind: 'observations', id } }]
    }),
    ...facts.events.flatMap(({ id, footage, at, to }): Found[] => {
      if (footage === undefined || at === undefined) return []
      return [{ place: point(footage, at, to), on: { kind: 'events', id } }]
    }),
    ...facts.anchors.flatMap(({ a, b }, index) =>
      [a, b].map(({ footage, at }): Found => ({
        place: point(footage, at),
        on: { kind: 'anchors', id: anchorIds[index] ?? '' },
      })),
    ),
    ...facts.redactions.map((redaction): Found => {
      const { id, page } = redaction
      const interval = redactedInterval(redaction)
      const covered = coveredRegion(redaction, interval)
      const place = {
        ...redactedItem(redaction),
        ...(Number.isFinite(interval.fromSeconds) && { interval }),
        ...(page !== undefined && { page }),
        ...(covered && { region: { unit: 'share', ...covered } as const }),
      }
      return { place, on: { kind: 'redactions', id } }
    }),
  ]
}

/** A grid's angles have own times only where the clock gives them. */
function exhibitPlaces(exhibit: ExhibitReading, clock: IncidentClock | undefined): Found[] {
  const { id, shows, onClock, enlargement } = exhibit
  const on = { kind: 'exhibits', id } as const
  const region = enlargement && ({ unit: 'pixel', ...enlargement.crop } as const)
  return shows.flatMap((item): Found[] => {
    if (onClock === undefined) return [{ place: { ...item, ...(region && { region }) }, on }]
    const recording = clock?.recordings.find(({ footage }) => footage === item.id)
    const piece = recording && pieceThrough(recording, onClock.fromSeconds, onClock.toSeconds)
    if (recording === undefined || piece === undefined) return []
    const map = mapOf(recording, piece)
    const interval = {
      fromSeconds: rounded(fromClock(map, onClock.fromSeconds)),
      toSeconds: rounded(fromClock(map, onClock.toSeconds)),
    }
    return [{ place: { ...item, interval }, on }]
  })
}

/** As the clock's pieces say; absent where one of the ends has no place on it. */
function clockInterval({ list, id, interval }: MomentPlace, clock: IncidentClock) {
  const recording = clock.recordings.find(({ footage }) => footage === id)
  if (list !== 'footage' || recording === undefined || interval === undefined) return undefined
  const { fromSeconds, toSeconds } = interval
  const begins = pieceAt(recording, fromSeconds)
  // The first moment after a piece still ends it.
  const ends = begins?.toSeconds === toSeconds ? begins : pieceAt(recording, toSeconds)
  if (begins === undefined || ends === undefined) return undefined
  return {
    fromSeconds: rounded(clockAt(recording, fromSeconds) ?? NaN),
    toSeconds: rounded(toClock(mapOf(recording, ends), toSeconds)),
    plusMinusSeconds: Math.max(begins.errorSeconds, ends.errorSeconds),
  }
}

/** To the microsecond: floating-point noise says nothing. */
function rounded(seconds: number): number {
  return Math.round(seconds * 1e6) / 1e6
}

/** In the manner of W3C Media Fragments. */
function keyOf({ list, id, interval, page, region }: MomentPlace): string {
  const parts = [
    ...(page === undefined ? [] : [`page=${page}`]),
    ...(interval === undefined ? [] : [`t=${interval.fromSeconds},${interval.toSeconds}`]),
    ...(region === undefined
      ? []
      : [`xywh=${region.unit}:${region.x},${region.y},${region.width},${region.height}`]),
  ]
  return `${list}/${id}${parts.length === 0 ? '' : '#'}${parts.join('&')}`
}

/** The case's order of its items. */
function ranks(facts: Case): (item: NamedItem) => number {
  const all = (['footage', 'photos', 'documents'] as const).flatMap((list) =>
    facts[list].map(({ id }) => `${list}/${id}`),
  )
  const places = new Map(all.map((address, index) => [address, index]))
  return ({ list, id }) => places.get(`${list}/${id}`) ?? all.length
}

const startOf = ({ interval, page }: MomentPlace): number => interval?.fromSeconds ?? page ?? -1
const endOf = ({ interval }: MomentPlace): number => interval?.toSeconds ?? -1
