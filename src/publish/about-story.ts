import type { Element, ElementContent } from 'hast'
import { h } from 'hastscript'
import type { PieceOnClock, RecordingOnClock } from '../case/on-clock.ts'
import { toClock } from '../time/clock.ts'
import { cutsOf, mapOf } from '../time/pieced-clock.ts'
import { roughTimecode } from '../time/text.ts'
import { itemLabel, noticesOn, sizeText } from './exhibit-frame.ts'
import { methodText } from './method-text.ts'
import { footageLabel } from './said.ts'
import { dated, named, permalink, type StoryView } from './view.ts'
import { clockText, errorText, timeText, zonedText } from './time-text.ts'

export interface Download {
  readonly path: string
  readonly what: string
}

/** Method, notices, corrections, redactions, downloads, hashes, how to check. */
export function aboutStory(view: StoryView, downloads: readonly Download[]): Element {
  return h('footer.about', [
    section(view, 'method', 'How this was made', [...clockMethod(view), ...tools(view)]),
    ...notices(view),
    section(view, 'corrections', 'Corrections', corrections(view)),
    section(view, 'redactions', 'Redactions', [
      h('p', 'None. Nothing has been covered or silenced in the footage shown here.'),
    ]),
    section(view, 'downloads', 'Data', [
      h('p', 'Everything this page says is also here in a form that programs read.'),
      h(
        'ul.downloads',
        downloads.map(({ path, what }) => h('li', [h('a', { href: path }, path), ` ${what}`])),
      ),
    ]),
    section(view, 'check', 'Check it yourself', checking(view)),
    section(view, 'hashes', 'Hashes', hashes(view)),
  ])
}

function section(
  view: StoryView,
  name: string,
  title: string,
  content: readonly (ElementContent | string)[],
): Element {
  const id = view.takeId(`about-${name}`)
  return h('section', { className: [`about-${name}`] }, [
    h('h2', { id }, [title, ' ', permalink(id, 'this section')]),
    ...content,
  ])
}

function clockMethod(view: StoryView): Element[] {
  const { clock, case: facts } = view.material
  const claimed = facts.incident['clock-time']
  const zero = h('p', [
    'All times are seconds from zero on one clock. Zero: ',
    h('strong', named(clock.zeroLabel)),
    '. ',
    ...(claimed === undefined
      ? ['No time of day is claimed for it.']
      : [
          'Time of day at zero: ',
          timeText(view.material, claimed.at),
          `, ±\u00a0${claimed['plus-minus-seconds']}\u00a0s. This is a claim, not a measurement: `,
          h('span', { dir: 'auto' }, claimed.basis),
          '.',
        ]),
  ])
  if (clock.recordings.length === 0) return [zero, ...apartList(view)]
  return [
    zero,
    h('p', [
      'Each recording has an offset, a rate and an error: how far its place on the clock may be wrong, at 95 %. Sound needs a second for about 343 metres, so that recordings set together by sound from places not exactly known are never closer than their distance allows; that part of the error is listed too.',
    ]),
    h('div.wide', h('table.recordings', recordingsTable(view, clock.recordings))),
    ...(clock.recordings.every((recording) => cutsOf(recording).length === 0)
      ? []
      : [
          h(
            'p',
            'Where a recording leaves the sound of the others and goes on with what they heard later, it was cut or paused; by whom is not known, nor what was left out. Each piece has its own place on the clock. Where exactly within a second a cut lies is known less well than where its pieces stand.',
          ),
        ]),
    ...apartList(view),
  ]
}

function recordingsTable(view: StoryView, recordings: readonly RecordingOnClock[]): Element[] {
  const column = (title: string) => h('th', { scope: 'col' }, title)
  return [
    h('caption', 'Recordings on the clock'),
    h('thead', [
      h('tr', [
        column('Recording'),
        column('Starts at'),
        column('Drift'),
        column('Error'),
        column('Of that, sound’s travel'),
        column('Method'),
      ]),
    ]),
    h(
      'tbody',
      recordings.flatMap((recording) =>
        recording.pieces.map((piece) => pieceRow(view, recording, piece)),
      ),
    ),
  ]
}

function pieceRow(view: StoryView, recording: RecordingOnClock, piece: PieceOnClock): Element {
  const { footage, rate, method, pieces } = recording
  const { fromSeconds, errorSeconds, travelBoundSeconds } = piece
  const starts = toClock(mapOf(recording, piece), Math.max(0, fromSeconds))
  const name = named(footageLabel(view.material, footage))
  const which =
    pieces.length === 1
      ? ''
      : `, ${fromSeconds > 0 ? `from about ${roughTimecode(fromSeconds)}` : 'its beginning'}`
  return h('tr', [
    h('th', { scope: 'row' }, [name, which]),
    h('td', { dataLabel: 'Starts at' }, clockText(starts)),
    h('td', { dataLabel: 'Drift' }, driftText(rate)),
    h('td', { dataLabel: 'Error' }, errorText(errorSeconds)),
    h(
      'td',
      { dataLabel: 'Of that, sound’s travel' },
      travelBoundSeconds === 0 ? 'none' : errorText(travelBoundSeconds),
    ),
    h('td', { dataLabel: 'Method' }, methodText(method)),
  ])
}

