/**
 * `./sightline bench align [--scenes N] [--seed S] [--difficulty 1..4|all]
 * [--simulator tuned|physical [--place KIND]]
 * [--unrelated N [--whole-scenes] | --recordings LIST | --edits] [--engine-only] [--json]`:
 * how right and how costly alignment is on simulated scenes whose truth is known.
 * bench/README.md says how.
 */
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { decodeSound, writeSoundScene } from '../test/support/scene/sound-files.ts'
import { soundScene } from '../test/support/scene/sound-scene.ts'
import { levelNames } from '../test/support/physical-scene/levels.ts'
import { physicalScene } from '../test/support/physical-scene/physical-scene.ts'
import { placeKinds } from '../test/support/physical-scene/place/place.ts'
import { writePhysicalScene } from '../test/support/physical-scene/write.ts'
import type { SoundTruth } from '../test/support/scene/sound-scene-truth.ts'
import { align, bareDecodeCost, readyMeter } from './align-command.ts'
import { baselineScene } from './align-baselines.ts'
import { editsReport, measureEdits, type MeasuredEdits } from './align-edits.ts'
import { scoreImpulses } from './align-impulse-score.ts'
import { report, summary, type MeasuredScene } from './align-report.ts'
import { growthReport, measureGrowth } from './align-growth.ts'
import { scoreScene } from './align-score.ts'
import { measureUnrelated, measureUnrelatedScenes } from './align-unrelated.ts'

const help = `Usage: ./sightline bench align [options]

Alignment on simulated scenes: rightness by the simulator's truth, processor
time over a bare decode of the same files, and two baselines. A scene takes
about two minutes on two cores.

  --scenes N        scenes for each difficulty (default 2)
  --seed S          of the first scene; the others follow (default 1)
  --difficulty D    1, 2, 3, 4 or all (default all)
  --simulator NAME  tuned: the one that the engine was tuned on (default); physical: another, which the
                    engine has not seen, whose difficulties are plain, hard or all
  --place KIND      of physical scenes: ${placeKinds.join(', ')}
                    (default: by the seed, half of them streets)
  --seconds N       length of the incident (default 600)
  --snr LOW:HIGH    signal to noise of the phones in decibels instead of the difficulty's own
  --engine-only     without the baselines
  --unrelated N     instead: false links among N fresh pairs that share nothing (difficulty 4 unless given)
  --whole-scenes    such pairs between whole scenes, every two aligned at once, instead of single clips
  --recordings LIST instead: cost and memory as recordings grow in number, such as 10,60,300 (of one
                    scene of difficulty 3 unless given; rendering 300 takes a quarter of an hour)
  --edits           instead: recordings cut together from pieces, and re-uploads
  --keep FOLDER     leave the files there
  --json            figures as JSON

Examples:
  ./sightline bench align --scenes 6 --seed 100
  ./sightline bench align --difficulty 4 --snr=-16:-10 --engine-only
  ./sightline bench align --recordings 10,60
  ./sightline bench align --unrelated 10000 --seed 7
  ./sightline bench align --unrelated 10000 --whole-scenes --difficulty 3`

