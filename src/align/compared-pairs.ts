import { areMany } from './edit-material.ts'
import type { EditMaterial } from './edit-material.ts'
import type { FollowedOnClock } from './clock-following.ts'
import { cutsAmong, pairStretches } from './pair-edges.ts'
import type { PairStretch, StretchWith } from './pair-edges.ts'

/** Height that a pair of a suspect needs. */
const leastScoreOfSuspect = 4.6
/** What an edge against a suspect needs to make another one. */
const leastGainOfSuspect = 20
/** Pairs of one suspect that are compared. */
const mostPairs = 8

/** What the pairs of these recordings show, those that sound most alike. */
export function comparedInPairs(
  suspects: readonly string[],
  { parts, findings, featuresOf, lagsOf }: EditMaterial,
): Map<string, Omit<FollowedOnClock, 'along'>[]> {
  const stretches = new Map<string, StretchWith[]>()
  const note = (id: string, other: string, found: readonly PairStretch[]): void => {
    stretches.set(id, [...(stretches.get(id) ?? []), ...found.map((one) => ({ ...one, other }))])
  }
  const compared = new Set<string>()
  const asked = new Set(suspects)
  const isMany = areMany(parts)
  for (let before = -1; before < asked.size;) {
    const isFirst = before < 0
    before = asked.size
    for (const { ids } of mostAlike([...asked].sort(), findings)) {
      const [a, b] = ids
      const key = `${a}\u0000${b}`
      if (compared.has(key)) continue
      compared.add(key)
      const [ofA, ofB] = pairStretches(featuresOf(a)!, featuresOf(b)!, lagsOf(a, b))
      note(a, b, ofA)
      note(b, a, ofB)
    }
    // Whoever shows a cut against a suspect is one; of many, only against one that its clock suspects.
    if (isMany && !isFirst) break
    for (const [id, breaks] of cutsAmong(stretches)) {
      if (breaks.some(({ gain }) => gain >= leastGainOfSuspect)) asked.add(id)
    }
  }
  const breaks = cutsAmong(stretches)
  return new Map(
    [...asked].map((id) => {
      const expected = (stretches.get(id) ?? [])
        .toSorted((one, two) => two.gain - one.gain)
        .map(({ other, fromSeconds, toSeconds, lagSeconds }) => ({
          fromSeconds,
          toSeconds,
          against: [{ recording: other, lagSeconds }],
        }))
      return [id, [{ breaks: breaks.get(id) ?? [], expected }]]
    }),
  )
}

/** Of each suspect so many pairs at most, the highest first. */
function mostAlike(suspects: readonly string[], findings: EditMaterial['findings']) {
  const asked = new Map(suspects.map((id) => [id, 0]))
  return findings
    .filter(({ score, ids }) => score >= leastScoreOfSuspect && ids.some((id) => asked.has(id)))
    .toSorted((one, two) => two.score - one.score)
    .filter(({ ids }) => {
      const of = ids.filter((id) => asked.has(id))
      if (of.every((id) => asked.get(id)! >= mostPairs)) return false
      for (const id of of) asked.set(id, asked.get(id)! + 1)
      return true
    })
}
