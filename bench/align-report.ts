import type { BaselineScene, Method } from './align-baselines.ts'
import type { ImpulseScore } from './align-impulse-score.ts'
import type { SceneScore } from './align-score.ts'

export interface MeasuredScene {
  readonly seed: number
  /** A number, or in words. */
  readonly difficulty: number | string
  readonly score: SceneScore
  readonly impulses: ImpulseScore
  readonly cpuSeconds: number
  readonly wallSeconds: number
  /** The bare decode of the same files to 8 kHz. */
  readonly floorCpuSeconds: number
  /** Of the measured program's processes, ffmpeg's left out. */
  readonly peakMemoryBytes: number
  readonly baselines: Readonly<Record<Method, BaselineScene>> | undefined
}

interface Baseline {
  readonly within10: number
  readonly within40: number
  /** Right within 40 ms with a score that nothing wrong or unrelated reaches. */
  readonly recallWithoutFalse: number
}

export interface Summary {
  readonly pairs: number
  readonly found: number
  readonly within1: number
  readonly within10: number
  readonly within40: number
  /** As above, from the nearest line that one single source makes. */
  readonly onOneSource1: number
  readonly onOneSource10: number
  readonly rangeMedianSeconds: number
  readonly falseLinks: number
  readonly driftMedianPpm: number
  readonly driftP90Ppm: number
  readonly purity: number
  readonly honestBars: number
  readonly bangs: number
  readonly bangsFound: number
  readonly falseBangsPerMinute: number
  readonly cpuOverFloor: number
  readonly peakMemoryBytes: number
  readonly baselines: Readonly<Partial<Record<Method, Baseline>>>
}

/** Shares are of all pairs that share 5 s, found or not; costs are medians of the scenes, memory the largest. */
export function summary(scenes: readonly MeasuredScene[]): Summary {
  const pairs = scenes.flatMap(({ score }) => score.pairs)
  const found = pairs.flatMap((pair) => pair.found ?? [])
  const share = (right: readonly unknown[]): number => right.length / pairs.length
  const within = (seconds: number): number =>
    share(found.filter(({ errorSeconds }) => errorSeconds <= seconds))
  const onOne = (seconds: number): number =>
    share(found.filter(({ fromOneSourceSeconds }) => fromOneSourceSeconds <= seconds))
  const drifts = found.map(({ driftErrorPpm }) => Math.abs(driftErrorPpm))
  const sum = (of: (score: SceneScore) => number): number =>
    scenes.reduce((total, { score }) => total + of(score), 0)
  const ofImpulses = (of: (score: ImpulseScore) => number): number =>
    scenes.reduce((total, { impulses }) => total + of(impulses), 0)
  const methods = scenes.every(({ baselines }) => baselines) ? (['mfcc', 'waveform'] as const) : []
  return {
    pairs: pairs.length,
    found: share(found),
    within1: within(0.001),
    within10: within(0.01),
    within40: within(0.04),
    onOneSource1: onOne(0.001),
    onOneSource10: onOne(0.01),
    rangeMedianSeconds: quantile(
      pairs.map(({ rangeSeconds }) => rangeSeconds),
      0.5,
    ),
    falseLinks: sum(({ falseLinks }) => falseLinks.length),
    driftMedianPpm: quantile(drifts, 0.5),
    driftP90Ppm: quantile(drifts, 0.9),
    purity: sum(({ pure }) => pure) / sum(({ grouped }) => grouped),
    honestBars: sum(({ honestBars }) => honestBars) / sum(({ bars }) => bars),
    bangs: ofImpulses(({ bangs }) => bangs),
    bangsFound: ofImpulses(({ found }) => found),
    falseBangsPerMinute:
      (60 * ofImpulses((own) => own.false)) / ofImpulses(({ seconds }) => seconds),
    cpuOverFloor: quantile(
      scenes.map(({ cpuSeconds, floorCpuSeconds }) => cpuSeconds / floorCpuSeconds),
      0.5,
    ),
    peakMemoryBytes: Math.max(...scenes.map(({ peakMemoryBytes }) => peakMemoryBytes)),
    baselines: Object.fromEntries(
      methods.map((method) => [
        method,
        baseline(scenes.flatMap(({ baselines }) => baselines?.[method] ?? [])),
      ]),
    ),
  }
}

