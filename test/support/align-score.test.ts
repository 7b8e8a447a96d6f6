import assert from 'node:assert/strict'
import { test } from 'node:test'
import { scoreScene } from '../../bench/align-score.ts'
import type { PlacedRecording } from '../../bench/align-score.ts'
import type { SoundTruth, TrueSoundRecording } from './scene/sound-scene-truth.ts'

function recording(id: string, place: string, startSeconds: number, rate: number) {
  const position = { xMetres: 10 * startSeconds, yMetres: 0 }
  const facts = { id, place, startSeconds, rate, position, file: `${id}.wav` }
  return {
    ...facts,
    durationSeconds: 100,
    snrDecibels: 5,
    codec: 'pcm-8k',
    sampleRateHz: 8000,
  } as const
}

const recordings: readonly TrueSoundRecording[] = [
  recording('a', 'incident', 0, 1.0001),
  recording('b', 'incident', 10, 0.9999),
  recording('c', 'incident', 300, 1),
  recording('elsewhere', 'elsewhere-1', 20, 1),
]

/** Sources at which b hears 10 ms earlier and 30 ms later than a. */
const travelSeconds = [-0.01, 0.03]
const truth: SoundTruth = {
  seed: 1,
  difficulty: 4,
  recordings,
  pairs: [
    {
      a: 'a',
      b: 'b',
      fromSeconds: 10,
      toSeconds: 100,
      moments: [10, 55, 100].map((atSeconds) => ({
        atSeconds,
        minimumSeconds: -0.01,
        maximumSeconds: 0.03,
        travelSeconds,
      })) as unknown as SoundTruth['pairs'][number]['moments'],
    },
  ],
  impulses: [],
}

/** Where the truth has it, later on the clock by `lateSeconds` and at a rate off by `ppm`. */
function placed(id: string, lateSeconds = 0, ppm = 0): PlacedRecording {
  const { startSeconds, rate } = recordings.find((one) => one.id === id)!
  const offsetSeconds = startSeconds + lateSeconds
  return { id, offsetSeconds, rate: rate * (1 + ppm * 1e-6), errorSeconds: 0.02 }
}

const score = (...groups: PlacedRecording[][]) =>
  scoreScene(truth, { groups: groups.map((members) => ({ members })) })

function close(actual: number | undefined, expected: number): void {
  assert.ok(Math.abs(actual! - expected) < 1e-6, `${actual} is not ${expected}`)
}

test('the truth scores no error, though no source stands between the two phones', () => {
  const { pairs, falseLinks, bars, honestBars } = score([placed('a'), placed('b')])
  close(pairs[0]!.found!.errorSeconds, 0)
  close(pairs[0]!.found!.fromOneSourceSeconds, 0.01)
  close(pairs[0]!.found!.driftErrorPpm, 0)
  assert.deepEqual([falseLinks.length, bars, honestBars], [0, 1, 1])
})

test('an error counts beyond the range of travel, at the worst moment of the overlap', () => {
  const late = score([placed('a'), placed('b', 0.025)]).pairs[0]!.found!
  close(late.errorSeconds, 0.015)
  close(late.fromOneSourceSeconds, 0.015)
  // 200 ppm over the 90 s of b that a shares: 18 ms at the end, and b's clock is ahead of a's.
  const drifting = score([placed('a'), placed('b', 0, 200)]).pairs[0]!.found!
  assert.ok(Math.abs(drifting.errorSeconds - 0.008) < 1e-4)
  assert.ok(Math.abs(drifting.driftErrorPpm + 200) < 0.1)
})

test('a pair in two groups is not found, and no error', () => {
  const { pairs, falseLinks } = score([placed('a')], [placed('b')])
  assert.equal(pairs[0]!.found, undefined)
  assert.equal(falseLinks.length, 0)
})

test('a stranger in the group, a wrong lag and a wrong place without overlap are false links', () => {
  const stranger = score([placed('a'), placed('b'), placed('elsewhere')])
  assert.deepEqual(
    stranger.falseLinks.map(({ a, b }) => `${a} ${b}`),
    ['a elsewhere', 'b elsewhere'],
  )
  assert.deepEqual([stranger.grouped, stranger.pure], [3, 2])
  assert.equal(score([placed('a'), placed('b', 0.0599)]).falseLinks.length, 0)
  assert.equal(score([placed('a'), placed('b', 0.0601)]).falseLinks.length, 1)
  assert.equal(score([placed('a'), placed('c')]).falseLinks.length, 0)
  // c stands 3 km from a: a chain of travel may lead astray by 17.5 s, not by 18.
  assert.equal(score([placed('a'), placed('c', 18)]).falseLinks.length, 1)
})

test('an error bar is honest only if the truth is inside at both ends', () => {
  assert.equal(score([placed('a'), placed('b', 0.019)]).honestBars, 1)
  assert.equal(score([placed('a'), placed('b', 0.021)]).honestBars, 0)
  assert.equal(score([placed('a'), placed('b', 0.019, 100)]).honestBars, 0)
})
