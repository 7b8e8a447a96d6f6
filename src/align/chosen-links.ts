import type { ClearFinding } from './pair-search.ts'

/** A recording with so many measured links needs no more for itself; of two of which one has so many, none between them. */
const leastLinks = 4
const enoughLinks = 8

/** Counts links, and says whether one more between two recordings is worth measuring. */
export interface LinkCount {
  readonly add: (a: number, b: number) => void
  /** Either has hardly any. */
  readonly isNeeded: (a: number, b: number) => boolean
  /** Needed, or both could do with more. */
  readonly isWanted: (a: number, b: number) => boolean
}

export function countLinks(recordings: number): LinkCount {
  const links = new Uint16Array(recordings)
  const isNeeded = (a: number, b: number): boolean => Math.min(links[a]!, links[b]!) < leastLinks
  return {
    add(a, b) {
      links[a]!++
      links[b]!++
    },
    isNeeded,
    isWanted: (a, b) => isNeeded(a, b) || Math.max(links[a]!, links[b]!) < enoughLinks,
  }
}

/**
 * Which clear pairs are measured finely: of a few recordings nearly all, of hundreds the
 * surest that tie all that hang together and hold each recording several times. So the
 * cost of measuring grows with the recordings, not with their pairs. Surest first.
 */
export function chosenLinks(recordings: number, findings: readonly ClearFinding[]): ClearFinding[] {
  const count = countLinks(recordings)
  const parent = Int32Array.from({ length: recordings }, (_, recording) => recording)
  const rootOf = (recording: number): number => {
    let root = recording
    while (parent[root] !== root) root = parent[root]!
    return root
  }
  return findings
    .toSorted((one, two) => two.gap - one.gap || one.a - two.a || one.b - two.b)
    .filter(({ a, b }) => {
      const [rootA, rootB] = [rootOf(a), rootOf(b)]
      if (rootA === rootB && !count.isWanted(a, b)) return false
      parent[Math.max(rootA, rootB)] = Math.min(rootA, rootB)
      count.add(a, b)
      return true
    })
}
