import type { Observation } from './observation.ts'

/** The same for both orders of the two. */
export function pairName(names: readonly string[], { a, b }: Pick<Observation, 'a' | 'b'>): string {
  const [one, two] = [names[a]!, names[b]!]
  return JSON.stringify(one < two ? [one, two] : [two, one])
}

/**
 * What n copies heard together with another recording is one piece of evidence
 * told n times: each counts for 1/n of it.
 */
export function weighedByWitness(
  observations: readonly Observation[],
  recordings: readonly string[],
  witnesses: readonly string[],
): readonly Observation[] {
  const told = Map.groupBy(observations, (observation) => pairName(witnesses, observation))
  return observations.map((observation) => {
    const { kind, a, b } = observation
    if (kind === 'anchor' || witnesses[a] === witnesses[b]) return observation
    const sound = told.get(pairName(witnesses, observation))!.filter((one) => one.kind === 'sound')
    const times = new Set(sound.map((one) => pairName(recordings, one))).size
    return times === 1 ? observation : widened(observation, Math.sqrt(times))
  })
}

function widened(observation: Observation, by: number): Observation {
  const { sigmaSeconds, drift } = observation
  return {
    ...observation,
    sigmaSeconds: by * sigmaSeconds,
    ...(drift ? { drift: { ...drift, sigma: by * drift.sigma } } : {}),
  }
}