function baseline(scenes: readonly BaselineScene[]): Baseline {
  const sharing = scenes.flatMap((scene) => scene.sharing)
  const right = sharing.filter(({ errorSeconds }) => errorSeconds <= 0.04)
  const wrong = sharing.filter(({ errorSeconds }) => errorSeconds > 0.04).map(({ score }) => score)
  const highest = Math.max(-Infinity, ...wrong, ...scenes.flatMap(({ unrelated }) => unrelated))
  return {
    within10: sharing.filter(({ errorSeconds }) => errorSeconds <= 0.01).length / sharing.length,
    within40: right.length / sharing.length,
    recallWithoutFalse: right.filter(({ score }) => score > highest).length / sharing.length,
  }
}

export function report(
  byDifficulty: ReadonlyMap<number | string, readonly MeasuredScene[]>,
): string {
  const columns = [...byDifficulty].map(([difficulty, scenes]) => ({
    name: `difficulty ${difficulty}`,
    scenes,
    of: summary(scenes),
  }))
  type Column = (typeof columns)[number]
  const row = (name: string, cell: (column: Column) => string): string =>
    `${name.padEnd(52)}${columns.map((column) => cell(column).padStart(17)).join('')}`
  const baselineRow = (method: Method) =>
    row(`  ${method}: within 10 / 40 ms; recall, none false`, ({ of }) => {
      const figures = of.baselines[method]
      if (figures === undefined) return '–'
      const { within10, within40, recallWithoutFalse } = figures
      return `${percent(within10)}/${percent(within40)}; ${percent(recallWithoutFalse)}`
    })
  return [
    row('', ({ name }) => name),
    row('scenes', ({ scenes }) => String(scenes.length)),
    row('pairs that share 5 s or more', ({ of }) => String(of.pairs)),
    row('  on one clock', ({ of }) => percent(of.found)),
    row(
      '  within 10 / 40 ms of acoustic truth',
      ({ of }) => `${percent(of.within10)}/${percent(of.within40)}`,
    ),
    row('  within 1 ms', ({ of }) => percent(of.within1)),
    row(
      '  within 1 / 10 ms of one source',
      ({ of }) => `${percent(of.onOneSource1)}/${percent(of.onOneSource10)}`,
    ),
    row(
      '  width of acoustic truth, median',
      ({ of }) => `${fixed(1000 * of.rangeMedianSeconds, 0)} ms`,
    ),
    row('false links', ({ of }) => String(of.falseLinks)),
    row(
      'drift error, median / p90',
      ({ of }) => `${fixed(of.driftMedianPpm, 1)}/${fixed(of.driftP90Ppm, 0)} ppm`,
    ),
    row('purity of groups', ({ of }) => percent(of.purity)),
    row('truth inside the error bar', ({ of }) => percent(of.honestBars)),
    row(
      'bangs in two recordings or more; false candidates',
      ({ of }) => `${of.bangsFound} of ${of.bangs}; ${fixed(of.falseBangsPerMinute, 2)}/min`,
    ),
    row('CPU over bare decode to 8 kHz', ({ of }) => of.cpuOverFloor.toFixed(2)),
    row('peak memory, Node', ({ of }) => `${(of.peakMemoryBytes / 2 ** 30).toFixed(2)} GiB`),
    'Baselines (middle of the overlap)',
    baselineRow('mfcc'),
    baselineRow('waveform'),
    '',
  ].join('\n')
}

function percent(share: number): string {
  return Number.isFinite(share) ? `${fixed(100 * share, 1)} %` : '–'
}

/** There is no figure of what no scene has: errors without pairs, a rate where nothing has a clock. */
function fixed(value: number, digits: number): string {
  return Number.isFinite(value) ? value.toFixed(digits) : '–'
}

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN
}
