import type { Element } from 'hast'
import { h } from 'hastscript'
import type { RenderedPart } from '../case/exhibit.ts'
import type { CompositePlace, SegmentPlace, SlowMotionPlace } from '../case/story.ts'
import { pieceThrough } from '../time/pieced-clock.ts'
import { timecode } from '../time/text.ts'
import { recordedStretches } from './cuts.ts'
import { exhibitFrame } from './exhibit-frame.ts'
import {
  clipSpan,
  momentOnClock,
  onClock,
  runsAcrossCut,
  type MovingPlace,
  type Player,
} from './players.ts'
import { PublishError } from './publish-error.ts'
import { axis, bars } from './ruler.ts'
import { creditOf, footageLabel } from './said.ts'
import { textAccount, videoElement } from './video.ts'
import { methodText } from './method-text.ts'
import { credited, named, type StoryView } from './view.ts'
import { clockText, countText, errorText } from './time-text.ts'

/** All angles on one clock, with one time ruler. */
export function compositeExhibit(view: StoryView, place: CompositePlace): Element {
  const player = playerOf(view, place, 'main')
  const poster = posterOf(view, place)
  const { apart, zeroLabel } = view.material.clock
  const label = `${nameOf(view, place)}, ${place.angles.length} recordings on one clock: ${place.caption}`
  return exhibitFrame(view, {
    place,
    kindName: `${countText(place.angles.length)} ${place.angles.length === 1 ? 'recording' : 'recordings'} on one clock`,
    ...(place.warning === undefined ? {} : { warning: place.warning }),
    screen: [
      h('div.screen', [
        videoElement(view, player, poster, label),
        h('div.ruler', { dataRuler: player.id }, [
          h('p.ruler-zero', ['Zero: ', named(zeroLabel)]),
          axisRow(player),
          h(
            'ul.angles',
            place.angles.map((footage, index) => angleRow(view, player, footage, index)),
          ),
        ]),
      ]),
    ],
    below: [
      h('p.treatment', [treatment(player.part), soundOf(view, player)]),
      apart.length === 0
        ? ''
        : h(
            'ul.apart',
            apart.map((each) =>
              h('li', [
                'Not on this clock: ',
                h('strong', named(footageLabel(view.material, each.footage))),
                ': ',
                h('span', { dir: 'auto' }, each.reason),
              ]),
            ),
          ),
      textAccount(view, player),
    ],
    parts: partsOf(view, place),
  })
}

function axisRow(player: Player): Element {
  const ruler = { fromSeconds: player.startSeconds, toSeconds: player.endSeconds }
  return h('div.axis-row', [h('span.angle-name', 'Seconds from zero'), axis(ruler)])
}

function angleRow(view: StoryView, player: Player, footage: string, index: number): Element {
  const { material } = view
  const { recipe } = player.part
  const columns = recipe.kind === 'composite' ? recipe.parameters.columns : 2
  const placed = onClock(material, footage)
  const piece = placed && pieceThrough(placed, player.startSeconds, player.endSeconds)
  const ruler = { fromSeconds: player.startSeconds, toSeconds: player.endSeconds }
  const cell = `row ${Math.floor(index / columns) + 1}, column ${(index % columns) + 1}`
  return h('li', [
    h('span.angle-name', [
      h('strong', named(footageLabel(material, footage))),
      ' ',
      h('span.angle-facts', [
        `${cell}; `,
        placed === undefined || piece === undefined
          ? 'not on the clock'
          : `${errorText(piece.errorSeconds)}, ${methodText(placed.method)}`,
      ]),
    ]),
    bars(ruler, placed === undefined ? [] : recordedStretches(material, placed)),
  ])
}

function soundOf(view: StoryView, player: Player): string {
  const { recipe } = player.part
  if (recipe.kind !== 'composite') return ''
  const { soundInput } = recipe.parameters
  const footage = soundInput === undefined ? undefined : player.angles[soundInput]
  return footage === undefined ? ' Silent.' : ` Sound: ${footageLabel(view.material, footage)}.`
}

