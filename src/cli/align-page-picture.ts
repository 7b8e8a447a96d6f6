import type { Element } from 'hast'
import { h, s } from 'hastscript'
import type { AlignedMember } from '../align/alignment.ts'
import {
  hearingsOf,
  rangeOf,
  ruled,
  spansOf,
  type AlignReport,
  type Names,
  type OwnSpan,
} from './align-report.ts'

/** Each member on one ruler; a real table beneath says the same in words. */
export function alignPicture(report: AlignReport, group: number, names: Names): Element {
  const members = report.groups[group]?.members ?? []
  const range = padded(rangeOf(members.flatMap((member) => spansOf(report, member))))
  const sounds = report.impulses.filter((impulse) => impulse.group === group)
  const label = `Timeline of group ${group + 1}: ${members.length} recordings on a clock from ${Math.round(range.startSeconds)} to ${Math.round(range.endSeconds)} seconds. The table beneath gives the same.`
  return h('figure', [
    h('div.picture', { role: 'img', ariaLabel: label }, [
      h('div.row.ruler-row', [h('span.name', 'seconds on the clock'), axis(range)]),
      ...members.map((member) =>
        h('div.row', [
          h('span.name', [h('bdi', names.get(member.id) ?? '')]),
          lane(report, group, member, range),
        ]),
      ),
    ]),
    h('figcaption.legend', legend(sounds.map(({ corroborated }) => corroborated))),
  ])
}

function legend(corroborated: readonly boolean[]): string {
  const said = ['Bar: the recording, first to last moment; parted where it was cut.']
  if (corroborated.includes(true)) said.push('Long tick: an impulsive sound that several hear.')
  if (corroborated.includes(false)) said.push('Short tick: one that this recording alone hears.')
  said.push('Line at a bar’s start: the error of its place, where it is wide enough to see.')
  return said.join(' ')
}

function padded({ startSeconds, endSeconds }: OwnSpan): OwnSpan {
  const margin = Math.max((endSeconds - startSeconds) * 0.01, 0.05)
  return { startSeconds: startSeconds - margin, endSeconds: endSeconds + margin }
}

/** Where a time lies on a ruler, kept on it. */
export function percent({ startSeconds, endSeconds }: OwnSpan, seconds: number): number {
  const share = (seconds - startSeconds) / (endSeconds - startSeconds)
  return Math.round(Math.min(1, Math.max(0, share)) * 1e5) / 1e3
}

/** A ruler with its times, and what else stands on it. */
export function axis(range: OwnSpan, marks: readonly Element[] = []): Element {
  const { times, decimals } = ruled(range, (range.endSeconds - range.startSeconds) / 8)
  return s('svg.axis', [
    s('line', { x1: '0%', x2: '100%', y1: 27.5, y2: 27.5 }),
    ...times.flatMap((seconds) => {
      const x = percent(range, seconds)
      const textAnchor = x < 3 ? 'start' : x > 97 ? 'end' : 'middle'
      const text = Math.abs(seconds).toFixed(decimals)
      return [
        s('line', { x1: `${x}%`, x2: `${x}%`, y1: 21, y2: 27.5 }),
        s('text', { x: `${x}%`, y: 14, textAnchor }, seconds < 0 ? `−${text}` : text),
      ]
    }),
    ...marks,
  ])
}

function lane(report: AlignReport, group: number, member: AlignedMember, range: OwnSpan): Element {
  const spans = spansOf(report, member)
  const ticks = hearingsOf(report, group, member).map(({ atSeconds, corroborated }) => {
    const x = `${percent(range, atSeconds)}%`
    const [y1, y2] = corroborated ? [2, 24] : [15, 24]
    return { corroborated, line: { x1: x, x2: x, y1, y2 } }
  })
  return s('svg.lane', [
    s('rect.track', { x: '0%', width: '100%', y: 12, height: 1 }),
    ...spans.map((span) => {
      const x = percent(range, span.startSeconds)
      const width = percent(range, span.endSeconds) - x
      return s('rect.bar', { x: `${x}%`, width: `${Math.max(width, 0.3)}%`, y: 7, height: 12 })
    }),
    ...spans.slice(0, 1).flatMap(({ startSeconds }) => {
      const { errorSeconds } = member.pieces[0] ?? member
      const from = percent(range, startSeconds - errorSeconds)
      const to = percent(range, startSeconds + errorSeconds)
      if (to - from < 0.6) return []
      return [s('line.error', { x1: `${from}%`, x2: `${to}%`, y1: 22.5, y2: 22.5 })]
    }),
    ...ticks.map((tick) => s('line.halo', tick.line)),
    ...ticks.map((tick) => s(tick.corroborated ? 'line.sound' : 'line.alone', tick.line)),
  ])
}
