import type { Element } from 'hast'
import { h } from 'hastscript'
import type { CaseEvent } from '../case/case-schema.ts'
import { readCalendarDate } from '../time/calendar.ts'
import { orderOf, type UncertainSeconds } from '../time/clock.ts'
import { timecode } from '../time/text.ts'
import { leftOutOf } from './cuts.ts'
import { momentOnClock } from './players.ts'
import { axis, band, type Ruler } from './ruler.ts'
import { footageLabel, sourceName } from './said.ts'
import { dated, momentLink, named, permalink, type StoryView } from './view.ts'
import { impulseCount, impulseNotes } from './impulses.ts'
import { errorText } from './time-text.ts'
import { whenRecorded } from './when-recorded.ts'

/** An event on the clock; its ± is the reading's own plus the recording's place on the clock. */
export interface ClockEvent extends UncertainSeconds {
  readonly event: CaseEvent
  readonly footage: string
  readonly endSeconds: number
}

export function clockEvents(view: StoryView): readonly ClockEvent[] {
  const { material } = view
  return material.case.events
    .flatMap((event): ClockEvent[] => {
      const { footage, at } = event
      if (footage === undefined || at === undefined) return []
      const placed = momentOnClock(material, footage, at)
      if (placed === undefined) return []
      const { seconds } = placed
      // Half-widths are added, not their squares: whether they are independent is not known.
      const plusMinusSeconds = event['plus-minus-seconds'] + placed.plusMinusSeconds
      const end = event.to === undefined ? placed : momentOnClock(material, footage, event.to)
      const endSeconds = end?.seconds ?? seconds
      return [{ event, footage, seconds, endSeconds, plusMinusSeconds }]
    })
    .toSorted((a, b) => a.seconds - b.seconds)
}

export function timeline(view: StoryView): Element {
  const { events } = view.material.case
  const onClock = clockEvents(view)
  const apart = events.filter(
    (event) => event.footage !== undefined && !onClock.some((each) => each.event.id === event.id),
  )
  const dates = events
    .filter((event) => event.date !== undefined)
    .toSorted((a, b) => earliest(a) - earliest(b))
  return h('div.timeline', [
    impulseCount(view),
    onClock.length === 0 ? '' : clockList(view, onClock),
    whenRecorded(view),
    apart.length === 0
      ? ''
      : h(
          'ol.events',
          apart.map((event) => apartItem(view, event)),
        ),
    dates.length === 0
      ? ''
      : h(
          'ol.events.calendar',
          dates.map((event) => dateItem(view, event)),
        ),
  ])
}

function earliest(event: CaseEvent): number {
  return readCalendarDate(event.date ?? '')?.earliest ?? Infinity
}

function clockList(view: StoryView, events: readonly ClockEvent[]): Element {
  const starts = events.map((each) => each.seconds - each.plusMinusSeconds)
  const ends = events.map((each) => each.endSeconds + each.plusMinusSeconds)
  const from = Math.min(0, ...starts)
  const to = Math.max(...ends)
  const margin = Math.max((to - from) * 0.03, 0.1)
  const ruler: Ruler = { fromSeconds: from - margin, toSeconds: to + margin }
  return h('div.on-clock', [
    h('p.clock-note', [
      'Seconds from zero: ',
      named(view.material.clock.zeroLabel),
      '. The band is the uncertainty; order is stated only where bands do not overlap.',
    ]),
    h('div.axis-row', axis(ruler, 4)),
    h(
      'ol.events',
      events.map((each, index) => clockItem(view, each, events[index - 1], ruler)),
    ),
  ])
}

function clockItem(
  view: StoryView,
  each: ClockEvent,
  before: ClockEvent | undefined,
  ruler: Ruler,
): Element {
  const { event } = each
  const id = view.takeId(`event-${event.id}`)
  const order = before === undefined ? undefined : orderOf(before, each)
  return h('li', { id, className: [event.kind === 'impulsive sound' ? 'sound' : 'happening'] }, [
    h('span.when', [
      momentLink(view, { footage: each.footage, at: event.at ?? 0 }, 'bare'),
      ' ',
      h('span.error', errorText(each.plusMinusSeconds)),
    ]),
    h('span.what', [
      ...what(view, event, id),
      ...impulseNotes(view, event),
      order === 'cannot be said'
        ? h('span.order', 'Whether before or after the event above cannot be said.')
        : '',
      ...leftOutOf(view.material, each.seconds).map((footage) =>
        h('span.order', [
          'Not filmed by ',
          named(footageLabel(view.material, footage)),
          ': this moment is left out by its cut.',
        ]),
      ),
    ]),
    band(ruler, each.seconds, each.endSeconds, each.plusMinusSeconds),
  ])
}

function what(view: StoryView, event: CaseEvent, id: string | undefined) {
  return [
    h('span.label', { dir: 'auto' }, event.label),
    ' ',
    permalink(id, 'this event'),
    event.note === undefined ? '' : h('span.note', { dir: 'auto' }, event.note),
    event.sources.length === 0
      ? ''
      : h('span.note', [
          'Stated by ',
          ...event.sources.flatMap((source, index) => [
            index === 0 ? '' : ', ',
            named(sourceName(view.material, source)),
          ]),
          '.',
        ]),
  ]
}

function apartItem(view: StoryView, event: CaseEvent): Element {
  const id = view.takeId(`event-${event.id}`)
  const footage = event.footage ?? ''
  return h('li', { id }, [
    h('span.when', [timecode(event.at ?? 0), ' ', h('span.error', 'own time')]),
    h('span.what', [
      ...what(view, event, id),
      h('span.order', [
        'Not on the common clock: ',
        named(footageLabel(view.material, footage)),
        '.',
      ]),
    ]),
  ])
}

function dateItem(view: StoryView, event: CaseEvent): Element {
  const id = view.takeId(`event-${event.id}`)
  return h('li', { id }, [
    h('span.when', dated(view, event.date ?? '')),
    h('span.what', what(view, event, id)),
  ])
}
