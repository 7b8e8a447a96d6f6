import type { Claim, Observation, Question, Source, Statement, Account } from './case-schema.ts'

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
