import type {
  AlignedMember,
  AlignedPiece,
  AlignInput,
  Alignment,
  AlignmentGroup,
  ApartRecording,
} from './alignment.ts'
import type { SolvedGroup, SolvedMember } from './group-result.ts'
import type { RecordingPart } from './recording-parts.ts'
import type { PartsAlignment } from './piecewise.ts'
import { findReuploads, witnessesOfParts } from './reuploads.ts'
import { sampleRateHz } from './sound-features.ts'

/**
 * Members, links and those apart told of recordings where the parts were
 * aligned. A recording whose pieces fall into two groups is a member of both.
 */
export function assembleGroups(
  recordings: readonly AlignInput[],
  parts: readonly RecordingPart[],
  aligned: PartsAlignment,
  cutBetween: (before: RecordingPart, after: RecordingPart) => number,
): Alignment {
  const borders = new Map<string, number>()
  parts.slice(1).forEach((after, index) => {
    const before = parts[index]!
    if (before.recording === after.recording) borders.set(after.id, cutBetween(before, after))
  })
  const seconds = new Map(recordings.map(({ id, samples }) => [id, samples.length / sampleRateHz]))
  const partOf = new Map(
    parts.map((part, index): [string, PlacedPart] => {
      const next = parts[index + 1]
      const isLast = next?.recording !== part.recording
      const span = {
        from: borders.get(part.id) ?? 0,
        to: isLast ? seconds.get(part.recording)! : borders.get(next.id)!,
      }
      return [part.id, { ...part, span }]
    }),
  )
  const reuploads = findReuploads(aligned.groups, parts)
  const copies = new Set(
    reuploads.flatMap(({ of, id }) => [`${of}\u0000${id}`, `${id}\u0000${of}`]),
  )
  const solved =
    reuploads.length === 0 ? aligned.groups : aligned.groupsOf(witnessesOfParts(parts, reuploads))
  const groups = solved.flatMap((group) => {
    const assembled = assembleGroup(group, partOf, copies)
    return assembled.members.length > 1 ? [assembled] : []
  })
  const placed = new Set(groups.flatMap(({ members }) => members.map(({ id }) => id)))
  const reasons = new Map(
    aligned.apart.map(({ id, ...why }) => [partOf.get(id)?.recording ?? id, why]),
  )
  const apart = recordings.flatMap(({ id }): ApartRecording[] => {
    const why = reasons.get(id)
    return placed.has(id) || !why ? [] : [{ id, ...why }]
  })
  return { groups, apart, reuploads }
}

/** With the own time that it really holds, its cuts made exact. */
interface PlacedPart extends RecordingPart {
  readonly span: { readonly from: number; readonly to: number }
}

function assembleGroup(
  { members, links }: SolvedGroup,
  partOf: ReadonlyMap<string, PlacedPart>,
  copies: ReadonlySet<string>,
): AlignmentGroup {
  const byRecording = Map.groupBy(members, ({ id }) => partOf.get(id)!.recording)
  const rates = [...byRecording.values()].map(([first]) => first!.rate)
  // Each recording counts once for the clock's own rate, in however many pieces it lies.
  const pace = rates.reduce((sum, rate) => sum + rate, 0) / rates.length
  const together = [...byRecording].map(([id, own]) => ({
    startSeconds: Math.min(...own.map(({ offsetSeconds }) => offsetSeconds)),
    member: assembleMember(id, own, partOf, pace),
  }))
  const recordingOf = (id: string) => partOf.get(id)!.recording
  const startOf = (id: string) => partOf.get(id)!.fromSeconds
  return {
    members: together
      .sort(
        (one, two) =>
          one.startSeconds - two.startSeconds || (one.member.id < two.member.id ? -1 : 1),
      )
      .map(({ member }) => member),
    links: links.map((link) => {
      const { atSeconds: _, ...told } = link
      return {
        ...told,
        a: recordingOf(link.a),
        b: recordingOf(link.b),
        lagSeconds: link.lagSeconds + startOf(link.a) - startOf(link.b),
        isSameRecording: copies.has(`${recordingOf(link.a)}\u0000${recordingOf(link.b)}`),
      }
    }),
  }
}

function assembleMember(
  id: string,
  solved: readonly SolvedMember[],
  partOf: ReadonlyMap<string, PlacedPart>,
  pace: number,
): AlignedMember {
  const pieces = solved
    .map((member) => {
      const { fromSeconds, span } = partOf.get(member.id)!
      const piece: AlignedPiece = {
        fromSeconds: span.from,
        toSeconds: span.to,
        offsetSeconds: (member.offsetSeconds - member.rate * fromSeconds) / pace,
        errorSeconds: member.errorSeconds,
        travelBoundSeconds: member.travelBoundSeconds,
      }
      return { member, piece }
    })
    .sort((one, two) => one.piece.fromSeconds - two.piece.fromSeconds)
  const seconds = ({ fromSeconds, toSeconds }: AlignedPiece) => toSeconds - fromSeconds
  const longest = pieces.reduce((best, next) =>
    seconds(next.piece) > seconds(best.piece) ? next : best,
  )
  const { travelSeconds: _, ...told } = longest.member
  const methods = new Set(solved.map(({ method }) => method))
  return {
    ...told,
    id,
    offsetSeconds: longest.piece.offsetSeconds,
    rate: longest.member.rate / pace,
    method: methods.size === 1 ? longest.member.method : 'sound and anchors',
    pieces: pieces.map(({ piece }) => piece),
  }
}
