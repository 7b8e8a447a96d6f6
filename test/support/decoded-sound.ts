import { tmpdir } from 'node:os'
import { samplesOf } from '../../src/media/fixture.ts'
import { probeRecording } from '../../src/media/probe.ts'
import { sniffFile } from '../../src/media/sniff.ts'
import { decodeSound8k } from '../../src/media/sound.ts'

/** A file's sound as `sightline align` hears it; an error where it is no recording. */
export async function decodedSound(path: string): Promise<Float32Array> {
  const sniffed = await sniffFile(path)
  if (sniffed.kind !== 'recording') throw new Error(`${path} is no recording`)
  const { facts } = await probeRecording(path, sniffed)
  if (facts.kind !== 'recording') throw new Error(`${path} cannot be read`)
  const sound = await decodeSound8k(path, facts, tmpdir())
  try {
    return samplesOf(sound)
  } finally {
    sound.close()
  }
}
