/** What must hold of offsets and rates, whatever the recordings: clocks up to 150 ppm off, 30 s each. */
import assert from 'node:assert/strict'
import test from 'node:test'
import fc from 'fast-check'
import { alignRecordings } from './align-recordings.ts'
import type { AlignedMember } from './alignment.ts'
import { happening, heard } from './fixture-sound.ts'
import { sampleRateHz } from './sound-features.ts'

const street = happening(21, 50)
const seconds = 30

interface Clock {
  readonly startSeconds: number
  readonly rate: number
}

const rate = fc.integer({ min: -150, max: 150 }).map((ppm) => 1 + ppm * 1e-6)
const laterStart = fc.double({ min: 6, max: 11, noNaN: true })
/** Three recordings; the first starts first. */
const clocks = fc.tuple(
  fc.record({ startSeconds: fc.constant(3), rate }),
  fc.record({ startSeconds: laterStart, rate }),
  fc.record({ startSeconds: laterStart, rate }),
)
const samplesOff = fc.integer({ min: 1, max: 2 * sampleRateHz })

function soundsOf(all: readonly Clock[]): Float32Array[] {
  return all.map((clock, index) => heard(street, { ...clock, seconds, noiseSeed: index }))
}

/** One group's members in the order given. */
function aligned(sounds: readonly Float32Array[]): AlignedMember[] {
  const { groups } = alignRecordings(sounds.map((samples, index) => ({ id: `r${index}`, samples })))
  const members = groups[0]?.members ?? []
  assert.equal(members.length, sounds.length)
  return members.toSorted((one, two) => (one.id < two.id ? -1 : 1))
}

function assertNear(actual: number, expected: number, within: number): void {
  assert.ok(Math.abs(actual - expected) <= within, `${actual} is not ${expected} ± ${within}`)
}

/** 0.5 ms and 20 parts per million; `movedSeconds` of each recording's offset are expected. */
function assertMoved(
  before: readonly AlignedMember[],
  after: readonly AlignedMember[],
  movedSeconds: readonly number[],
): void {
  for (const [index, member] of after.entries()) {
    const was = before[index]!
    assertNear(member.offsetSeconds, was.offsetSeconds + movedSeconds[index]!, 0.0005)
    assertNear(member.rate, was.rate, 20e-6)
  }
}

test('a beginning cut off, of any number of samples, moves the recording by that and nothing else', () => {
  fc.assert(
    fc.property(clocks, samplesOff, (all, cut) => {
      const sounds = soundsOf(all)
      const before = aligned(sounds)
      const cutSeconds = cut / sampleRateHz
      const [first, second, third] = sounds as [Float32Array, Float32Array, Float32Array]
      assertMoved(before, aligned([first, second, third.subarray(cut)]), [0, 0, cutSeconds])
      // The first defines zero, so that all others move.
      const others = [0, -cutSeconds, -cutSeconds]
      assertMoved(before, aligned([first.subarray(cut), second, third]), others)
    }),
    { numRuns: 5 },
  )
})

test('silence put before a recording moves it back by that and nothing else', () => {
  fc.assert(
    fc.property(clocks, samplesOff, (all, silence) => {
      const sounds = soundsOf(all)
      const [first, second, third] = sounds as [Float32Array, Float32Array, Float32Array]
      const padded = new Float32Array(silence + third.length)
      padded.set(third, silence)
      assertMoved(aligned(sounds), aligned([first, second, padded]), [
        0,
        0,
        -silence / sampleRateHz,
      ])
    }),
    { numRuns: 5 },
  )
})

test('recordings resampled by up to 300 ppm against each other get their rates', () => {
  fc.assert(
    fc.property(clocks, (all) => {
      const [first, ...others] = aligned(soundsOf(all))
      assert.equal(first!.offsetSeconds, 0)
      for (const [index, member] of others.entries()) {
        const clock = all[index + 1]!
        const exact = clock.rate / all[0].rate
        assertNear(member.rate / first!.rate, exact, 40e-6)
        // The group's clock runs at the mean of the rates.
        const pace = first!.rate / all[0].rate
        assertNear(member.offsetSeconds, pace * (clock.startSeconds - all[0].startSeconds), 0.001)
      }
    }),
    { numRuns: 10 },
  )
})

test('from a to b and from b to c is from a to c', () => {
  fc.assert(
    fc.property(clocks, (all) => {
      const [a, b, c] = soundsOf(all) as [Float32Array, Float32Array, Float32Array]
      const [ab, bc, ac] = [between(a, b), between(b, c), between(a, c)]
      assertNear(ab.rate * bc.rate, ac.rate, 40e-6)
      for (const own of [0, seconds]) assertNear(ab.map(bc.map(own)), ac.map(own), 0.001)
    }),
    { numRuns: 8 },
  )
})

test('two clocks that differ by 300 ppm keep within the stated error at both ends', () => {
  fc.assert(
    fc.property(fc.constantFrom(-300, 300), fc.integer({ min: 1, max: 50 }), (ppm, noiseSeed) => {
      const drifting = 1 + ppm * 1e-6
      const later = { startSeconds: 8, seconds, rate: drifting, noiseSeed }
      const [first, second] = aligned([
        heard(street, { startSeconds: 3, seconds }),
        heard(street, later),
      ])
      for (const happened of [8, 33]) {
        const own = happened - 3
        const onFirst = first!.offsetSeconds + first!.rate * own
        const onSecond = second!.offsetSeconds + (second!.rate * (happened - 8)) / drifting
        assertNear(onSecond, onFirst, Math.min(0.001, second!.statisticalErrorSeconds))
      }
    }),
    { numRuns: 6 },
  )
})

/** The first one's own time of a moment of the second, by these two alone. */
function between(one: Float32Array, two: Float32Array) {
  const [first, second] = aligned([one, two]) as [AlignedMember, AlignedMember]
  const offsetSeconds = (second.offsetSeconds - first.offsetSeconds) / first.rate
  const rate = second.rate / first.rate
  return { rate, map: (ownSeconds: number) => offsetSeconds + rate * ownSeconds }
}
