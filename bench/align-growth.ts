/** What alignment costs, and how right it stays, as recordings of one incident grow in number. */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { writeSoundScene } from '../test/support/scene/sound-files.ts'
import { soundScene } from '../test/support/scene/sound-scene.ts'
import type { Difficulty } from '../test/support/scene/sound-scene-settings.ts'
import { align, bareDecodeCost, readyMeter } from './align-command.ts'
import { scoreScene, type SceneScore } from './align-score.ts'

/** Four of five were there, the others elsewhere. */
const shareElsewhere = 0.2

export interface MeasuredCount {
  readonly recordings: number
  readonly soundSeconds: number
  readonly score: SceneScore
  readonly floorCpuSeconds: number
  readonly cpuSeconds: number
  readonly wallSeconds: number
  readonly peakMemoryBytes: number
}

/** The largest number is rendered into the folder; the smaller ones are parts of it. */
export async function measureGrowth(
  folder: string,
  seed: number,
  difficulty: Difficulty,
  counts: readonly number[],
  durationSeconds: number,
  begin: (step: string) => void,
): Promise<MeasuredCount[]> {
  await readyMeter()
  const most = Math.max(...counts)
  const unrelated = Math.round(shareElsewhere * most)
  begin(`rendering ${most} recordings`)
  await mkdir(folder, { recursive: true })
  const scene = soundScene(seed, {
    difficulty,
    durationSeconds,
    phones: most - unrelated,
    unrelated,
  })
  const truth = await writeSoundScene(scene, folder)
  const isThere = ({ place }: { readonly place: string }): boolean => place === 'incident'
  const measured: MeasuredCount[] = []
  for (const count of counts) {
    const elsewhere = Math.round(shareElsewhere * count)
    const recordings = [
      ...truth.recordings.filter(isThere).slice(0, count - elsewhere),
      ...truth.recordings.filter((one) => !isThere(one)).slice(0, elsewhere),
    ]
    const ids = new Set(recordings.map(({ id }) => id))
    const paths = recordings.map(({ file }) => join(folder, file))
    begin(`${count} recordings: bare decode`)
    const floor = await bareDecodeCost(paths)
    begin(`${count} recordings: aligning`)
    const { alignment, cost, peakMemoryBytes } = await align(folder, paths)
    const pairs = truth.pairs.filter(({ a, b }) => ids.has(a) && ids.has(b))
    measured.push({
      recordings: count,
      soundSeconds: recordings.reduce((sum, { durationSeconds }) => sum + durationSeconds, 0),
      score: scoreScene({ ...truth, recordings, pairs }, alignment),
      floorCpuSeconds: floor.cpuSeconds,
      cpuSeconds: cost.cpuSeconds,
      wallSeconds: cost.wallSeconds,
      peakMemoryBytes,
    })
  }
  return measured
}

export function growthReport(measured: readonly MeasuredCount[]): string {
  const columns = [
    'recordings',
    'hours',
    'CPU/bare',
    'CPU s',
    'wall s',
    'GiB',
    'on one clock',
    '≤ 10 ms',
    'false',
  ]
  const rows = measured.map((one) => {
    const { pairs, falseLinks } = one.score
    const found = pairs.filter((pair) => pair.found !== undefined)
    const near = found.filter((pair) => pair.found!.errorSeconds <= 0.01)
    const percent = (part: number): string =>
      `${((100 * part) / Math.max(1, pairs.length)).toFixed(1)} %`
    return [
      String(one.recordings),
      (one.soundSeconds / 3600).toFixed(1),
      (one.cpuSeconds / one.floorCpuSeconds).toFixed(2),
      one.cpuSeconds.toFixed(1),
      one.wallSeconds.toFixed(1),
      (one.peakMemoryBytes / 2 ** 30).toFixed(2),
      percent(found.length),
      percent(near.length),
      String(falseLinks.length),
    ]
  })
  return [columns, ...rows]
    .map((row) => `${row.map((cell) => cell.padStart(13)).join('')}\n`)
    .join('')
}
