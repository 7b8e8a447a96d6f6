import type { AlignedMember } from '../align/alignment.ts'
import {
  hearingsOf,
  namesOf,
  rangeOf,
  ruled,
  spansOf,
  type AlignReport,
  type OwnSpan,
} from './align-report.ts'
import { printable } from './terminal.ts'
import { cellsOf, fitted, wrapped } from './text-cells.ts'

export interface TimelineStyle {
  readonly columns: number
  readonly utf8: boolean
  readonly color?: boolean
}

interface Marks {
  readonly whole: string
  readonly leftHalf: string
  readonly rightHalf: string
  readonly heard: string
  readonly heardAlone: string
  readonly rule: string
  readonly ruleTick: string
  readonly minus: string
  readonly ellipsis: string
}

const lineMarks: Marks = {
  whole: '━',
  leftHalf: '╸',
  rightHalf: '╺',
  heard: '┿',
  heardAlone: '┷',
  rule: '─',
  ruleTick: '┬',
  minus: '−',
  ellipsis: '…',
}
const asciiMarks: Marks = {
  whole: '=',
  leftHalf: '=',
  rightHalf: '=',
  heard: '|',
  heardAlone: "'",
  rule: '-',
  ruleTick: '+',
  minus: '-',
  ellipsis: '..',
}

const leastColumns = 24
const mostColumns = 160

/**
 * One row a recording, each group on one ruler of its own clock, those apart
 * beneath with their reasons. No line is wider than `columns` (at least 24).
 */
export function timelineLines(report: AlignReport, style: TimelineStyle): readonly string[] {
  const columns = Math.min(mostColumns, Math.max(leastColumns, style.columns))
  const marks = style.utf8 ? lineMarks : asciiMarks
  const names = new Map([...namesOf(report)].map(([id, name]) => [id, shown(name, style)]))
  const members = report.groups.flatMap((group) => group.members)
  const longest = Math.max(...members.map(({ id }) => cellsOf(names.get(id) ?? '')), 7)
  const nameCells = Math.min(longest, Math.floor((columns - 3) / 3))
  const row = (name: string, plot: string): string =>
    `  ${fitted(name, nameCells, marks.ellipsis)} ${plot}`.trimEnd()
  const lines = report.groups.flatMap(({ members }, group) => {
    const range = rangeOf(members.flatMap((member) => spansOf(report, member)))
    const scale = scaleOf(range, columns - nameCells - 3)
    return [
      `Group ${group + 1} on its clock`,
      ...rulerRows(scale, marks).map((plot, index) => row(index === 0 ? 'seconds' : '', plot)),
      ...members.map((member) =>
        row(
          names.get(member.id) ?? '',
          painted(memberPlot(report, group, member, scale, marks), marks, style),
        ),
      ),
    ]
  })
  lines.push(...legend(report, marks, columns))
  if (report.apart.length > 0) lines.push('Apart:')
  for (const { id, code, reason } of report.apart) {
    const text = `${names.get(id) ?? ''}: ${shown(printable(reason), style)} [${code}]`
    lines.push(...wrapped(text, columns, '  ', '    '))
  }
  return lines
}

interface Scale {
  readonly range: OwnSpan
  readonly cells: number
  /** Columns from the left, with fractions. */
  readonly at: (seconds: number) => number
}

function scaleOf(range: OwnSpan, cells: number): Scale {
  const length = range.endSeconds - range.startSeconds
  return {
    range,
    cells,
    at: (seconds) => (length > 0 ? ((seconds - range.startSeconds) / length) * cells : 0),
  }
}

function cellAt(scale: Scale, seconds: number): number {
  return Math.min(scale.cells - 1, Math.max(0, Math.floor(scale.at(seconds))))
}

function rulerRows(scale: Scale, marks: Marks): readonly [string, string] {
  const length = scale.range.endSeconds - scale.range.startSeconds
  const line = Array.from({ length: scale.cells }, () => marks.rule)
  const labels = Array.from({ length: scale.cells }, () => ' ')
  if (!(length > 0)) return [labels.join(''), line.join('')]
  const widest = String(Math.round(scale.range.endSeconds)).length + 5
  const { times, decimals } = ruled(scale.range, (length / scale.cells) * widest)
  let free = 0
  for (const seconds of times) {
    const cell = cellAt(scale, seconds)
    line[cell] = marks.ruleTick
    const text = seconds
      .toFixed(decimals)
      .replace(/^-(?=.*[1-9])/, marks.minus)
      .replace(/^-/, '')
    const from = Math.min(scale.cells - text.length, Math.max(0, cell - (text.length >> 1)))
    if (from < free) continue
    for (let index = 0; index < text.length; index++) labels[from + index] = text.charAt(index)
    free = from + text.length + 1
  }
  return [labels.join(''), line.join('')]
}

function memberPlot(
  report: AlignReport,
  group: number,
  member: AlignedMember,
  scale: Scale,
  marks: Marks,
): readonly string[] {
  const halves = new Uint8Array(2 * scale.cells)
  for (const { startSeconds, endSeconds } of spansOf(report, member)) {
    const from = Math.min(halves.length - 1, Math.max(0, Math.round(2 * scale.at(startSeconds))))
    const to = Math.max(from + 1, Math.round(2 * scale.at(endSeconds)))
    halves.fill(1, from, to)
  }
  const cells = Array.from({ length: scale.cells }, (_, cell) => {
    const [left, right] = [halves[2 * cell] === 1, halves[2 * cell + 1] === 1]
    if (left && right) return marks.whole
    return left ? marks.leftHalf : right ? marks.rightHalf : ' '
  })
  for (const { atSeconds, corroborated } of hearingsOf(report, group, member)) {
    const cell = cellAt(scale, atSeconds)
    if (cells[cell] !== marks.heard) cells[cell] = corroborated ? marks.heard : marks.heardAlone
  }
  return cells
}

/** Bars recede, sounds stand out; the marks alone say the same. */
function painted(cells: readonly string[], marks: Marks, style: TimelineStyle): string {
  if (style.color !== true) return cells.join('')
  return cells
    .join('')
    .replaceAll(/[^ ]+/g, (run) => `\u001B[36m${run}\u001B[39m`)
    .replaceAll(marks.heard, `\u001B[1m${marks.heard}\u001B[22m`)
}

function legend(report: AlignReport, marks: Marks, columns: number): readonly string[] {
  const said: string[] = []
  if (report.impulses.some(({ corroborated }) => corroborated))
    said.push(`  ${marks.heard} heard in several`)
  if (report.impulses.some(({ corroborated }) => !corroborated))
    said.push(`  ${marks.heardAlone} heard in one`)
  const line = said.join(' ')
  return line === '' ? [] : line.length <= columns ? [line] : said
}

/** Where the locale is not UTF-8, what it cannot show is spelled out. */
function shown(text: string, { utf8 }: TimelineStyle): string {
  if (utf8) return text
  return text.replaceAll(
    /[^ -~]/gu,
    (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  )
}
