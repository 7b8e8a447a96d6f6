import type { Element } from 'hast'
import { h } from 'hastscript'
import type { CaseEvent } from '../case/case-schema.ts'
import { countText, errorText, intervalText } from './time-text.ts'
import { named, type StoryView } from './view.ts'

/** `Seven impulsive sounds, confirmed by …`: the count comes from people's decisions alone. */
export function impulseCount(view: StoryView): Element | string {
  const { impulses } = view.material
  if (impulses.length === 0) return ''
  const people = [...new Set(impulses.map(({ event }) => event.by ?? ''))]
  return h('p.clock-note', [
    `${countText(impulses.length)} impulsive ${impulses.length === 1 ? 'sound' : 'sounds'}, confirmed by `,
    ...people.flatMap((person, index) => [index === 0 ? '' : ', ', named(person)]),
    '. What made them is not said by their sound.',
  ])
}

/** In how many recordings it is heard, and how long to the next one. */
export function impulseNotes(view: StoryView, event: CaseEvent): readonly Element[] {
  const { impulses } = view.material
  const at = impulses.findIndex((each) => each.event === event)
  const impulse = impulses[at]
  if (impulse === undefined) return []
  const { heard, toNext } = impulse
  const sentences = [
    heard === undefined
      ? ''
      : `Heard in ${heard.recordings.length} of ${heard.of} ${heard.of === 1 ? 'recording' : 'recordings'}.`,
    toNext === undefined
      ? ''
      : `${intervalText(toNext.seconds)} ${errorText(toNext.errorSeconds)} to the next impulsive sound.`,
  ].filter((sentence) => sentence !== '')
  return sentences.length === 0 ? [] : [h('span.note', sentences.join(' '))]
}
