/** A physical scene as files with truth.json beside them. */
import { join } from 'node:path'
import { codec } from '../scene/phone-channel.ts'
import { positionAt } from '../scene/scene.ts'
import { encodeSound, writeTruth } from '../scene/sound-files.ts'
import type { SoundTruth, TrueSoundRecording } from '../scene/sound-scene-truth.ts'
import type { PhysicalScene } from './physical-scene.ts'
import { renderPhysicalScene } from './render.ts'
import { rateHz } from './signal/samples.ts'
import { physicalPairs } from './truth.ts'

/** Renders, encodes and writes every recording, and truth.json; the folder is there. */
export async function writePhysicalScene(
  scene: PhysicalScene,
  folder: string,
): Promise<SoundTruth> {
  const { sounds, loudness } = renderPhysicalScene(scene)
  const recordings: TrueSoundRecording[] = []
  for (const phone of scene.phones) {
    const sound = sounds.get(phone.id)!
    const { ending, sampleRateHz, delaySeconds } = codec(phone.codec)
    const file = `${phone.id}.${ending}`
    await encodeSound(sound, phone.codec, join(folder, file))
    recordings.push({
      id: phone.id,
      file,
      place: phone.place,
      startSeconds: phone.startSeconds - phone.rate * delaySeconds,
      rate: phone.rate,
      durationSeconds: sound.length / rateHz + delaySeconds,
      position: positionAt(phone.path, phone.startSeconds),
      snrDecibels: phone.snrDecibels,
      codec: phone.codec,
      sampleRateHz,
    })
  }
  const phones = new Map(scene.phones.map((phone) => [phone.id, phone]))
  const pairs = physicalPairs(recordings, phones, loudness)
  const difficulty = `${scene.level} ${scene.kind}`
  const truth = { seed: scene.seed, difficulty, recordings, pairs }
  await writeTruth(truth, folder)
  return truth
}
