/** Groups for this stage's tests, as if they had been solved. */
import type { SolvedGroup } from './group-result.ts'

/** Each part's own zero at that moment of the clock. */
export function solvedGroup(
  ...places: readonly (readonly [part: { readonly id: string }, atSeconds: number])[]
): SolvedGroup {
  const told = {
    rate: 1,
    errorSeconds: 0,
    statisticalErrorSeconds: 0,
    travelBoundSeconds: 0,
    travelSeconds: 0,
    method: 'sound',
  } as const
  return { links: [], members: places.map(([{ id }, at]) => ({ ...told, id, offsetSeconds: at })) }
}
