import type { CaseEvent } from '../case/case-schema.ts'
import { intervalBetween, type ImpulseCandidate } from '../case/impulse.ts'
import type { IncidentClock, RecordingOnClock } from '../case/on-clock.ts'
import type { ConfirmedImpulse, ImpulseReading } from '../case/reading.ts'
import { clockAt, pieceAt } from '../time/pieced-clock.ts'

/** A person sets an onset by eye or ear no better than this. */
const settingSeconds = 0.05
/** Nearer than this on the clock an event may mean a sound that its own recording does not show. */
const nearSeconds = 0.1

/**
 * Sets the case's impulsive sounds against what the recordings hold. Each
 * candidate answers to one event at most, the nearest; what nobody confirmed is
 * never among the confirmed.
 */
export function impulseReading(
  events: readonly CaseEvent[],
  candidates: readonly ImpulseCandidate[],
  clock: IncidentClock,
): ImpulseReading {
  const sounds = events.filter(({ kind }) => kind === 'impulsive sound')
  const recordings = new Map(clock.recordings.map((each) => [each.footage, each]))
  const matched = matchedCandidates(sounds, candidates, recordings)
  const decided = new Set(
    sounds.flatMap((event) => (event.decision === undefined ? [] : (matched.get(event) ?? []))),
  )
  return {
    confirmed: confirmedImpulses(sounds, matched, recordings),
    undecidedEvents: sounds.filter(({ decision }) => decision === undefined),
    undecided: candidates.filter((each) => each.corroborated && !decided.has(each)),
  }
}

type Recordings = ReadonlyMap<string, RecordingOnClock>
type Matched = ReadonlyMap<CaseEvent, ImpulseCandidate>

function matchedCandidates(
  sounds: readonly CaseEvent[],
  candidates: readonly ImpulseCandidate[],
  recordings: Recordings,
): Matched {
  const matched = new Map<CaseEvent, ImpulseCandidate>()
  const taken = new Set<ImpulseCandidate>()
  const pairs = sounds
    .flatMap((event) =>
      candidates.flatMap((candidate) => {
        const away = awaySeconds(event, candidate, recordings)
        return away === undefined ? [] : [{ event, candidate, away }]
      }),
    )
    .sort((a, b) => a.away - b.away)
  for (const { event, candidate } of pairs) {
    if (matched.has(event) || taken.has(candidate)) continue
    matched.set(event, candidate)
    taken.add(candidate)
  }
  return matched
}

/** How far an event stands from a candidate, undefined where it cannot mean it. */
function awaySeconds(
  event: CaseEvent,
  candidate: ImpulseCandidate,
  recordings: Recordings,
): number | undefined {
  const { footage, at } = event
  if (footage === undefined || at === undefined) return undefined
  const heard = candidate.heardIn.find(({ recording }) => recording === footage)
  const reach = event['plus-minus-seconds'] + settingSeconds
  if (heard !== undefined) {
    const away = Math.abs(heard.ownSeconds - at)
    return away <= reach + heard.errorSeconds ? away : undefined
  }
  const recording = recordings.get(footage)
  if (recording === undefined) return undefined
  const away = Math.abs((clockAt(recording, at) ?? Infinity) - candidate.clockSeconds)
  return away <= reach + candidate.errorSeconds + nearSeconds ? away : undefined
}

function confirmedImpulses(
  sounds: readonly CaseEvent[],
  matched: Matched,
  recordings: Recordings,
): readonly ConfirmedImpulse[] {
  const placed = sounds
    .filter(({ decision }) => decision === 'confirmed')
    .map((event) => ({ event, ...placeOf(event, matched.get(event), recordings) }))
    .toSorted((a, b) => (a.place?.clockSeconds ?? Infinity) - (b.place?.clockSeconds ?? Infinity))
  const between = (id: string, early: number, late: number): number | undefined => {
    const recording = recordings.get(id)
    if (recording === undefined) return undefined
    const isWithoutCut = pieceAt(recording, early) === pieceAt(recording, late)
    return isWithoutCut ? (late - early) * recording.rate : undefined
  }
  return placed.map(({ event, place, candidate }, index) => {
    const next = placed[index + 1]?.place
    return {
      event,
      ...(candidate === undefined ? {} : { heard: heardOf(candidate) }),
      ...(place === undefined || next === undefined
        ? {}
        : { toNext: intervalBetween(place, next, between) }),
    }
  })
}

function heardOf({ heardIn, silentIn }: ImpulseCandidate): NonNullable<ConfirmedImpulse['heard']> {
  return {
    recordings: heardIn.map(({ recording }) => recording),
    of: heardIn.length + silentIn.length,
  }
}

/** Where it stands: as the recordings have it, else as the person set it. */
function placeOf(
  event: CaseEvent,
  candidate: ImpulseCandidate | undefined,
  recordings: Recordings,
) {
  if (candidate !== undefined) return { place: candidate, candidate }
  const { footage, at } = event
  const recording = footage === undefined ? undefined : recordings.get(footage)
  if (recording === undefined || at === undefined) return {}
  const [clockSeconds, piece] = [clockAt(recording, at), pieceAt(recording, at)]
  if (clockSeconds === undefined || piece === undefined) return {}
  const place = {
    clockSeconds,
    errorSeconds: event['plus-minus-seconds'] + piece.errorSeconds,
    heardIn: [],
  }
  return { place }
}
