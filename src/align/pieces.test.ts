import assert from 'node:assert/strict'
import test from 'node:test'
import { alignRecordings } from './align-recordings.ts'
import { happening, heard, repeating } from './fixture-sound.ts'

const tones = happening(41, 90)
const a = heard(tones, { startSeconds: 0, seconds: 90, noise: 0.03 })
const whole = heard(tones, { startSeconds: 6, seconds: 70, noise: 0.03, noiseSeed: 3 })

/** Own seconds of the original that are kept, one after the other. */
function cutTogether(samples: Float32Array, ...kept: readonly [number, number][]): Float32Array {
  const parts = kept.map(([from, to]) => samples.subarray(from * 8000, to * 8000))
  const joined = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    joined.set(part, at)
    at += part.length
  }
  return joined
}

function piecesOf(samples: Float32Array, other: Float32Array = a) {
  const { groups } = alignRecordings([
    { id: 'a', samples: other },
    { id: 'b', samples },
  ])
  const members = groups[0]?.members ?? []
  const start = members.find(({ id }) => id === 'a')?.offsetSeconds ?? Number.NaN
  return members
    .find(({ id }) => id === 'b')!
    .pieces.map(({ fromSeconds, toSeconds, offsetSeconds }) => ({
      fromSeconds,
      toSeconds,
      lagSeconds: offsetSeconds - start,
    }))
}

function assertPieces(
  found: ReturnType<typeof piecesOf>,
  expected: readonly { readonly fromSeconds: number; readonly lagSeconds: number }[],
): void {
  assert.equal(found.length, expected.length, JSON.stringify(found))
  found.forEach((piece, index) => {
    assert.ok(Math.abs(piece.fromSeconds - expected[index]!.fromSeconds) <= 0.1)
    assert.ok(Math.abs(piece.lagSeconds - expected[index]!.lagSeconds) <= 0.01)
  })
}

test('a recording that was not cut is one piece, the whole of it', () => {
  assertPieces(piecesOf(whole), [{ fromSeconds: 0, lagSeconds: 6 }])
  assert.equal(piecesOf(whole)[0]!.toSeconds, 70)
})

test('what was left out between two pieces shows: each piece has its own place on the clock', () => {
  assertPieces(piecesOf(cutTogether(whole, [0, 25], [34, 70])), [
    { fromSeconds: 0, lagSeconds: 6 },
    { fromSeconds: 25, lagSeconds: 15 },
  ])
})

test('the pieces of one recording have one rate', () => {
  const drifting = heard(tones, { startSeconds: 6, seconds: 70, rate: 1.0002, noise: 0.03 })
  const { groups } = alignRecordings([
    { id: 'a', samples: a },
    { id: 'b', samples: cutTogether(drifting, [0, 30], [38, 70]) },
  ])
  const [one, two] = ['a', 'b'].map((id) => groups[0]!.members.find((member) => member.id === id)!)
  assert.equal(two!.pieces.length, 2)
  assert.ok(Math.abs(two!.rate / one!.rate - 1.0002) < 20e-6)
})

test('a sound that repeats exactly within a recording does not split it', () => {
  const loop = repeating(7, 6, 5).map((tone) => ({ ...tone, atSeconds: tone.atSeconds + 25 }))
  const both = [...happening(43, 90), ...loop].sort((x, y) => x.atSeconds - y.atSeconds)
  const other = heard(both, { startSeconds: 0, seconds: 80, noise: 0.03 })
  const found = piecesOf(heard(both, { startSeconds: 6, seconds: 70, noise: 0.03 }), other)
  assertPieces(found, [{ fromSeconds: 0, lagSeconds: 6 }])
})

const long = happening(47, 150)
// With hiss, for what two phones have alike to the sample is taken for one recorded sound.
const longHeard = (startSeconds: number, seconds: number, noiseSeed: number) =>
  heard(long, { startSeconds, seconds, noise: 0.15, noiseSeed })
const early = longHeard(0, 60, 5)
const late = longHeard(50, 70, 7)
const original = longHeard(0, 120, 9)

/** Own times at which the recording of that id is cut, in whatever group. */
function cutsOf(id: string, recordings: Readonly<Record<string, Float32Array>>): number[] {
  const { groups } = alignRecordings(
    Object.entries(recordings).map(([name, samples]) => ({ id: name, samples })),
  )
  const members = groups.flatMap((group) => group.members)
  const starts = members
    .filter((member) => member.id === id)
    .flatMap(({ pieces }) => pieces.map(({ fromSeconds }) => fromSeconds))
  return [...new Set(starts)].filter((from) => from > 0)
}

test('a cut shows where one phone heard the piece before it and another the piece after', () => {
  const edited = cutTogether(original, [0, 35], [75, 110])
  const [cut, ...others] = cutsOf('edited', { early, late, edited })
  assert.ok(Math.abs(cut! - 35) <= 0.1)
  assert.deepEqual(others, [])
})

test('two groups that only a cut recording would tie are not tied, and it is cut', () => {
  const apart = longHeard(80, 60, 11)
  const edited = cutTogether(original, [0, 35], [85, 115])
  const recordings = { early, apart, edited }
  const [cut, ...others] = cutsOf('edited', recordings)
  assert.ok(Math.abs(cut! - 35) <= 0.1)
  assert.deepEqual(others, [])
  assert.deepEqual(cutsOf('early', recordings), [])
  assert.deepEqual(cutsOf('apart', recordings), [])
})
