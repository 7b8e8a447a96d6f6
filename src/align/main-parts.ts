import type { SolvedGroup } from './group-result.ts'
import type { RecordingPart } from './recording-parts.ts'
import { isAt } from './standing-cuts.ts'
import type { Cuts } from './standing-cuts.ts'

/** A part speaks for more than itself only if so much of it all lies on its clock. */
const leastShareOnClock = 0.5

/**
 * Of what lies between two cuts the part that speaks for it: one that has a place, on the clock on
 * which most of the recording lies, the longest; if little of it lies there, the longest of all.
 */
export function mainParts(
  parts: readonly RecordingPart[],
  cuts: Cuts,
  groups: readonly SolvedGroup[],
): RecordingPart[] {
  const groupOf = new Map(
    groups.flatMap(({ members }, group) => members.map(({ id }) => [id, group] as const)),
  )
  /** Samples of the recording that lie on this part's clock. */
  const onClock = ({ id, recording }: RecordingPart): number =>
    groupOf.has(id)
      ? parts
          .filter((one) => one.recording === recording && groupOf.get(one.id) === groupOf.get(id))
          .reduce((sum, { samples }) => sum + samples.length, 0)
      : 0
  const pieceOf = ({ recording, fromSeconds }: RecordingPart): string => {
    const before = (cuts.get(recording) ?? []).filter(
      (at) => at < fromSeconds || isAt(at, fromSeconds),
    )
    return `${recording}\u0000${before.length}`
  }
  return [...Map.groupBy(parts, pieceOf).values()].map((own) => {
    const longest = own.toSorted((one, two) => two.samples.length - one.samples.length)
    const [main] = longest.toSorted((one, two) => onClock(two) - onClock(one))
    const all = own.reduce((sum, { samples }) => sum + samples.length, 0)
    return onClock(main!) >= leastShareOnClock * all ? main! : longest[0]!
  })
}
