import { factorSystem } from './linear-system.ts'
import type { FactoredSystem } from './linear-system.ts'
import type { Observation } from './observation.ts'
import type { TravelPrior } from './travel-prior.ts'

/** Standard deviation of a phone's clock rate before anything is known. */
export const ratePriorSigma = 170e-6
/** Rates are solved for in this unit, so that all unknowns are of like size. */
const rateUnit = 1e-4
/** Residuals beyond about this many sigmas count less and less (Cauchy weights). */
const robustSigmas = 3
const robustRounds = 12
const heldFastSigmaSeconds = 1e-6
/** Pieces of one recording ran on one clock. */
const sameRateSigma = 1e-8

/** One group's clock. Members are places 0 … count − 1 in `members`. */
export interface ClockSolution {
  readonly offsets: readonly number[]
  readonly rates: readonly number[]
  /** Travel of the shared sound to each member, seconds, against one another: the prior's unless anchors show it. */
  readonly travels: readonly number[]
  /**
   * Standard deviation of (clock of `member` at its own time) − (clock of
   * `reference` at its zero); `measured` leaves what travel may add out of it.
   */
  readonly sigma: (
    kind: 'all' | 'measured',
    member: number,
    ownSeconds: number,
    reference: number,
  ) => number
}

/**
 * Weighted least squares for one connected group.
 *
 * Unknown: offset o and rate r = 1 + ρ of each member and the travel b of the
 * sound that dominates its recording. Evidence:
 *
 *     anchor   o_a + r_a t_a         = o_b + r_b t_b
 *     sound    o_a + r_a t_a − b_a   = o_b + r_b t_b − b_b
 *     drift    r_a                   = (1 − d) r_b
 *     before   ρ ~ N(0, 170 ppm),  b ~ N(`travel`)
 *     pieces   r_a = r_b             for `sameRates`
 *
 * So sound fixes the rates and o − b, anchors fix o. Without anchors b stays
 * what it was before: only o − b is solved for. Gauge: the first member's o (o − b
 * without anchors) is 0, Σρ is 0.
 */
export function solveClock(
  count: number,
  observations: readonly Observation[],
  travel: TravelPrior,
  sameRates: readonly (readonly [number, number])[] = [],
): ClockSolution {
  const withTravel = observations.some((observation) => observation.kind === 'anchor')
  const unknowns = (withTravel ? 3 : 2) * count - 2
  const rows = evidenceRows(count, observations, withTravel)
  const reduced = (row: Row): ReducedRow => {
    const terms = reduce(row, count, unknowns)
    const used = [...terms.keys()].filter((index) => terms[index] !== 0)
    return { used, terms: used.map((index) => terms[index]!), right: row.right, sigma: row.sigma }
  }
  const evidence = rows.map(reduced)
  const ratesBefore = [...ratePriorRows(count), ...sameRates.map(sameRateRow)].map(reduced)
  const before: Before = {
    rows: ratesBefore,
    ...(withTravel ? { travel: travelInformation(travel) } : {}),
  }

  let weights = evidence.map(({ sigma }) => 1 / sigma ** 2)
  let system: FactoredSystem = normalEquations(evidence, weights, before, unknowns).system
  let solution = new Float64Array(unknowns)
  for (let round = 0; round < robustRounds; round++) {
    const normal = normalEquations(evidence, weights, before, unknowns)
    system = normal.system
    solution = Float64Array.from(system.solve(normal.right))
    const current = solution
    weights = evidence.map((row) => {
      const residual = residualOf(row, current) / row.sigma
      return 1 / row.sigma ** 2 / (1 + (residual / robustSigmas) ** 2)
    })
  }
  // The same evidence with travel held fast: what measurement alone leaves open.
  const still = withTravel
    ? normalEquations(
        evidence,
        weights,
        { rows: [...ratesBefore, ...heldFastRows(count).map(reduced)] },
        unknowns,
      ).system
    : system
  const excess = excessVariance(evidence, weights, solution, 2 * (count - 1))
  const value = (index: number) => (index < 0 ? 0 : solution[index]!)
  const rhos = Array.from({ length: count - 1 }, (_, i) => value(count - 1 + i) * rateUnit)
  rhos.push(-rhos.reduce((sum, rho) => sum + rho, 0))
  const { means, covariance } = travel
  return {
    offsets: means.map((mean, i) => value(i - 1) + (withTravel ? 0 : mean)),
    rates: rhos.map((rho) => 1 + rho),
    travels: means.map((mean, i) => (withTravel ? value(2 * count - 2 + i) : mean)),
    sigma(kind, member, ownSeconds, reference) {
      const row: Row = {
        offsets: [],
        rates: [[member, ownSeconds]],
        travels: [],
        right: 0,
        sigma: 1,
      }
      if (member !== reference) row.offsets.push([member, 1], [reference, -1])
      const terms = reduce(row, count, unknowns)
      const measured = still.variance(terms) * excess
      if (kind === 'measured' || member === reference) return Math.sqrt(measured)
      if (withTravel) return Math.sqrt(system.variance(terms) * excess)
      const apart =
        covariance[member]![member]! +
        covariance[reference]![reference]! -
        2 * covariance[member]![reference]!
      return Math.sqrt(measured + Math.max(0, apart))
    },
  }
}

/** Σ coefficient × unknown = right, with standard deviation sigma; entries are [member, coefficient]. */
interface Row {
  readonly offsets: [number, number][]
  readonly rates: [number, number][]
  readonly travels: [number, number][]
  readonly right: number
  readonly sigma: number
}

