import type {
  Account,
  CaseEvent,
  Claim,
  Observation,
  Question,
  Source,
  Statement,
} from './case-schema.ts'
import type { ImpulseCandidate, ImpulseInterval } from './impulse.ts'

/** Computed from a case, never typed in. */
export interface CaseReadingTables {
  readonly claims: readonly ClaimReading[]
  readonly contradictions: readonly Contradiction[]
  readonly questions: readonly QuestionReading[]
}

export interface SaidBy {
  readonly statement: Statement
  readonly account: Account
  readonly source: Source
}

export interface ClaimReading {
  readonly claim: Claim
  readonly asserted: readonly SaidBy[]
  readonly denied: readonly SaidBy[]
  readonly qualified: readonly SaidBy[]
  readonly observations: readonly Observation[]
}

/**
 * Two statements from different sources on one claim with opposite stance, or a
 * statement and an observation. No winner: the order is the sources' order in
 * the case.
 */
export type Contradiction =
  | {
      readonly kind: 'statements'
      readonly id: string
      readonly claim: Claim
      readonly asserts: SaidBy
      readonly denies: SaidBy
      /** What the named observers say that the footage does to the claim. */
      readonly observations: readonly Observation[]
    }
  | {
      readonly kind: 'statement and observation'
      readonly id: string
      readonly claim: Claim
      readonly said: SaidBy
      readonly stance: 'asserts' | 'denies'
      readonly observation: Observation
    }

export interface QuestionReading {
  readonly question: Question
  readonly to: Source
  /** Whole days from asking to the answer, or to now. Absent where the date is open-ended. */
  readonly days?: number
  readonly answer?: SaidBy
}

/** What people decided about impulsive sounds, beside what the recordings hold. */
export interface ImpulseReading {
  /** In order of time; the only ones that a page counts. */
  readonly confirmed: readonly ConfirmedImpulse[]
  /** Events of kind "impulsive sound" without a decision. */
  readonly undecidedEvents: readonly CaseEvent[]
  /** Heard in two recordings or more, and no event of the case decides on them. */
  readonly undecided: readonly ImpulseCandidate[]
}

export interface ConfirmedImpulse {
  readonly event: CaseEvent
  /** Recordings in which its beginning is found, and all whose sound ran at the time; absent where none is found. */
  readonly heard?: { readonly recordings: readonly string[]; readonly of: number }
  /** To the next confirmed one; absent for the last and for one that is on no clock. */
  readonly toNext?: ImpulseInterval
}
