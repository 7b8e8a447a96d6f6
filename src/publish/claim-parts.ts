import type { Element } from 'hast'
import { h } from 'hastscript'
import type { Observation } from '../case/case-schema.ts'
import type { SaidBy } from '../case/reading.ts'
import { judgementMark } from './marks.ts'
import { dated, momentLink, named, type StoryView } from './view.ts'

/** Who, of what kind, when, in what; with the moment where it is said on footage. */
export function attribution(view: StoryView, said: SaidBy): Element {
  const { source, account, statement } = said
  const { documents, footage } = view.material.case
  const document = documents.find((each) => each.id === account.document)?.title
  const recording = footage.find((each) => each.id === account.footage)?.label
  const where = document === undefined ? recording : `“${document}”`
  return h('span.attribution', [
    h('strong', named(source.name)),
    `, ${source.kind}, `,
    dated(view, account.date),
    ...(where === undefined ? [] : [', ', named(where)]),
    ...(account.footage === undefined || statement.from === undefined
      ? []
      : [', ', momentLink(view, { footage: account.footage, at: statement.from }, 'bare')]),
  ])
}

/** A named person's judgement; the software has none. */
export function observationItem(view: StoryView, observation: Observation): Element {
  const { by, date, judgement, moment, note } = observation
  const id = view.takeId(`observation-${observation.id}`)
  return h('li.observation', { id }, [
    judgementMark(judgement),
    ' ',
    h('span', [
      h('strong', judgement),
      ', says ',
      named(by),
      ', ',
      dated(view, date),
      ...(moment === undefined
        ? []
        : [', ', momentLink(view, { footage: moment.footage, at: moment.from }, 'named')]),
      note === undefined ? '' : h('span.note', { dir: 'auto' }, ` ${note}`),
    ]),
  ])
}