interface ReducedRow {
  /** The unknowns that have a coefficient, and these. */
  readonly used: readonly number[]
  readonly terms: readonly number[]
  readonly right: number
  readonly sigma: number
}

function evidenceRows(
  count: number,
  observations: readonly Observation[],
  withTravel: boolean,
): Row[] {
  return observations.flatMap(({ kind, a, b, aSeconds, bSeconds, sigmaSeconds, drift }) => {
    const meeting: Row = {
      offsets: [
        [a, 1],
        [b, -1],
      ],
      rates: [
        [a, aSeconds],
        [b, -bSeconds],
      ],
      travels:
        kind === 'sound' && withTravel
          ? [
              [a, -1],
              [b, 1],
            ]
          : [],
      right: bSeconds - aSeconds,
      sigma: sigmaSeconds,
    }
    if (!drift || count < 2) return [meeting]
    const pace: Row = {
      offsets: [],
      rates: [
        [a, -1],
        [b, 1 - drift.perSecond],
      ],
      travels: [],
      right: drift.perSecond,
      sigma: drift.sigma,
    }
    return [meeting, pace]
  })
}

function ratePriorRows(count: number): Row[] {
  return Array.from({ length: count }, (_, i) => ({
    offsets: [],
    rates: [[i, 1]],
    travels: [],
    right: 0,
    sigma: ratePriorSigma,
  }))
}

function sameRateRow([a, b]: readonly [number, number]): Row {
  const rates: [number, number][] = [
    [a, 1],
    [b, -1],
  ]
  return { offsets: [], rates, travels: [], right: 0, sigma: sameRateSigma }
}

function heldFastRows(count: number): Row[] {
  return Array.from({ length: count }, (_, i) => ({
    offsets: [],
    rates: [],
    travels: [[i, 1]],
    right: 0,
    sigma: heldFastSigmaSeconds,
  }))
}

/** What is known before the evidence: rows, and of travel the inverse covariance and that times the means. */
interface Before {
  readonly rows: readonly ReducedRow[]
  readonly travel?: {
    readonly precision: readonly Float64Array[]
    readonly right: Float64Array
  }
}

function travelInformation({ means, covariance }: TravelPrior): NonNullable<Before['travel']> {
  const system = factorSystem(Float64Array.from(covariance.flat()), means.length)
  const unit = (i: number) => Float64Array.from(means, (_, j) => (i === j ? 1 : 0))
  return {
    precision: means.map((_, i) => system.solve(unit(i))),
    right: system.solve(Float64Array.from(means)),
  }
}

/** Coefficients on the free unknowns: offsets 1 …, rates 0 … count − 2, travels 0 …. */
function reduce(row: Row, count: number, unknowns: number): Float64Array {
  const terms = new Float64Array(unknowns)
  for (const [member, coefficient] of row.offsets) {
    if (member > 0) terms[member - 1] = terms[member - 1]! + coefficient
  }
  for (const [member, coefficient] of row.rates) {
    const scaled = coefficient * rateUnit
    if (member < count - 1) {
      terms[count - 1 + member] = terms[count - 1 + member]! + scaled
    } else {
      // The last rate is minus the sum of the others.
      for (let i = 0; i < count - 1; i++) terms[count - 1 + i] = terms[count - 1 + i]! - scaled
    }
  }
  for (const [member, coefficient] of row.travels) {
    const place = 2 * count - 2 + member
    terms[place] = terms[place]! + coefficient
  }
  return terms
}

function normalEquations(
  evidence: readonly ReducedRow[],
  weights: readonly number[],
  { rows, travel }: Before,
  unknowns: number,
): { readonly system: FactoredSystem; readonly right: Float64Array } {
  const matrix = new Float64Array(unknowns * unknowns)
  const right = new Float64Array(unknowns)
  const add = ({ used, terms, ...row }: ReducedRow, weight: number) => {
    for (let i = 0; i < used.length; i++) {
      const scaled = weight * terms[i]!
      const first = used[i]! * unknowns
      right[used[i]!] = right[used[i]!]! + scaled * row.right
      for (let j = 0; j < used.length; j++) {
        matrix[first + used[j]!] = matrix[first + used[j]!]! + scaled * terms[j]!
      }
    }
  }
  evidence.forEach((row, index) => add(row, weights[index]!))
  for (const row of rows) add(row, 1 / row.sigma ** 2)
  if (travel) {
    const first = unknowns - travel.right.length
    travel.right.forEach((value, i) => (right[first + i] = right[first + i]! + value))
    travel.precision.forEach((column, i) =>
      column.forEach((value, j) => {
        const place = (first + i) * unknowns + first + j
        matrix[place] = matrix[place]! + value
      }),
    )
  }
  return { system: factorSystem(matrix, unknowns), right }
}

function residualOf({ used, terms, right }: ReducedRow, solution: Float64Array): number {
  let sum = -right
  for (let i = 0; i < used.length; i++) sum += terms[i]! * solution[used[i]!]!
  return sum
}

/** By how much evidence scatters beyond its stated sigmas, at least 1. */
function excessVariance(
  evidence: readonly ReducedRow[],
  weights: readonly number[],
  solution: Float64Array,
  determined: number,
): number {
  const squares = evidence.reduce(
    (sum, row, index) => sum + weights[index]! * residualOf(row, solution) ** 2,
    0,
  )
  return Math.max(1, squares / Math.max(1, evidence.length - determined))
}
