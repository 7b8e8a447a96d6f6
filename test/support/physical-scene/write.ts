/** A physical scene as files with truth.json beside them. */
import { positionAt } from '../scene/scene.ts'
import { writeRecording, writeTruth } from '../scene/sound-files.ts'
import type { SoundTruth, TrueSoundRecording } from '../scene/sound-scene-truth.ts'
import type { PhysicalScene } from './physical-scene.ts'
import { renderPhysicalScene } from './render.ts'
import { physicalImpulses, physicalPairs } from './truth.ts'

/** Renders, encodes and writes every recording, and truth.json; the folder is there. */
export async function writePhysicalScene(
  scene: PhysicalScene,
  folder: string,
): Promise<SoundTruth> {
  const { sounds, loudness, impulses: made } = renderPhysicalScene(scene)
  const recordings: TrueSoundRecording[] = []
  for (const phone of scene.phones) {
    const position = positionAt(phone.path, phone.startSeconds)
    recordings.push(await writeRecording({ ...phone, position }, sounds.get(phone.id)!, folder))
  }
  const phones = new Map(scene.phones.map((phone) => [phone.id, phone]))
  const pairs = physicalPairs(recordings, phones, loudness)
  const impulses = physicalImpulses(recordings, phones, made)
  const difficulty = `${scene.level} ${scene.kind}`
  const truth = { seed: scene.seed, difficulty, recordings, pairs, impulses }
  await writeTruth(truth, folder)
  return truth
}
