import type { Element } from 'hast'
import { h } from 'hastscript'
import type { AlignedMember, AlignmentLink } from '../align/alignment.ts'
import { toClock } from '../time/clock.ts'
import { cutsOf, mapOf } from '../time/pieced-clock.ts'
import { plusMinus, timecode } from '../time/text.ts'
import { listed, signed, table, type Cell, type Place } from './align-page-table.ts'
import type { GroupImpulse } from './align-impulses.ts'
import { rangeOf, spansOf, type AlignReport, type Names, type ReportApart } from './align-report.ts'
import { printable } from './terminal.ts'

export function membersTable(
  report: AlignReport,
  members: readonly AlignedMember[],
  place: Place,
): Element[] {
  return table(
    place,
    'Recordings, in the order in which they start',
    [
      { head: 'Recording' },
      { head: 'Offset, s', kind: 'n' },
      { head: 'Error', kind: 'n' },
      { head: 'Drift, ppm', kind: 'n' },
      { head: 'On the clock, s', kind: 'n' },
      { head: 'Placed by', kind: 'short' },
    ],
    members.map((member) => {
      const { startSeconds, endSeconds } = rangeOf(spansOf(report, member))
      return [
        recording(member.id, place.names),
        signed(member.offsetSeconds, 4),
        plusMinus(member.errorSeconds),
        signed((member.rate - 1) * 1e6, 1),
        `${signed(startSeconds, 2)} to ${signed(endSeconds, 2)}`,
        member.method,
      ]
    }),
  )
}

/** Absent where no recording was cut. */
export function piecesTable(members: readonly AlignedMember[], place: Place): Element[] {
  const edited = members.filter(({ pieces }) => pieces.length > 1)
  if (edited.length === 0) return []
  return table(
    place,
    'Recordings that were cut or paused, piece by piece',
    [
      { head: 'Recording' },
      { head: 'Own time, s, about', kind: 'n' },
      { head: 'On the clock, s', kind: 'n' },
      { head: 'Offset, s', kind: 'n' },
      { head: 'Error', kind: 'n' },
      { head: 'Left out before it, s', kind: 'n' },
    ],
    edited.flatMap((member) =>
      member.pieces.map((piece, index) => {
        const cut = cutsOf(member)[index - 1]
        const map = mapOf(member, piece)
        const [from, to] = [piece.fromSeconds, piece.toSeconds]
        return [
          recording(member.id, place.names),
          `${from.toFixed(1)} to ${to.toFixed(1)}`,
          `${signed(toClock(map, from), 2)} to ${signed(toClock(map, to), 2)}`,
          signed(piece.offsetSeconds, 4),
          plusMinus(piece.errorSeconds),
          cut === undefined ? '' : (cut.toClockSeconds - cut.fromClockSeconds).toFixed(2),
        ]
      }),
    ),
  )
}

export function impulsesTable(impulses: readonly GroupImpulse[], place: Place): Element[] {
  const sounds = impulses.filter(({ corroborated }) => corroborated)
  return table(
    place,
    'Impulsive sounds that several recordings hear: candidates, for a person to confirm or reject',
    [
      { head: 'Number', kind: 'short' },
      { head: 'Clock, s', kind: 'n' },
      { head: 'Error', kind: 'n' },
      { head: 'To the next', kind: 'n' },
      { head: 'Heard in', kind: 'words' },
    ],
    sounds.map((impulse, index) => [
      String(index + 1),
      signed(impulse.clockSeconds, 3),
      plusMinus(impulse.errorSeconds),
      impulse.toNext === undefined
        ? ''
        : `${impulse.toNext.seconds.toFixed(3)} s ${plusMinus(impulse.toNext.errorSeconds)}`,
      [
        ...listed(
          impulse.heardIn.map(({ recording, ownSeconds }) => [
            h('bdi', place.names.get(recording) ?? ''),
            ` at ${timecode(ownSeconds)}`,
          ]),
        ),
        ...(impulse.silentIn.length === 0
          ? []
          : [
              '; not in ',
              ...listed(impulse.silentIn.map((id) => [h('bdi', place.names.get(id) ?? '')])),
            ]),
      ],
    ]),
  )
}

/** What one recording alone hears, which nobody else can confirm. */
export function aloneTable(impulses: readonly GroupImpulse[], place: Place): Element[] {
  return table(
    place,
    'Impulsive sounds in one recording only, perhaps a knock against the phone',
    [
      { head: 'Heard in' },
      { head: 'Own time', kind: 'n' },
      { head: 'Clock, s', kind: 'n' },
      { head: 'Error', kind: 'n' },
    ],
    impulses
      .filter(({ corroborated }) => !corroborated)
      .flatMap(({ heardIn, clockSeconds, errorSeconds }) =>
        heardIn.map(({ recording, ownSeconds }) => [
          [h('bdi', place.names.get(recording) ?? '')],
          timecode(ownSeconds),
          signed(clockSeconds, 3),
          plusMinus(errorSeconds),
        ]),
      ),
  )
}

export function linksTable(links: readonly AlignmentLink[], place: Place): Element[] {
  return table(
    place,
    'What each pair was found to share',
    [
      { head: 'Recordings' },
      { head: 'By', kind: 'short' },
      { head: 'Lag, s', kind: 'n' },
      { head: 'Drift, ppm', kind: 'n' },
      { head: 'Overlap, s', kind: 'n' },
      { head: 'Confidence', kind: 'n' },
      { head: 'Unexplained, ms', kind: 'n' },
    ],
    links.map((link) => [
      pair(link, place.names),
      link.kind,
      signed(link.lagSeconds, 4),
      link.driftPpm === undefined ? '–' : signed(link.driftPpm, 1),
      link.overlapSeconds.toFixed(1),
      link.confidence.toFixed(1),
      signed(link.residualSeconds * 1000, 1),
    ]),
  )
}

export function rejectedTable(links: readonly AlignmentLink[], place: Place): Element[] {
  return table(
    place,
    'Links that were found and not used',
    [
      { head: 'Recordings' },
      { head: 'By', kind: 'short' },
      { head: 'Lag, s', kind: 'n' },
      { head: 'Why not', kind: 'words' },
    ],
    links.map((link) => [
      pair(link, place.names),
      link.kind,
      signed(link.lagSeconds, 4),
      printable(link.reason ?? ''),
    ]),
  )
}

export function apartTable(apart: readonly ReportApart[], place: Place): Element[] {
  return table(
    place,
    'Recordings on no common clock',
    [{ head: 'Recording' }, { head: 'Why', kind: 'words' }, { head: 'Code', kind: 'short' }],
    apart.map(({ id, code, reason }) => [recording(id, place.names), printable(reason), code]),
  )
}

function recording(id: string, names: Names): Cell {
  const [name = '', path] = [names.get(id), printable(id)]
  return [h('bdi', name), name === path ? '' : h('span.path', [h('bdi', path)])]
}

function pair({ a, b }: AlignmentLink, names: Names): Cell {
  return [h('bdi', names.get(a) ?? ''), ' and ', h('bdi', names.get(b) ?? '')]
}