function driftText(rate: number): string {
  const partsPerMillion = Math.round((rate - 1) * 1e6)
  return `${partsPerMillion < 0 ? '−' : partsPerMillion > 0 ? '+' : ''}${Math.abs(partsPerMillion)}\u00a0ppm`
}

function apartList(view: StoryView): Element[] {
  const { apart } = view.material.clock
  if (apart.length === 0) return []
  return [
    h('p', 'Not on the clock:'),
    h(
      'ul',
      apart.map(({ footage, reason }) =>
        h('li', [
          h('strong', named(footageLabel(view.material, footage))),
          ': ',
          h('span', { dir: 'auto' }, reason),
        ]),
      ),
    ),
  ]
}

function tools(view: StoryView): Element[] {
  const names = new Set<string>([`Sightline ${view.material.toolVersion}`])
  for (const exhibit of view.material.exhibits.values()) {
    for (const { recipe } of exhibit.parts) names.add(`${recipe.tool.name} ${recipe.tool.version}`)
  }
  return [
    h('p', [
      'Every picture and video here is made from an original by a recipe that can be run again: cutting, scaling, slowing by repeating frames. No frame, pixel or sound is generated, sharpened or interpolated by a model. Made with ',
      [...names].join(', '),
      '.',
    ]),
  ]
}

function notices(view: StoryView): Element[] {
  const noted = [...view.material.items]
    .map(([id, { item }]) => ({ item, notices: noticesOn(view, id) }))
    .filter(({ notices: all }) => all.length > 0)
  if (noted.length === 0) return []
  return [
    section(view, 'notices', 'Notices on the originals', [
      h(
        'ul.notices',
        noted.map(({ item, notices: all }) =>
          h('li', [
            h('strong', named(itemLabel(view, item))),
            h(
              'ul',
              all.map(({ severity, message }) =>
                h('li', { dir: 'auto' }, [
                  severity === 'problem' ? h('em', 'Problem: ') : '',
                  message,
                ]),
              ),
            ),
          ]),
        ),
      ),
    ]),
  ]
}

function corrections(view: StoryView): Element[] {
  const { corrections: entries } = view.material.story
  if (entries.length === 0) return [h('p', 'None so far.')]
  return [
    h(
      'ul.corrections',
      entries.map(({ date, text }) =>
        h('li', [h('strong', dated(view, date)), ' ', h('span', { dir: 'auto' }, text)]),
      ),
    ),
  ]
}

function checking(view: StoryView): Element[] {
  const { logOrigin, revision, publishedAt } = view.material
  return [
    h('p', [h('a.button', { href: 'verify.html' }, 'Check this story in the browser')]),
    h('p', [
      'Or without this page: ',
      h('code', 'sha256sum -c proof/manifest.sha256'),
      ' in the downloaded folder compares every file with ',
      h('a', { href: 'proof/manifest.sha256' }, 'proof/manifest.sha256'),
      '; ',
      h('code', './sightline verify <folder>'),
      ' also follows each exhibit through its recipe to the log entry of its original.',
    ]),
    h('p', [
      `Revision ${revision}, published `,
      h('time', { dateTime: publishedAt }, zonedText(view.material, publishedAt)),
      ', recorded in the log ',
      h('code', logOrigin),
      '. Checking shows that files are the same as when they were received and published. It does not show that a recording is authentic, or that nothing was left out.',
    ]),
  ]
}

function hashes(view: StoryView): Element[] {
  const { items, exhibits } = view.material
  const parts = [...exhibits.values()].flatMap((exhibit) => exhibit.parts)
  return [
    h('details.hash-list', [
      h('summary', `Originals (${items.size}) and exhibit files (${parts.length})`),
      h('h3', 'Originals, as received'),
      h(
        'ul',
        [...items.values()].map((item) =>
          h('li', [
            named(itemLabel(view, item.item)),
            `, ${item.facts.mediaType}, ${sizeText(item.sizeBytes)}, received ${zonedText(view.material, item.receivedAt)} `,
            h('code.hash', item.item),
          ]),
        ),
      ),
      h('h3', 'Exhibit files'),
      h(
        'ul',
        parts.map((part) =>
          h('li', [h('a', { href: part.path }, part.path), ' ', h('code.hash', part.sha256)]),
        ),
      ),
    ]),
  ]
}
