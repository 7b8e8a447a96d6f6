import assert from 'node:assert/strict'
import test from 'node:test'
import { openCoarseSearch } from './coarse-search.ts'
import { happening, heard } from './fixture-sound.ts'
import type { Tone } from './fixture-sound.ts'
import { joinGroups } from './group-search.ts'
import { placeRecordings, unplaced } from './placement.ts'
import type { Placement } from './placement.ts'
import { sourceOf } from './sample-source.ts'
import { soundFeatures } from './sound-features.ts'

const bound = () => 0.1
const seconds = 30

/** What all recordings hear, and what each hears beside it. */
interface Heard {
  readonly starts: readonly number[]
  readonly shared: readonly Tone[]
  readonly own: (recording: number) => readonly Tone[]
  readonly noise: number
}

/** Whether the first so many recordings, which are on one clock, and the others, on another, join. */
function areJoined(together: number, { starts, shared, own, noise }: Heard): boolean {
  const sounds = starts.map((startSeconds, place) => {
    const tones = [...shared, ...own(place)]
    const samples = sourceOf(heard(tones, { startSeconds, seconds, noise }))
    return { place, samples, features: soundFeatures(samples) }
  })
  const start = starts.reduce((placement, _, place): Placement => {
    const first = place < together ? 0 : together
    return first === place ? placement : withLink(placement, first, place, starts)
  }, unplaced(starts.length))
  const search = openCoarseSearch()
  try {
    const { groups } = joinGroups(start, sounds, bound, search, () => true)
    return new Set(groups).size === 1
  } finally {
    search.free()
  }
}

function withLink(before: Placement, a: number, b: number, starts: readonly number[]): Placement {
  const [aSeconds, bSeconds] = [10 + starts[b]! - starts[a]!, 10]
  const told = { kind: 'sound', sigmaSeconds: 0.001, confidence: 5 } as const
  return placeRecordings(before, [[{ ...told, a, b, aSeconds, bSeconds }]], bound)
}

test('two groups do not join by a line that is too high for what each of their pairs says', () => {
  const isPlayed = ({ atSeconds }: Tone) => atSeconds % 3 < 1.5
  const atNoise = (noise: number) =>
    areJoined(2, {
      starts: [0, 3, 5, 8],
      shared: happening(71, 50).filter(isPlayed),
      own: (recording) => happening(80 + recording, 50).filter((tone) => !isPlayed(tone)),
      noise,
    })
  // Of four pairs together 130 is the most; the line is 161. Then 114, and it is 78.
  assert.equal(atNoise(0.02), false)
  assert.equal(atNoise(0.08), true)
})

test('a short line joins two groups only if more of the evidence goes with it', () => {
  const joinedBy = (overlapSeconds: number, ownLevel: number) =>
    areJoined(1, {
      starts: [0, seconds - overlapSeconds, 2 * seconds - overlapSeconds - 5],
      shared: happening(71, 90),
      own: (recording) =>
        happening(80 + recording, 90).map((tone) => ({ ...tone, level: ownLevel * tone.level })),
      noise: 0.1,
    })
  // Shares of the evidence: 0.37, 0.57 and 0.4.
  assert.equal(joinedBy(8, 2), false)
  assert.equal(joinedBy(8, 1.5), true)
  assert.equal(joinedBy(12, 3), true)
})
