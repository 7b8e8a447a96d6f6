import { factorSystem } from './linear-system.ts'
import type { FactoredSystem } from './linear-system.ts'
import type { Observation } from './observation.ts'

/** Standard deviation of a phone's clock rate before anything is known. */
const ratePriorSigma = 170e-6
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
  /** Common travel of the sound to each member, seconds: zero unless anchors show it. */
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
 * Unknown: offset o and rate r = 1 + ρ of each member and, if there are anchors,
 * the travel b of the sound that dominates its recording. Evidence:
 *
 *     anchor   o_a + r_a t_a         = o_b + r_b t_b
 *     sound    o_a + r_a t_a − b_a   = o_b + r_b t_b − b_b
 *     drift    r_a                   = (1 − d) r_b
 *     before   ρ ~ N(0, 170 ppm),  b ~ N(0, travelSigmas)
 *     pieces   r_a = r_b             for `sameRates`
 *
 * So sound fixes the rates and o − b, anchors fix o. Without anchors b would
 * stay at zero, and is left out. Gauge: the first member's o is 0, Σρ is 0.
 */
export function solveClock(
  count: number,
  observations: readonly Observation[],
  travelSigmas: readonly number[],
  sameRates: readonly (readonly [number, number])[] = [],
): ClockSolution {
  const withTravel = observations.some((observation) => observation.kind === 'anchor')
  const unknowns = (withTravel ? 3 : 2) * count - 2
  const rows = evidenceRows(count, observations, withTravel)
  const priors = [...priorRows(count, travelSigmas, withTravel), ...sameRates.map(sameRateRow)]
  const reduced = (row: Row): ReducedRow => ({ ...row, terms: reduce(row, count, unknowns) })
  const evidence = rows.map(reduced)
  const before = priors.map(reduced)

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
    ? normalEquations(evidence, weights, before.map(heldFast(2 * count - 2)), unknowns).system
    : system
  const excess = excessVariance(evidence, weights, solution, 2 * (count - 1))
  const value = (index: number) => (index < 0 ? 0 : solution[index]!)
  const rhos = Array.from({ length: count - 1 }, (_, i) => value(count - 1 + i) * rateUnit)
  rhos.push(-rhos.reduce((sum, rho) => sum + rho, 0))
  return {
    offsets: Array.from({ length: count }, (_, i) => value(i - 1)),
    rates: rhos.map((rho) => 1 + rho),
    travels: Array.from({ length: count }, (_, i) => (withTravel ? value(2 * count - 2 + i) : 0)),
    sigma(kind, member, ownSeconds, reference) {
      const row: Row = {
        offsets: [],
        rates: [[member, ownSeconds]],
        travels: [],
        right: 0,
        sigma: 1,
      }
      if (member !== reference) row.offsets.push([member, 1], [reference, -1])
      const { variance } = kind === 'all' ? system : still
      return Math.sqrt(variance(reduce(row, count, unknowns)) * excess)
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
  readonly terms: Float64Array
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

function priorRows(count: number, travelSigmas: readonly number[], withTravel: boolean): Row[] {
  return Array.from({ length: count }, (_, i): Row[] => [
    { offsets: [], rates: [[i, 1]], travels: [], right: 0, sigma: ratePriorSigma },
    ...(withTravel
      ? [
          {
            offsets: [],
            rates: [],
            travels: [[i, 1]] as [number, number][],
            right: 0,
            sigma: travelSigmas[i]!,
          },
        ]
      : []),
  ]).flat()
}

function sameRateRow([a, b]: readonly [number, number]): Row {
  const rates: [number, number][] = [
    [a, 1],
    [b, -1],
  ]
  return { offsets: [], rates, travels: [], right: 0, sigma: sameRateSigma }
}

function heldFast(firstTravel: number): (prior: ReducedRow) => ReducedRow {
  return (prior) =>
    prior.terms.findIndex((term) => term !== 0) >= firstTravel
      ? { ...prior, sigma: heldFastSigmaSeconds }
      : prior
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
  priors: readonly ReducedRow[],
  unknowns: number,
): { readonly system: FactoredSystem; readonly right: Float64Array } {
  const matrix = new Float64Array(unknowns * unknowns)
  const right = new Float64Array(unknowns)
  const add = (row: ReducedRow, weight: number) => {
    const used: number[] = []
    row.terms.forEach((term, index) => {
      if (term !== 0) used.push(index)
    })
    for (const i of used) {
      const scaled = weight * row.terms[i]!
      right[i] = right[i]! + scaled * row.right
      for (const j of used) {
        const place = i * unknowns + j
        matrix[place] = matrix[place]! + scaled * row.terms[j]!
      }
    }
  }
  evidence.forEach((row, index) => add(row, weights[index]!))
  for (const row of priors) add(row, 1 / row.sigma ** 2)
  return { system: factorSystem(matrix, unknowns), right }
}

function residualOf(row: ReducedRow, solution: Float64Array): number {
  let sum = -row.right
  for (let i = 0; i < solution.length; i++) sum += row.terms[i]! * solution[i]!
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
