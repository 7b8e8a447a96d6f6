import type { CoarseSearch } from './coarse-search.ts'
import type { Expected } from './edit-material.ts'
import type { Observation } from './observation.ts'
import { compareSoundAt } from './pair-search.ts'
import type { Sound } from './pair-search.ts'
import type { Placement } from './placement.ts'
import type { RecordingPart } from './recording-parts.ts'
import { endOf } from './witnesses.ts'

/** How far a link may lie from where it is expected. */
const expectedReachSeconds = 0.1

/** Links of pieces that clear sound alone does not place, where all that heard them say that they lie. */
export function expectedLinks(
  parts: readonly RecordingPart[],
  { groups }: Placement,
  soundAt: ReadonlyMap<number, Sound>,
  expected: ReadonlyMap<string, readonly Expected[]>,
  search: CoarseSearch,
): Observation[][] {
  return parts.flatMap((part, place) => {
    const own = soundAt.get(place)
    const isAlone = groups.every((group, other) => other === place || group !== groups[place])
    if (!own || !isAlone || part.id === part.recording) return []
    const shared = ({ fromSeconds, toSeconds }: Expected) =>
      Math.min(toSeconds, endOf(part)) - Math.max(fromSeconds, part.fromSeconds)
    const fitting = (expected.get(part.recording) ?? [])
      .filter((one) => shared(one) > (endOf(part) - part.fromSeconds) / 2)
      .sort((one, two) => shared(two) - shared(one))
    for (const { fromSeconds, toSeconds, against } of fitting) {
      const links = against.flatMap(({ recording, lagSeconds }): Observation[] => {
        const there = (fromSeconds + toSeconds) / 2 - lagSeconds
        const other = parts.findIndex(
          (one) => one.recording === recording && one.fromSeconds <= there && there < endOf(one),
        )
        const sound = soundAt.get(other)
        const isWithSibling = parts.some(
          ({ recording: one }, at) => one === part.recording && groups[at] === groups[other],
        )
        if (!sound || !isWithSibling) return []
        const lag = lagSeconds - part.fromSeconds + parts[other]!.fromSeconds
        const [a, b] = place < other ? [own, sound] : [sound, own]
        const signed = place < other ? lag : -lag
        const link = compareSoundAt(a, b, signed, expectedReachSeconds, search)
        return link ? [link] : []
      })
      if (links.length > 0) return links.map((link) => [link])
    }
    return []
  })
}
