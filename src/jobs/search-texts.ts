/** What a case and its story say that can be searched, with the days each part is of. */
import type { Nodes, Parents } from 'mdast'

import type { Case } from '../case/case-schema.ts'
import type { Story } from '../case/story.ts'
import type { SearchedCase, SearchText } from '../store/search-index.ts'
import { readCalendarDate } from '../time/calendar.ts'

export function searchedCase(
  facts: Case,
  story: Story | undefined,
  revision: number,
): SearchedCase {
  const { incident } = facts
  const { earliest, latest } = daysOf(incident.date)
  return {
    revision,
    place: incident.place,
    earliest: earliest ?? -Infinity,
    latest: latest ?? Infinity,
    openQuestions: facts.questions.filter(({ answered }) => answered === undefined).length,
    texts: [
      { kind: 'incident', ref: '', text: joined(incident.title, incident.place) },
      ...textsOf(facts),
      ...(story === undefined ? [] : storyTexts(story)),
    ],
  }
}

function textsOf(facts: Case): SearchText[] {
  const dateOf = new Map(facts.accounts.map(({ id, date }) => [id, date]))
  return [
    ...facts.claims.map(({ id, text, about }): SearchText => ({
      kind: 'claim',
      ref: id,
      text: joined(text, about),
    })),
    ...facts.statements.map(({ id, quote, account }): SearchText => ({
      kind: 'statement',
      ref: id,
      text: quote,
      ...daysOf(dateOf.get(account)),
    })),
    ...facts.questions.map(({ id, text, asked, ...more }): SearchText => ({
      kind: 'question',
      ref: id,
      text: joined(text, more['would-answer']),
      ...daysOf(asked),
    })),
    ...facts.events.map(({ id, label, note, date }): SearchText => ({
      kind: 'event',
      ref: id,
      text: joined(label, note),
      ...daysOf(date),
    })),
    ...facts.accounts.map(({ id, note, date }): SearchText => ({
      kind: 'account',
      ref: id,
      text: joined(note),
      ...daysOf(date),
    })),
    ...facts.observations.map(({ id, note, date }): SearchText => ({
      kind: 'observation',
      ref: id,
      text: joined(note),
      ...daysOf(date),
    })),
    ...facts.sources.map(({ id, name, about }): SearchText => ({
      kind: 'source',
      ref: id,
      text: joined(name, about),
    })),
    ...facts.footage.map(({ id, label, credit, note }): SearchText => ({
      kind: 'footage',
      ref: id,
      text: joined(label, credit, note),
    })),
    ...facts.photos.map(({ id, label, alt, credit }): SearchText => ({
      kind: 'photo',
      ref: id,
      text: joined(label, alt, credit),
    })),
    ...facts.documents.map(({ id, title, received }): SearchText => ({
      kind: 'document',
      ref: id,
      text: title,
      ...daysOf(received),
    })),
  ]
}

function storyTexts({
  title,
  standfirst,
  byline,
  warning,
  corrections,
  tree,
}: Story): SearchText[] {
  return [
    joined(title, standfirst, byline, warning),
    ...corrections.map(({ text }) => text),
    ...tree.children.filter(({ type }) => type !== 'yaml').map(textIn),
  ].map((text) => ({ kind: 'story', ref: '', text }))
}

function textIn(node: Nodes): string {
  if ('value' in node) return node.type === 'html' ? '' : node.value
  if ('alt' in node) return node.alt ?? ''
  if (!('children' in node)) return ''
  return node.children.map(textIn).join(holdsBlocks(node) ? '\n' : '')
}

const holdsBlocks = ({ type }: Parents): boolean =>
  /^(?:root|blockquote|list|listItem|containerDirective|table|tableRow)$/.test(type)

const joined = (...parts: readonly (string | undefined)[]): string =>
  parts.filter((part) => part !== undefined).join('\n')

function daysOf(date: string | undefined): { earliest?: number; latest?: number } {
  const read = date === undefined ? undefined : readCalendarDate(date)
  return read === undefined ? {} : { earliest: read.earliest, latest: read.latest }
}
