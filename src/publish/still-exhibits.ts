import type { Element } from 'hast'
import { h, s } from 'hastscript'
import type { RenderedPart } from '../case/exhibit.ts'
import type { EnlargementPlace, PhotoPlace, Place, StillPlace } from '../case/story.ts'
import { timecode } from '../time/text.ts'
import { exhibitFrame } from './exhibit-frame.ts'
import { momentOnClock } from './players.ts'
import { PublishError } from './publish-error.ts'
import { creditOf, footageLabel, sourceName } from './said.ts'
import { credited, momentLink, named, type StoryView } from './view.ts'
import { clockText, errorText } from './time-text.ts'

export function stillExhibit(view: StoryView, place: StillPlace): Element {
  const part = partOf(view, place, 'main')
  return exhibitFrame(view, {
    place,
    kindName: 'Still',
    screen: [h('div.screen', picture(part, stillAlt(view, place)))],
    below: [
      h('p.treatment', [...whence(view, place), sentence(part.treatment), ' ', watch(view, place)]),
    ],
    parts: [part],
  })
}

/** The whole picture with the region marked, beside that region enlarged. */
export function enlargementExhibit(view: StoryView, place: EnlargementPlace): Element {
  const whole = partOf(view, place, 'whole')
  const enlarged = partOf(view, place, 'enlarged')
  const alt = stillAlt(view, place)
  return exhibitFrame(view, {
    place,
    kindName: `Enlargement, ${place.factor}×`,
    screen: [
      h('div.screen.pair', [
        h('div.half', [
          h('p.half-name', 'Whole picture, region marked'),
          h('div.marked', [picture(whole, `${alt} Whole picture.`), regionMark(whole, place)]),
          h('p.half-treatment', sentence(whole.treatment)),
        ]),
        h('div.half', [
          h('p.half-name', `The region, ${place.factor}×`),
          picture(enlarged, `${alt} The marked region, enlarged ${place.factor} times.`),
          h('p.half-treatment', sentence(enlarged.treatment)),
        ]),
      ]),
    ],
    below: [h('p.treatment', [...whence(view, place), watch(view, place)])],
    parts: [whole, enlarged],
  })
}

export function photoExhibit(view: StoryView, place: PhotoPlace): Element {
  const part = partOf(view, place, 'main')
  const photo = view.material.case.photos.find((each) => each.id === place.photo)
  const credit =
    photo?.credit ??
    (photo?.source === undefined ? undefined : sourceName(view.material, photo.source))
  return exhibitFrame(view, {
    place,
    kindName: 'Photograph',
    screen: [h('div.screen', picture(part, photo?.alt ?? place.caption))],
    below: [
      h('p.treatment', [
        h('strong', named(photo?.label ?? place.photo)),
        '. ',
        ...(credit === undefined ? [] : [named(credit), '. ']),
        sentence(part.treatment),
      ]),
    ],
    parts: [part],
  })
}

function picture(part: RenderedPart, alt: string): Element {
  const { recipe } = part
  const enlargement = recipe.kind === 'still' ? recipe.parameters.enlargement : undefined
  return h(enlargement?.kernel === 'neighbor' && enlargement.factor > 1 ? 'img.pixels' : 'img', {
    src: part.path,
    alt,
    width: part.widthPixels,
    height: part.heightPixels,
  })
}

/** The crop over the whole picture, in percent of the upright source. */
function regionMark(whole: RenderedPart, place: EnlargementPlace): Element | '' {
  const { recipe } = whole
  if (recipe.kind !== 'still') return ''
  const { widthPixels, heightPixels } = recipe.parameters.picture
  const share = (part: number, of: number) => `${((part / of) * 100).toFixed(3)}%`
  const { x, y, width, height } = place.crop
  return s('svg.region', { ariaHidden: 'true' }, [
    s('rect', {
      x: share(x, widthPixels),
      y: share(y, heightPixels),
      width: share(width, widthPixels),
      height: share(height, heightPixels),
    }),
  ])
}

function whence(view: StoryView, place: StillPlace | EnlargementPlace) {
  const { footage, atSeconds } = place
  const placed = momentOnClock(view.material, footage, atSeconds)
  return [
    h('strong', named(footageLabel(view.material, footage))),
    ...credited(creditOf(view.material, footage)),
    `, frame on screen at ${timecode(atSeconds)} of its own time`,
    placed === undefined
      ? '; not on the common clock.'
      : `; on the clock ${clockText(placed.seconds)}, ${errorText(placed.plusMinusSeconds)}.`,
    ' ',
  ]
}

function watch(view: StoryView, { footage, atSeconds }: StillPlace | EnlargementPlace): Element {
  return momentLink(view, { footage, at: atSeconds }, [
    { type: 'text', value: 'Watch this moment' },
  ])
}

function stillAlt(view: StoryView, place: StillPlace | EnlargementPlace): string {
  const label = footageLabel(view.material, place.footage)
  const from = `Still from ${label} at ${timecode(place.atSeconds)}.`
  return place.caption === '' ? from : `${from} ${place.caption}`
}

function sentence(treatment: string): string {
  return `${treatment.charAt(0).toUpperCase()}${treatment.slice(1)}.`
}

function partOf(view: StoryView, place: Place, role: RenderedPart['role']): RenderedPart {
  const part = view.material.exhibits.get(place.id)?.parts.find((each) => each.role === role)
  if (part === undefined) {
    throw new PublishError(
      'exhibit-missing',
      `the ${place.kind} "${place.id}" has no rendered part "${role}"; render it again`,
    )
  }
  return part
}
