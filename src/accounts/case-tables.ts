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
  const said = everythingSaid(facts)
  const on = Map.groupBy(
    said.values().flatMap((each) => {
      const claims = new Set(each.statement.on.map(({ claim }) => claim))
      return [...claims].map((claim) => ({ claim, said: each }))
    }),
    ({ claim }) => claim,
  )
  const observed = Map.groupBy(facts.observations, ({ claim }) => claim)
  const claims = facts.claims.map((claim) =>
    readClaim(
      claim,
      (on.get(claim.id) ?? []).map(({ said }) => said),
      observed.get(claim.id) ?? [],
    ),
  )
  return {
    claims,
    contradictions: claims.flatMap(contradictionsOn),
    questions: facts.questions.map((question) => readQuestion(facts, question, said, now)),
  }
}

/** By statement, in their order. */
function everythingSaid(facts: Case): ReadonlyMap<string, SaidBy> {
  const accounts = new Map(facts.accounts.map((account) => [account.id, account]))
  const sources = new Map(facts.sources.map((source) => [source.id, source]))
  const said = new Map<string, SaidBy>()
  for (const statement of facts.statements) {
    const account = accounts.get(statement.account)
    const source = account && sources.get(account.source)
    if (account === undefined || source === undefined) continue
    said.set(statement.id, { statement, account, source })
  }
  return said
}

function readClaim(
  claim: Claim,
  all: readonly SaidBy[],
  observations: readonly Observation[],
): ClaimReading {
  const said = (stance: 'asserts' | 'denies' | 'qualifies'): SaidBy[] =>
    all.filter(({ statement }) =>
      statement.on.some((on) => on.claim === claim.id && on.stance === stance),
    )
  return {
    claim,
    asserted: said('asserts'),
    denied: said('denies'),
    qualified: said('qualifies'),
    observations,
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
  said: ReadonlyMap<string, SaidBy>,
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
  const answer = question.answered === undefined ? undefined : said.get(question.answered.statement)
  return {
    question,
    to,
    ...(days === undefined ? {} : { days }),
    ...(answer === undefined ? {} : { answer }),
  }
}
