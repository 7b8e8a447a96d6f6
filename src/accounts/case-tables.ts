/**
 * Accounts: in comes a case, out come the tables that are computed and never
 * typed in: who says what on each claim, which statements contradict, how long
 * each question has waited. No verdict: statements and observations are paired,
 * nothing is weighed.
 */
import type { Case, Claim, Observation } from '../case/case-schema.ts'
import type {
  CaseReadingTables,
  ClaimReading,
  Contradiction,
  QuestionReading,
  SaidBy,
} from '../case/reading.ts'
import { readCalendarDate, wholeDaysSince } from '../time/calendar.ts'

export function caseTables(facts: Case, now: Date): CaseReadingTables {
  const claims = facts.claims.map((claim) => readClaim(facts, claim))
  return {
    claims,
    contradictions: claims.flatMap(contradictionsOn),
    questions: facts.questions.map((question) => readQuestion(facts, question, now)),
  }
}

function saidBy(facts: Case, statementId: string): SaidBy | undefined {
  const statement = facts.statements.find((entry) => entry.id === statementId)
  const account = facts.accounts.find((entry) => entry.id === statement?.account)
  const source = facts.sources.find((entry) => entry.id === account?.source)
  if (statement === undefined || account === undefined || source === undefined) return undefined
  return { statement, account, source }
}

function readClaim(facts: Case, claim: Claim): ClaimReading {
  const said = (stance: 'asserts' | 'denies' | 'qualifies'): SaidBy[] =>
    facts.statements
      .filter((statement) =>
        statement.on.some((on) => on.claim === claim.id && on.stance === stance),
      )
      .map((statement) => saidBy(facts, statement.id))
      .filter((entry) => entry !== undefined)
  return {
    claim,
    asserted: said('asserts'),
    denied: said('denies'),
    qualified: said('qualifies'),
    observations: facts.observations.filter((observation) => observation.claim === claim.id),
  }
}

function contradictionsOn(reading: ClaimReading): Contradiction[] {
  const { claim, observations } = reading
  const between = reading.asserted.flatMap((asserts) =>
    reading.denied
      .filter((denies) => denies.source.id !== asserts.source.id)
      .map((denies): Contradiction => ({
        kind: 'statements',
        id: `${claim.id}--${asserts.statement.id}--${denies.statement.id}`,
        claim,
        asserts,
        denies,
        observations,
      })),
  )
  const withFootage = observations.flatMap((observation) => [
    ...opposing(reading.asserted, observation, 'contradicts').map((said) =>
      against(claim, said, 'asserts', observation),
    ),
    ...opposing(reading.denied, observation, 'shows').map((said) =>
      against(claim, said, 'denies', observation),
    ),
  ])
  return [...between, ...withFootage]
}

function opposing(
  said: readonly SaidBy[],
  observation: Observation,
  judgement: Observation['judgement'],
): readonly SaidBy[] {
  return observation.judgement === judgement ? said : []
}

function against(
  claim: Claim,
  said: SaidBy,
  stance: 'asserts' | 'denies',
  observation: Observation,
): Contradiction {
  const id = `${claim.id}--${said.statement.id}--${observation.id}`
  return { kind: 'statement and observation', id, claim, said, stance, observation }
}

function readQuestion(
  facts: Case,
  question: Case['questions'][number],
  now: Date,
): QuestionReading {
  const to = facts.sources.find((source) => source.id === question.to)
  if (to === undefined) throw new TypeError(`question ${question.id} is to an unknown source`)
  const asked = readCalendarDate(question.asked)
  const answered =
    question.answered === undefined ? undefined : readCalendarDate(question.answered.date)
  const until =
    answered === undefined || !Number.isFinite(answered.earliest)
      ? now
      : new Date(answered.earliest)
  const days = asked === undefined ? undefined : wholeDaysSince(asked, until)
  const answer =
    question.answered === undefined ? undefined : saidBy(facts, question.answered.statement)
  return {
    question,
    to,
    ...(days === undefined ? {} : { days }),
    ...(answer === undefined ? {} : { answer }),
  }
}
