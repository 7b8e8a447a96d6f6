/** Cuts and re-uploads on simulated scenes: what `bench align --edits` measures. */
import { join } from 'node:path'
import { alignRecordings } from '../src/align/align-recordings.ts'
import type { Alignment } from '../src/align/alignment.ts'
import { writeEdits } from '../test/support/scene/edited-recording.ts'
import { decodeSound, writeSoundScene } from '../test/support/scene/sound-files.ts'
import { soundScene } from '../test/support/scene/sound-scene.ts'
import type { Difficulty } from '../test/support/scene/sound-scene-settings.ts'
import type { SoundTruth, TrueSoundRecording } from '../test/support/scene/sound-scene-truth.ts'
import { scoreEdits, type EditScore } from './align-edits-score.ts'

/** Of a scene's longest recordings so many are cut and so many stored again. */
const editedPerScene = 3
const reuploadsPerScene = 3

export interface MeasuredEdits {
  readonly seed: number
  readonly difficulty: Difficulty
  /** The edited recordings without their originals. */
  readonly instead: EditScore
  /** The edited recordings and their originals. */
  readonly beside: EditScore
  /** No recording is edited: every cut is false. */
  readonly wholeFalseCuts: number
  readonly reuploads: {
    readonly made: number
    readonly recognised: number
    /** Pairs of two recordings that were taken for one, in any of the three. */
    readonly false: number
  }
}

export async function measureEdits(
  folder: string,
  seed: number,
  difficulty: Difficulty,
  durationSeconds: number,
  say: (text: string) => void,
): Promise<MeasuredEdits> {
  const scene = soundScene(seed, { difficulty, durationSeconds })
  say('making the scene')
  const truth = await writeEdits(scene, await writeSoundScene(scene, folder), folder, {
    seed,
    edits: editedPerScene,
    reuploads: reuploadsPerScene,
  })
  const samples = new Map<string, Float32Array>()
  for (const { id, file } of truth.recordings) {
    samples.set(id, await decodeSound(join(folder, file), 8000))
  }
  const originals = truth.recordings.filter(({ of }) => of === undefined)
  const edited = truth.recordings.filter(({ pieces }) => pieces !== undefined)
  const again = truth.recordings.filter(({ of, pieces }) => of !== undefined && !pieces)
  const cut = new Set(edited.map(({ of }) => of))
  const align = (recordings: readonly TrueSoundRecording[]): [SoundTruth, Alignment] => [
    { ...truth, recordings },
    alignRecordings(recordings.map(({ id }) => ({ id, samples: samples.get(id)! }))),
  ]
  say('aligning with edited recordings instead of their originals')
  const instead = align([...originals.filter(({ id }) => !cut.has(id)), ...edited])
  say('aligning with edited recordings beside their originals')
  const beside = align([...originals, ...edited])
  say('aligning with re-uploads')
  const whole = align([...originals, ...again])
  const isOne = ({ recordings }: SoundTruth, one: string, two: string): boolean => {
    const sourceOf = (id: string) => recordings.find((recording) => recording.id === id)?.of ?? id
    return sourceOf(one) === sourceOf(two)
  }
  const named = [instead, beside, whole].map(([of, { reuploads }]) => ({ of, reuploads }))
  return {
    seed,
    difficulty,
    instead: scoreEdits(scene, ...instead),
    beside: scoreEdits(scene, ...beside),
    wholeFalseCuts: scoreEdits(scene, ...whole).falseCuts.length,
    reuploads: {
      made: again.length,
      recognised: again.filter(({ id, of }) =>
        whole[1].reuploads.some(
          (reupload) =>
            [reupload.id, reupload.of].includes(id) && [reupload.id, reupload.of].includes(of!),
        ),
      ).length,
      false: named.reduce(
        (sum, { of, reuploads }) =>
          sum + reuploads.filter((reupload) => !isOne(of, reupload.of, reupload.id)).length,
        0,
      ),
    },
  }
}

export function editsReport(measured: readonly MeasuredEdits[]): string {
  const lines = (['instead', 'beside'] as const).flatMap((where) => {
    const scores = measured.map((scene) => scene[where])
    const pieces = scores.flatMap((score) => score.pieces).filter(({ isHeard }) => isHeard)
    const found = pieces.flatMap((piece) => (piece.found ? [piece.found.errorSeconds] : []))
    const cuts = scores.flatMap((score) => score.cuts)
    const errors = cuts.flatMap(({ errorSeconds }) => errorSeconds ?? [])
    const within = (values: readonly number[], most: number): number =>
      values.filter((value) => value <= most).length
    return [
      `Edited recordings ${where === 'instead' ? 'without' : 'beside'} their originals`,
      `  pieces of 5 s that another recording heard: ${pieces.length}, found ${found.length}, within 10 ms ${within(found, 0.01)}`,
      `  cuts: ${cuts.length}, found ${errors.length}, within 100 ms ${within(errors, 0.1)}`,
      `  false cuts: ${scores.reduce((sum, { falseCuts }) => sum + falseCuts.length, 0)}`,
    ]
  })
  const sum = (count: (scene: MeasuredEdits) => number): number =>
    measured.reduce((total, scene) => total + count(scene), 0)
  return [
    `${measured.length} scenes`,
    ...lines,
    'Whole recordings and re-uploads',
    `  false cuts: ${sum(({ wholeFalseCuts }) => wholeFalseCuts)}`,
    `  re-uploads: ${sum(({ reuploads }) => reuploads.made)}, recognised ${sum(({ reuploads }) => reuploads.recognised)}`,
    `  two recordings taken for one: ${sum(({ reuploads }) => reuploads.false)}`,
    '',
  ].join('\n')
}
