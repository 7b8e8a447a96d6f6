import type { Element, ElementContent } from 'hast'
import { h } from 'hastscript'
import type { StoryMaterial } from '../case/bundle.ts'
import { momentText, showingOf, type MomentAddress } from './moments.ts'
import { playersOf, type Player } from './players.ts'
import { footageLabel } from './said.ts'
import { machineDate } from './date-text.ts'
import { timeText } from './time-text.ts'

/** What every part of the page is built from. */
export interface StoryView {
  readonly material: StoryMaterial
  readonly players: readonly Player[]
  /** Number of an exhibit, in the story's order. */
  readonly exhibitNumbers: ReadonlyMap<string, number>
  /**
   * Hands out an HTML id once; undefined when it is taken, so that a list that
   * stands twice in a story, or an exhibit named like a claim, never doubles an
   * id. The ids of places are their own and never handed out.
   */
  readonly takeId: (id: string) => string | undefined
}

const unnumbered = new Set(['quote', 'timeline', 'claims', 'contradictions', 'questions'])

export function viewOf(material: StoryMaterial): StoryView {
  const exhibits = [...material.story.places.values()].filter(
    (place) => !unnumbered.has(place.kind),
  )
  const taken = new Set(['story', ...material.story.places.keys()])
  return {
    material,
    players: playersOf(material),
    exhibitNumbers: new Map(exhibits.map((place, index) => [place.id, index + 1])),
    takeId(id) {
      if (taken.has(id)) return undefined
      taken.add(id)
      return id
    },
  }
}

/** A name, kept from turning the text around it. */
export function named(text: string): Element {
  return h('bdi', text)
}

export function credited(credit: string | undefined): (Element | string)[] {
  return credit === undefined ? [] : [' (', named(credit), ')']
}

/** A date in words; a time of day in the incident's zone. */
export function dated(view: StoryView, edtf: string): Element {
  const dateTime = machineDate(edtf)
  return dateTime === undefined
    ? h('span.date', timeText(view.material, edtf))
    : h('time', { dateTime }, timeText(view.material, edtf))
}

/**
 * Link to footage where the page shows the moment, else its time as text;
 * `named` puts the recording's name before the time.
 */
export function momentLink(
  view: StoryView,
  moment: MomentAddress,
  words: readonly ElementContent[] | 'named' | 'bare',
): Element {
  const time = h('span.at', momentText(view.material, moment))
  const showing = showingOf(view.material, view.players, moment)
  const content =
    typeof words === 'string' ? (words === 'named' ? recordingName(view, moment) : []) : words
  if (showing === undefined)
    return h('span.moment', [...content, content.length === 0 ? '' : ' ', time])
  return h('a.moment', { href: `#${showing.player.place.id}`, dataT: showing.t.toFixed(3) }, [
    ...content,
    content.length === 0 ? '' : ' ',
    time,
  ])
}

function recordingName(view: StoryView, moment: MomentAddress): ElementContent[] {
  return 'footage' in moment ? [named(footageLabel(view.material, moment.footage))] : []
}

/** The visible address of something on the page. */
export function permalink(id: string | undefined, name: string): ElementContent | string {
  return id === undefined
    ? ''
    : h(
        'a.permalink',
        { href: `#${id}`, ariaLabel: `Link to ${name}` },
        h('span', { ariaHidden: 'true' }, '#'),
      )
}