const { values } = parseArgs({
  options: {
    scenes: { type: 'string', default: '2' },
    seed: { type: 'string', default: '1' },
    difficulty: { type: 'string', default: 'all' },
    simulator: { type: 'string', default: 'tuned' },
    place: { type: 'string' },
    seconds: { type: 'string', default: '600' },
    snr: { type: 'string' },
    unrelated: { type: 'string' },
    'whole-scenes': { type: 'boolean', default: false },
    keep: { type: 'string' },
    recordings: { type: 'string' },
    edits: { type: 'boolean', default: false },
    'engine-only': { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})
const difficulties = ([1, 2, 3, 4] as const).filter(
  (one) => values.difficulty === 'all' || values.difficulty === String(one),
)
const levels = levelNames.filter((one) => values.difficulty === 'all' || values.difficulty === one)
const place = placeKinds.find((kind) => kind === values.place)
const physical = values.simulator === 'physical'
const snr = values.snr?.split(':').map(Number)
const counts = values.recordings?.split(',').map(Number)
const numbers = [
  ...(counts ?? []),
  values.scenes,
  values.seed,
  values.seconds,
  values.unrelated ?? '1',
].map(Number)
// Only whole scenes come from the other simulator, with a signal to noise of their own.
const simulated = physical
  ? levels.length > 0 &&
    place === values.place &&
    [values.snr, values.unrelated, values.recordings].every((option) => option === undefined) &&
    !values.edits
  : values.simulator === 'tuned' && difficulties.length > 0 && values.place === undefined
const understood =
  simulated &&
  numbers.every((number) => Number.isInteger(number) && number >= 0) &&
  (snr === undefined || (snr.length === 2 && snr.every(Number.isFinite)))
if (values.help || !understood) {
  process.stdout.write(`${help}\n`)
  process.exit(values.help ? 0 : 2)
}
const [scenes, firstSeed, durationSeconds] = [values.scenes, values.seed, values.seconds].map(
  Number,
) as [number, number, number]

if (values.unrelated !== undefined) benchUnrelated(Number(values.unrelated))
else if (counts !== undefined) await benchGrowth(counts)
else if (values.edits) await benchEdits()
else await benchScenes()

/** Scenes of one difficulty: written into a folder, with their truth. */
interface SceneSet {
  readonly difficulty: number | string
  readonly write: (seed: number, folder: string) => Promise<SoundTruth>
}

function sceneSets(): SceneSet[] {
  if (physical) {
    const kind = place === undefined ? {} : { kind: place }
    return levels.map((level) => ({
      difficulty: level,
      write: (seed, folder) =>
        writePhysicalScene(physicalScene(seed, { level, durationSeconds, ...kind }), folder),
    }))
  }
  const ratio = snr === undefined ? {} : { snrDecibels: [snr[0]!, snr[1]!] as const }
  return difficulties.map((difficulty) => ({
    difficulty,
    write: (seed, folder) =>
      writeSoundScene(soundScene(seed, { difficulty, durationSeconds, ...ratio }), folder),
  }))
}

async function benchScenes(): Promise<void> {
  const scratch = await mkdtemp(join(tmpdir(), 'sightline-bench-'))
  try {
    const meter = await readyMeter()
    const measured: MeasuredScene[] = []
    for (const set of sceneSets()) {
      for (let seed = firstSeed; seed < firstSeed + scenes; seed++) {
        const folder = join(values.keep ?? scratch, `difficulty-${set.difficulty}-seed-${seed}`)
        await mkdir(folder, { recursive: true })
        measured.push(await measureScene(folder, seed, set))
        if (values.keep === undefined) await rm(folder, { recursive: true })
      }
    }
    const byDifficulty = Map.groupBy(measured, ({ difficulty }) => difficulty)
    const summaries = Object.fromEntries([...byDifficulty].map(([one, of]) => [one, summary(of)]))
    process.stdout.write(
      values.json
        ? `${JSON.stringify({ meter, summaries, scenes: measured }, undefined, 2)}\n`
        : report(byDifficulty),
    )
  } finally {
    await rm(scratch, { recursive: true, force: true })
  }
}

async function benchGrowth(counts: readonly number[]): Promise<void> {
  const difficulty = difficulties.length === 1 ? difficulties[0]! : 3
  const folder = values.keep ?? (await mkdtemp(join(tmpdir(), 'sightline-bench-')))
  try {
    const measured = await measureGrowth(
      folder,
      firstSeed,
      difficulty,
      counts,
      durationSeconds,
      say,
    )
    process.stdout.write(
      values.json ? `${JSON.stringify(measured, undefined, 2)}\n` : growthReport(measured),
    )
  } finally {
    if (values.keep === undefined) await rm(folder, { recursive: true, force: true })
  }
}

async function benchEdits(): Promise<void> {
  const measured: MeasuredEdits[] = []
  for (const difficulty of difficulties) {
    for (let seed = firstSeed; seed < firstSeed + scenes; seed++) {
      const folder = await mkdtemp(join(tmpdir(), 'sightline-bench-'))
      const begin = (step: string): void => say(`difficulty ${difficulty}, seed ${seed}: ${step}`)
      try {
        measured.push(await measureEdits(folder, seed, difficulty, durationSeconds, begin))
      } finally {
        await rm(folder, { recursive: true, force: true })
      }
    }
  }
  process.stdout.write(
    values.json ? `${JSON.stringify(measured, undefined, 2)}\n` : editsReport(measured),
  )
}

async function measureScene(
  folder: string,
  seed: number,
  { difficulty, write }: SceneSet,
): Promise<MeasuredScene> {
  const begin = (step: string): void => say(`difficulty ${difficulty}, seed ${seed}: ${step}`)
  begin('making the scene')
  const truth = await write(seed, folder)
  const paths = truth.recordings.map(({ file }) => join(folder, file))
  begin('bare decode')
  const floor = await bareDecodeCost(paths)
  begin('aligning')
  const { alignment, impulses, cost, peakMemoryBytes } = await align(folder, paths)
  const score = scoreScene(truth, alignment)
  for (const { a, b, why } of score.falseLinks) begin(`false link: ${a}, ${b}: ${why}`)
  const sounds = new Map<string, Float32Array>()
  for (const { id, file } of truth.recordings) {
    sounds.set(id, await decodeSound(join(folder, file), 8000))
  }
  const clocks = alignment.groups.map(({ members }) => members)
  let baselines: MeasuredScene['baselines']
  if (!values['engine-only']) {
    begin('baselines')
    baselines = {
      mfcc: baselineScene('mfcc', truth, sounds),
      waveform: baselineScene('waveform', truth, sounds),
    }
  }
  return {
    seed,
    difficulty,
    score,
    impulses: scoreImpulses(truth, sounds, clocks, impulses),
    cpuSeconds: cost.cpuSeconds,
    wallSeconds: cost.wallSeconds,
    floorCpuSeconds: floor.cpuSeconds,
    peakMemoryBytes,
    baselines,
  }
}

function benchUnrelated(pairs: number): void {
  const difficulty = difficulties.length === 1 ? difficulties[0]! : 4
  const measure = values['whole-scenes'] ? measureUnrelatedScenes : measureUnrelated
  const { falseLinks, ...result } = measure(pairs, firstSeed, difficulty, say)
  if (values.json) {
    process.stdout.write(`${JSON.stringify({ ...result, falseLinks }, undefined, 2)}\n`)
    return
  }
  const lines = [
    `${falseLinks.length} false links among ${result.pairs} pairs that share nothing (difficulty ${difficulty}, seed ${firstSeed})`,
    ...falseLinks.map(
      ({ a, b, confidence }) => `  ${a}, ${b}: confidence ${confidence.toFixed(1)}`,
    ),
  ]
  process.stdout.write(`${lines.join('\n')}\n`)
}

function say(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`${text}\n`)
}
