import type { Element } from 'hast'
import { h } from 'hastscript'
import type { ColumnName, Prose } from './prose.ts'
import { zonedText } from './time-text.ts'
import { dated, named, type StoryView } from './view.ts'

const columnTitles: readonly (readonly [ColumnName, string])[] = [
  ['shows', 'What the footage shows'],
  ['disputed', 'What is disputed'],
  ['unknown', 'What is not known'],
]

/** Headline, standfirst, byline, last change; a warning before any picture; the three columns. */
export function storyHeader(view: StoryView, prose: Prose): Element {
  const { story, case: facts } = view.material
  const { incident } = facts
  const columns = columnTitles.filter(([name]) => prose.columns.has(name))
  return h('header.opening', [
    h('p.dateline', [named(incident.place), ' · ', dated(view, incident.date)]),
    h('h1', { dir: 'auto' }, story.title),
    h('p.standfirst', { dir: 'auto' }, story.standfirst),
    h('p.byline', [
      h('span', ['By ', named(story.byline)]),
      ' ',
      h('span.published', published(view)),
    ]),
    story.warning === undefined
      ? ''
      : h('div.warning.opening-warning', [
          h('p', { dir: 'auto' }, [h('strong', 'Content warning. '), story.warning]),
        ]),
    columns.length === 0
      ? ''
      : h(
          'div.columns',
          columns.map(([name, title]) =>
            h('section', { className: [name] }, [
              h('h2', { id: view.takeId(`opening-${name}`) }, title),
              h('div', { dir: 'auto' }, [...(prose.columns.get(name) ?? [])]),
            ]),
          ),
        ),
  ])
}

function published(view: StoryView) {
  const { revision, publishedAt, firstPublishedAt, story } = view.material
  const time = h('time', { dateTime: publishedAt }, zonedText(view.material, publishedAt))
  const last = story.corrections.at(-1)
  const corrected =
    last === undefined
      ? []
      : [' · ', h('a', { href: '#about-corrections' }, ['Corrected ', dated(view, last.date)])]
  return revision === 1
    ? ['Published ', time, ...corrected]
    : [
        'First published ',
        h('time', { dateTime: firstPublishedAt }, zonedText(view.material, firstPublishedAt)),
        ' · last changed ',
        time,
        `, revision ${revision}`,
        ...corrected,
      ]
}
