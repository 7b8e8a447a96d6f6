/** Recordings that share nothing but songs, chants and sirens of one library, and what is made of them. */
import { alignRecordings } from '../src/align/align-recordings.ts'
import { seedFor } from '../test/support/scene/random.ts'
import { resampleTo8k } from '../test/support/scene/sound.ts'
import { soundScene } from '../test/support/scene/sound-scene.ts'
import type { Difficulty } from '../test/support/scene/sound-scene-settings.ts'
import { renderSoundPhone } from '../test/support/scene/sound-scene-render.ts'
import { soundSceneRateHz } from '../test/support/scene/sound-scene-sources.ts'

export interface UnrelatedResult {
  readonly pairs: number
  /** Pairs put on one clock. */
  readonly falseLinks: readonly {
    readonly a: string
    readonly b: string
    readonly confidence: number
  }[]
}

/** So many recordings are aligned at once: 48 make 1,128 pairs. */
const recordingsAtOnce = 48

/** Each recording is 20 to 60 s of a place of its own; no codec, so that ten thousand pairs stay affordable. */
export function measureUnrelated(
  pairs: number,
  seed: number,
  difficulty: Difficulty,
  begin: (step: string) => void,
): UnrelatedResult {
  const falseLinks: { a: string; b: string; confidence: number }[] = []
  let done = 0
  for (let batch = 1; done < pairs; batch++) {
    const wanted = Math.ceil((1 + Math.sqrt(1 + 8 * (pairs - done))) / 2)
    const count = Math.min(recordingsAtOnce, wanted)
    begin(`unrelated pairs: ${done}/${pairs}`)
    const inputs = Array.from({ length: count }, (_, index) => {
      const id = `place ${batch}.${index + 1}`
      const scene = soundScene(seedFor(seed, id), {
        difficulty,
        phones: 0,
        unrelated: 1,
        unrelatedSeconds: [20, 60],
      })
      const sound = renderSoundPhone(scene, scene.phones[0]!)
      return { id, samples: resampleTo8k(sound, soundSceneRateHz) }
    })
    for (const { members, links } of alignRecordings(inputs).groups) {
      members.forEach(({ id: a }, index) => {
        for (const { id: b } of members.slice(index + 1)) {
          const link = links.find((known) => known.accepted && known.a === a && known.b === b)
          falseLinks.push({ a, b, confidence: link?.confidence ?? 0 })
        }
      })
    }
    done += (count * (count - 1)) / 2
  }
  return { pairs: done, falseLinks }
}
