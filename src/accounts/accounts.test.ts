import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readCase } from '../case/read-case.ts'
import { caseTables } from './case-tables.ts'
import { findPassage } from './find-passage.ts'

function caseWith(rest: string) {
  const { case: facts, problems } = readCase(`format: sightline-case/1
incident: { id: quay, title: T, place: P, date: 2026-05-17 }
sources:
  - { id: police, name: Police, kind: authority }
  - { id: a, name: Witness A, kind: witness }
claims: [{ id: two, text: Two children were in the car. }]
accounts:
  - { id: release, source: police, date: 2026-05-18, note: n }
  - { id: seen, source: a, date: 2026-05-18, note: n }
${rest}`)
  assert.deepEqual(problems, [])
  assert.ok(facts)
  return facts
}
const now = new Date('2026-06-01T12:00:00Z')

test('opposite stances of different sources contradict; of one source they do not', () => {
  const facts = caseWith(`statements:
  - { id: p1, account: release, quote: two, on: [{ claim: two, stance: asserts }] }
  - { id: p2, account: release, quote: three, on: [{ claim: two, stance: denies }] }
  - { id: a1, account: seen, quote: three, on: [{ claim: two, stance: denies }] }
`)
  const { contradictions } = caseTables(facts, now)
  assert.deepEqual(
    contradictions.map((entry) => entry.id),
    ['two--p1--a1'],
  )
})

test('an observation contradicts the statement that it speaks against, and no other', () => {
  const facts = caseWith(`statements:
  - { id: p1, account: release, quote: two, on: [{ claim: two, stance: asserts }] }
  - { id: a1, account: seen, quote: perhaps, on: [{ claim: two, stance: qualifies }] }
observations:
  - { id: o1, claim: two, by: R. Hale, date: 2026-05-30, judgement: contradicts }
  - { id: o2, claim: two, by: R. Hale, date: 2026-05-30, judgement: not visible }
`)
  const { contradictions } = caseTables(facts, now)
  assert.deepEqual(
    contradictions.map((entry) => entry.id),
    ['two--p1--o1'],
  )
})

test('days unanswered run to now, or to the answer', () => {
  const facts = caseWith(`statements:
  - { id: p1, account: release, quote: two }
questions:
  - { id: q1, text: How many?, to: police, asked: 2026-05-22 }
  - { id: q2, text: Who?, to: police, asked: 2026-05-22, answered: { statement: p1, date: 2026-05-25 } }
  - { id: q3, text: When?, to: police, asked: 2026-05 }
`)
  const { questions } = caseTables(facts, now)
  assert.deepEqual(
    questions.map((entry) => entry.days),
    [10, 3, 1],
  )
  assert.equal(questions[1]?.answer?.source.name, 'Police')
})

test('a quote is found across line breaks, to the letter', () => {
  const pages = [{ text: 'Officers arrived\n  at the quay. Shots\nwere fired.' }]
  const found = findPassage({ quote: 'at the quay. Shots were fired.' }, pages)
  assert.ok(found.kind === 'found')
  assert.equal(
    pages[0]?.text.slice(found.passage.start, found.passage.end),
    'at the quay. Shots\nwere fired.',
  )
  assert.equal(findPassage({ quote: 'at the Quay. Shots' }, pages).kind, 'not found')
})

test('a quote that occurs twice needs its prefix or suffix', () => {
  const pages = [{ text: 'No shot was fired. Later: a shot was fired.' }]
  assert.deepEqual(findPassage({ quote: 'shot was fired.' }, pages), {
    kind: 'ambiguous',
    times: 2,
  })
  const found = findPassage({ quote: 'shot was fired.', prefix: 'Later: a ' }, pages)
  assert.ok(found.kind === 'found')
  assert.equal(found.passage.start, 28)
})

test('marked words become one box a line, in fractions of the page', () => {
  const word = (text: string, xMin: number, yMin: number) => ({
    text,
    xMin,
    yMin,
    xMax: xMin + 40,
    yMax: yMin + 10,
  })
  const words = [
    word('Shots', 10, 10),
    word('were', 60, 10),
    word('fired', 10, 30),
    word('later', 60, 30),
  ]
  const found = findPassage({ quote: 'were fired' }, [
    { text: 'Shots were\nfired later', widthPoints: 200, heightPoints: 100, words },
  ])
  assert.ok(found.kind === 'found')
  assert.deepEqual(found.passage.boxes, [
    { x: 0.3, y: 0.1, width: 0.2, height: 0.1 },
    { x: 0.05, y: 0.3, width: 0.2, height: 0.1 },
  ])
})
