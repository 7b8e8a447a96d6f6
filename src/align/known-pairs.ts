import type { PairMemory } from './alignment.ts'
import type { CoarseSearch } from './coarse-search.ts'
import type { Observation } from './observation.ts'
import { compareSound, refineSound, soleLine } from './pair-search.ts'
import type { ClearFinding, PairFinding, SoleLine, Sound } from './pair-search.ts'

/** What was found of parts and pairs of parts, by id: pieces are aligned more than once. */
export interface Known {
  readonly sounds: Map<string, HeardPart>
  readonly findings: Map<string, PairFinding>
  readonly observations: Map<string, Observation>
  /** Lines that stand alone, of pairs that were asked. */
  readonly lines: Map<string, SoleLine | null>
  /** What joined groups of whole recordings, by id. */
  joints: readonly { readonly a: string; readonly b: string; readonly joint: Observation }[]
}

export type HeardPart = Sound & { readonly id: string; readonly fingerprint: string | undefined }

const keyOf = (a: HeardPart, b: HeardPart): string => `${a.id}\u0000${b.id}`

export function findingOf(
  a: HeardPart,
  b: HeardPart,
  search: CoarseSearch,
  known: Known,
  memory: PairMemory | undefined,
): PairFinding {
  const finding = foundOnce(known.findings, 'pair', a, b, memory, () => compareSound(a, b, search))
  return { ...finding, a: a.place, b: b.place }
}

export function observationOf(
  a: HeardPart,
  b: HeardPart,
  finding: ClearFinding,
  known: Known,
  memory: PairMemory | undefined,
): Observation {
  const find = () => refineSound(a, b, finding)
  const observation = foundOnce(known.observations, 'link', a, b, memory, find)
  return betweenPlaces(observation, a.place, b.place)
}

export function soleLineOf(
  a: HeardPart,
  b: HeardPart,
  finding: PairFinding,
  search: CoarseSearch,
  known: Known,
  memory: PairMemory | undefined,
): SoleLine | undefined {
  const find = () => soleLine(a, b, finding, search) ?? null
  const line = foundOnce(known.lines, 'line', a, b, memory, find)
  return line
    ? { ...line, observation: betweenPlaces(line.observation, a.place, b.place) }
    : undefined
}

/** As found before; of sounds known by their fingerprints also in an earlier run; else found now and kept. */
function foundOnce<Found>(
  kept: Map<string, Found>,
  kind: 'pair' | 'link' | 'line',
  a: HeardPart,
  b: HeardPart,
  memory: PairMemory | undefined,
  find: () => Found,
): Found {
  const known = kept.get(keyOf(a, b))
  if (known !== undefined) return known
  const isRemembered = a.fingerprint !== undefined && b.fingerprint !== undefined
  const key = `${kind} ${a.fingerprint} ${b.fingerprint}`
  const before = isRemembered ? readBack(memory?.get(key)) : undefined
  const found = before === undefined ? find() : (before as Found)
  if (isRemembered && before === undefined) memory?.set(key, JSON.stringify(found))
  kept.set(keyOf(a, b), found)
  return found
}

function readBack(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : (JSON.parse(text) as unknown)
  } catch {
    return undefined
  }
}

/** The same observation where the two have other places in the list. */
export function betweenPlaces(observation: Observation, a: number, b: number): Observation {
  const { family } = observation
  return {
    ...observation,
    a,
    b,
    ...(family ? { family: family.map((line) => betweenPlaces(line, a, b)) } : {}),
  }
}
