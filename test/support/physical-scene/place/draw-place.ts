import type { Place, PlaceKind } from './place.ts'
import { planRandom } from './plan.ts'
import type { Plan, Planning } from './plan.ts'
import { alarm, demonstration, night, rain, street } from './streets.ts'
import { hall, stadium } from './venues.ts'

const plans = {
  street,
  demonstration,
  stadium,
  alarm,
  hall,
  night,
  rain,
} as const satisfies Record<PlaceKind, Plan>

export function drawPlace(planning: Planning): Place {
  const { id, kind, durationSeconds } = planning
  return { id, kind, durationSeconds, ...plans[kind](planning, planRandom(planning)) }
}
