/** Recordings that share nothing but songs, chants and sirens of one library, and what is made of them. */
import { alignRecordings } from '../src/align/align-recordings.ts'
import type { AlignInput, Alignment } from '../src/align/alignment.ts'
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
    falseLinks.push(...linksBetweenPlaces(alignRecordings(inputs), (id) => id))
    done += (count * (count - 1)) / 2
  }
  return { pairs: done, falseLinks }
}

/**
 * Whole incidents of ten minutes, eight phones and two strangers each, every two aligned at once:
 * what may be taken for one are groups here, and a siren passes while others say nothing.
 */
export function measureUnrelatedScenes(
  pairs: number,
  seed: number,
  difficulty: Difficulty,
  begin: (step: string) => void,
): UnrelatedResult {
  const falseLinks: UnrelatedResult['falseLinks'][number][] = []
  const scenes: AlignInput[][] = []
  let done = 0
  for (let number = 1; done < pairs; number++) {
    begin(`unrelated pairs: ${done}/${pairs}; scene ${number}`)
    const scene = soundScene(seedFor(seed, `scene ${number}`), { difficulty })
    const inputs = scene.phones.map((phone): AlignInput => {
      const place = phone.place === 'incident' ? `scene ${number}` : `${number} ${phone.place}`
      const sound = renderSoundPhone(scene, phone)
      return { id: `${place}/${phone.id}`, samples: resampleTo8k(sound, soundSceneRateHz) }
    })
    for (const others of scenes) {
      const alignment = alignRecordings([...others, ...inputs])
      falseLinks.push(...linksBetweenPlaces(alignment, (id) => id.split('/')[0]!))
      done += others.length * inputs.length
    }
    scenes.push(inputs)
  }
  return { pairs: done, falseLinks }
}

/** Every two on one clock that were in different places, with the confidence of their own link. */
function linksBetweenPlaces(
  { groups }: Alignment,
  placeOf: (id: string) => string,
): UnrelatedResult['falseLinks'] {
  return groups.flatMap(({ members, links }) =>
    members.flatMap(({ id: a }, index) =>
      members
        .slice(index + 1)
        .filter(({ id: b }) => placeOf(a) !== placeOf(b))
        .map(({ id: b }) => {
          const link = links.find((known) => known.accepted && known.a === a && known.b === b)
          return { a, b, confidence: link?.confidence ?? 0 }
        }),
    ),
  )
}
