import type { Element, ElementContent } from 'hast'
import { h } from 'hastscript'
import type { Claim, Observation } from '../case/case-schema.ts'
import type { Contradiction, SaidBy } from '../case/reading.ts'
import { attribution, observationItem } from './claim-parts.ts'
import { judgementMark, stanceMark, type Stance } from './marks.ts'
import { dated, momentLink, named, permalink, type StoryView } from './view.ts'

/** Two sides at the same size, side by side, with no winner (field rule 22). */
export function contradictionCards(view: StoryView): Element {
  const { contradictions } = view.material.tables
  if (contradictions.length === 0) {
    return h(
      'p',
      'No two statements on record contradict each other, and no observation contradicts one.',
    )
  }
  const claims = new Map(contradictions.map(({ claim }) => [claim.id, claim]))
  return h(
    'div.contradictions',
    [...claims.values()].map((claim) =>
      claimGroup(
        view,
        claim,
        contradictions.filter((each) => each.claim.id === claim.id),
      ),
    ),
  )
}

/** All contradictions on one claim, and what named observers say that no card shows. */
function claimGroup(
  view: StoryView,
  claim: Claim,
  contradictions: readonly Contradiction[],
): Element {
  const shown = new Set(
    contradictions.flatMap((each) =>
      each.kind === 'statement and observation' ? [each.observation.id] : [],
    ),
  )
  const others = new Map(
    contradictions
      .flatMap((each): readonly Observation[] =>
        each.kind === 'statements' ? each.observations : [],
      )
      .filter(({ id }) => !shown.has(id))
      .map((observation) => [observation.id, observation]),
  )
  return h('section.contradicted', { ariaLabel: `Contradictions on: ${claim.text}` }, [
    h('p.claim-head', [
      'On the claim: ',
      h('a.claim-link', { href: `#claim-${claim.id}`, dir: 'auto' }, claim.text),
    ]),
    ...contradictions.map((each) => card(view, each)),
    ...(shown.size + others.size === 0
      ? [h('p.footage-says.none', 'Nobody has judged the footage on this yet.')]
      : []),
    ...(others.size === 0
      ? []
      : [
          h('p.footage-says', 'What named observers say the footage does to the claim:'),
          h(
            'ul.observations',
            [...others.values()].map((each) => observationItem(view, each)),
          ),
        ]),
  ])
}

type Words = readonly (ElementContent | string)[]

function card(view: StoryView, contradiction: Contradiction): Element {
  const id = view.takeId(`contradiction-${contradiction.id}`)
  const { sentence, sides } =
    contradiction.kind === 'statements'
      ? twoStatements(view, contradiction)
      : statementAndFootage(view, contradiction)
  return h('article.contradiction', { id }, [
    h('p.neutral', [...sentence, ' ', permalink(id, 'this contradiction')]),
    h('div.sides', [...sides]),
  ])
}

interface Sides {
  readonly sentence: Words
  readonly sides: readonly Element[]
}

const passive: Readonly<Record<Stance, string>> = {
  asserts: 'asserted by ',
  denies: 'denied by ',
  qualifies: 'qualified by ',
}

function twoStatements(
  view: StoryView,
  { asserts, denies }: Extract<Contradiction, { kind: 'statements' }>,
): Sides {
  const order = view.material.case.sources.map((source) => source.id)
  const both: readonly (readonly [SaidBy, Stance])[] = [
    [asserts, 'asserts'],
    [denies, 'denies'],
  ]
  const ordered = both.toSorted(
    ([a], [b]) => order.indexOf(a.source.id) - order.indexOf(b.source.id),
  )
  return {
    sentence: [
      'It is ',
      ...ordered.flatMap(([said, stance], index) => [
        index === 0 ? '' : ' and ',
        passive[stance],
        named(said.source.name),
      ]),
      '.',
    ],
    sides: ordered.map(([said, stance]) => statementSide(view, said, stance)),
  }
}

function statementAndFootage(
  view: StoryView,
  contradiction: Extract<Contradiction, { kind: 'statement and observation' }>,
): Sides {
  const { said, stance, observation } = contradiction
  const { judgement, note, by, date, moment } = observation
  return {
    sentence: [
      'It is ',
      passive[stance],
      named(said.source.name),
      '; the footage ',
      judgement,
      ' it, in the judgement of ',
      named(by),
      '.',
    ],
    sides: [
      statementSide(view, said, stance),
      h('div.side', [
        h('p.stance-name', [judgementMark(judgement), ` The footage ${judgement}`]),
        h('p.side-text', { dir: 'auto' }, note ?? `The footage ${judgement} the claim.`),
        h('p.attribution', [
          h('strong', named(by)),
          ', observer, ',
          dated(view, date),
          ...(moment === undefined
            ? []
            : [', ', momentLink(view, { footage: moment.footage, at: moment.from }, 'named')]),
        ]),
      ]),
    ],
  }
}

const stanceNames: Readonly<Record<Stance, string>> = {
  asserts: 'Asserts',
  denies: 'Denies',
  qualifies: 'Qualifies',
}

function statementSide(view: StoryView, said: SaidBy, stance: Stance): Element {
  return h('div.side', [
    h('p.stance-name', [stanceMark(stance), ' ', stanceNames[stance]]),
    h('blockquote.side-text', { dir: 'auto' }, h('p', said.statement.quote)),
    h('p', attribution(view, said)),
  ])
}