export function segmentExhibit(view: StoryView, place: SegmentPlace): Element {
  const player = playerOf(view, place, 'main')
  const poster = posterOf(view, place)
  return exhibitFrame(view, {
    place,
    kindName: 'Segment at real speed',
    ...(place.warning === undefined ? {} : { warning: place.warning }),
    screen: [
      h(
        'div.screen',
        videoElement(view, player, poster, `${nameOf(view, place)}: ${place.caption}`),
      ),
    ],
    below: [
      h('p.treatment', [...whence(view, place, player), ' ', treatment(player.part)]),
      textAccount(view, player),
    ],
    parts: partsOf(view, place),
  })
}

/** Slow motion never stands alone (PMC4995977): real speed stands first and at the same size. */
export function slowMotionExhibit(view: StoryView, place: SlowMotionPlace): Element {
  const real = playerOf(view, place, 'real-speed')
  const slow = playerOf(view, place, 'slow')
  const poster = posterOf(view, place)
  const name = nameOf(view, place)
  const speed = `${Number((1 / place.slowdown).toFixed(3))}×`
  const half = (player: Player, title: string, label: string) =>
    h('div.half', [
      h('p.half-name', title),
      videoElement(view, player, poster, label),
      h('p.half-treatment', treatment(player.part)),
    ])
  return exhibitFrame(view, {
    place,
    kindName: `Slow motion, ${speed}, beside real speed`,
    ...(place.warning === undefined ? {} : { warning: place.warning }),
    screen: [
      h('div.screen.pair', { dataPair: true }, [
        half(real, 'Real speed, 1×', `${name}, real speed: ${place.caption}`),
        half(slow, `Slow motion, ${speed}`, `${name}, slowed to ${speed}: ${place.caption}`),
      ]),
    ],
    below: [
      h('p.treatment', [
        ...whence(view, place, slow),
        ' The same frames at both speeds; none is left out, none invented. Slow motion makes acts look more intended than they were: judge pace at real speed.',
      ]),
      textAccount(view, slow),
    ],
    parts: partsOf(view, place),
  })
}

function whence(view: StoryView, place: SegmentPlace | SlowMotionPlace, player: Player) {
  const { material } = view
  const span = clipSpan(player.part) ?? { fromSeconds: 0, toSeconds: 0 }
  const [from, to] = [timecode(span.fromSeconds), timecode(span.toSeconds)]
  const placed = momentOnClock(material, place.footage, span.fromSeconds)
  return [
    h('strong', named(footageLabel(view.material, place.footage))),
    ...credited(creditOf(view.material, place.footage)),
    `, ${from} to ${to} of its own time; `,
    runsAcrossCut(material, place, player.part)
      ? 'it runs on across a cut, as the file itself does: what is left out there is not shown, and times beside it are the recording’s own.'
      : placed === undefined
        ? 'not on the common clock.'
        : `on the clock ${clockText(player.startSeconds)} to ${clockText(player.endSeconds)}, ${errorText(placed.plusMinusSeconds)}.`,
  ]
}

function treatment(part: RenderedPart): string {
  const text = part.treatment
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`
}

function playerOf(view: StoryView, place: MovingPlace, role: RenderedPart['role']): Player {
  const player = view.players.find((each) => each.place.id === place.id && each.part.role === role)
  if (player === undefined) {
    throw new PublishError(
      'exhibit-missing',
      `the ${place.kind} "${place.id}" has no rendered part "${role}"; render it again`,
    )
  }
  return player
}

function partsOf(view: StoryView, place: MovingPlace): readonly RenderedPart[] {
  return view.material.exhibits.get(place.id)?.parts ?? []
}

function posterOf(view: StoryView, place: MovingPlace): RenderedPart | undefined {
  return partsOf(view, place).find((part) => part.role === 'poster')
}

function nameOf(view: StoryView, place: MovingPlace): string {
  return `Exhibit ${view.exhibitNumbers.get(place.id) ?? ''}`.trim()
}
