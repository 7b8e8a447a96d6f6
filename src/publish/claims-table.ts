import type { Element, ElementContent } from 'hast'
import { h } from 'hastscript'
import type { ClaimReading, SaidBy } from '../case/reading.ts'
import { attribution, observationItem } from './claim-parts.ts'
import { stanceMark, type Stance } from './marks.ts'
import { permalink, type StoryView } from './view.ts'

/** Who says what on each claim, and what named people say that the footage does to it. */
export function claimsTable(view: StoryView, caption: string): Element {
  const { claims } = view.material.tables
  if (claims.length === 0) return h('p', 'No claims are recorded.')
  return h('div.wide', [
    h('table.claims', [
      caption === ''
        ? h('caption.unseen', 'Claims: who says what, and what the footage does to it')
        : h('caption', { dir: 'auto' }, caption),
      h('thead', [
        h('tr', [
          h('th', { scope: 'col' }, 'Claim'),
          h('th', { scope: 'col' }, 'Who says what'),
          h('th', { scope: 'col' }, 'What the footage does, by named observers'),
        ]),
      ]),
      h(
        'tbody',
        claims.map((reading) => claimRow(view, reading)),
      ),
    ]),
  ])
}

function claimRow(view: StoryView, reading: ClaimReading): Element {
  const { claim, observations } = reading
  const id = view.takeId(`claim-${claim.id}`)
  return h('tr', { id }, [
    h('th', { scope: 'row' }, [
      h('span.claim-text', { dir: 'auto' }, claim.text),
      ' ',
      permalink(id, 'this claim'),
      claim.about === undefined ? '' : h('span.about', { dir: 'auto' }, claim.about),
    ]),
    h('td', [
      ...stanceGroup(view, 'asserts', reading.asserted),
      ...stanceGroup(view, 'denies', reading.denied),
      ...stanceGroup(view, 'qualifies', reading.qualified),
      reading.asserted.length + reading.denied.length + reading.qualified.length === 0
        ? h('p.none', 'No statement on record.')
        : '',
    ]),
    h('td', [
      observations.length === 0
        ? h('p.none', 'Nobody has judged the footage on this yet.')
        : h(
            'ul.observations',
            observations.map((observation) => observationItem(view, observation)),
          ),
    ]),
  ])
}

function stanceGroup(view: StoryView, stance: Stance, said: readonly SaidBy[]): ElementContent[] {
  if (said.length === 0) return []
  return [
    h('p.stance-name', [stanceMark(stance), ' ', stance[0]?.toUpperCase() ?? '', stance.slice(1)]),
    h(
      'ul.said',
      said.map((each) =>
        h('li', { id: view.takeId(`statement-${each.statement.id}`) }, [
          h('q', { dir: 'auto' }, each.statement.quote),
          ' ',
          attribution(view, each),
        ]),
      ),
    ),
  ]
}
