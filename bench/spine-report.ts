import type { Cost } from './process-tree.ts'

/** One round's costs; bench/README.md says what each is. */
export type Round = Readonly<
  Record<
    | 'creation'
    | 'opening'
    | 'hash'
    | 'scan'
    | 'transcode'
    | 'ingest'
    | 'importAgain'
    | 'importAndAlign'
    | 'renders'
    | 'publishAligned'
    | 'publishWhole'
    | 'publishAgain',
    Cost
  >
>

const goal = 1.15

/** The table, each figure the median of the rounds; a ratio is the median of the rounds' ratios. */
export function report(rounds: readonly Round[]): string {
  const cpu = (of: (round: Round) => number): number => median(rounds.map(of))
  const row = (name: string, ...steps: readonly (keyof Round)[]): string => {
    const sum = (part: keyof Cost): number =>
      cpu((round) => steps.reduce((total, step) => total + round[step][part], 0))
    return line(name, sum('cpuSeconds').toFixed(2), sum('wallSeconds').toFixed(2))
  }
  const over = (step: keyof Round, floors: readonly (keyof Round)[], name: string): string => {
    const ratio = (round: Round): number =>
      round[step].cpuSeconds / floors.reduce((sum, floor) => sum + round[floor].cpuSeconds, 0)
    const ratios = rounds.map(ratio)
    const median_ = median(ratios)
    return line(
      name,
      cpu((round) => round[step].cpuSeconds).toFixed(2),
      cpu((round) => round[step].wallSeconds).toFixed(2),
      median_.toFixed(3),
      `${Math.min(...ratios).toFixed(3)}–${Math.max(...ratios).toFixed(3)}`,
      median_ <= goal ? `≤ ${goal}` : `over the goal of ${goal}`,
    )
  }
  return [
    line('', 'CPU s', 'wall s', 'ratio', 'range', 'goal'),
    'Ingest',
    row('  floor: sha256sum', 'hash'),
    row('  floor: packet scan', 'scan'),
    row('  floor: proxy transcode', 'transcode'),
    row('  sum of the floors', 'hash', 'scan', 'transcode'),
    over('ingest', ['hash', 'scan', 'transcode'], '  ingest'),
    row('  of that, starting and opening the library', 'opening'),
    'Publish',
    row('  floor: bare renders', 'renders'),
    over('publishAligned', ['renders'], '  publish, case aligned already'),
    over('publishWhole', ['renders'], '  publish, alignment included'),
    line(
      '  alignment alone',
      cpu((round) => round.importAndAlign.cpuSeconds - round.importAgain.cpuSeconds).toFixed(2),
      cpu((round) => round.importAndAlign.wallSeconds - round.importAgain.wallSeconds).toFixed(2),
    ),
    row('  publish again, nothing new', 'publishAgain'),
    'Not counted above',
    row('  making a new library', 'creation'),
    `Medians of ${rounds.length} rounds.`,
    '',
  ].join('\n')
}

function line(name: string, ...cells: readonly string[]): string {
  const [cpu = '', wall = '', ratio = '', range = '', verdict = ''] = cells
  const columns = [
    name.padEnd(44),
    cpu.padStart(8),
    wall.padStart(8),
    ratio.padStart(7),
    range.padStart(13),
  ]
  return `${columns.join(' ')}  ${verdict}`.trimEnd()
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1
    ? (sorted[middle] ?? 0)
    : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2
}
