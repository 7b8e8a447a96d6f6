import assert from 'node:assert/strict'
import test from 'node:test'
import { happening, heard } from './fixture-sound.ts'
import type { Tone } from './fixture-sound.ts'
import { sourceOf } from './sample-source.ts'
import { isHeardBesides } from './silent-seconds.ts'
import { soundFeatures } from './sound-features.ts'

const line = { lagSeconds: 1, drift: 0 }

/** An announcement of six seconds, three times, each followed by six seconds of nothing. */
const announcements = happening(61, 50).filter(
  ({ atSeconds }) => atSeconds > 3 && (atSeconds - 3) % 12 < 6,
)

function murmur(seed: number): Tone[] {
  return happening(seed, 50).map((tone) => ({ ...tone, level: 0.4 * tone.level }))
}

function besides(ofA: readonly Tone[], ofB: readonly Tone[]): boolean {
  const [a, b] = [ofA, ofB].map((tones, index) => {
    const samples = sourceOf(heard(tones, { startSeconds: index, seconds: 40, noise: 0.02 }))
    return { samples, features: soundFeatures(samples) }
  })
  return isHeardBesides(a!, b!, line)
}

test('one recorded announcement at two places is all that the two have in common', () => {
  assert.equal(besides([...announcements, ...murmur(62)], [...announcements, ...murmur(63)]), false)
})

test('at one place the murmur between the announcements is heard by both', () => {
  assert.equal(besides([...announcements, ...murmur(62)], [...announcements, ...murmur(62)]), true)
})

test('a line that is never silent, and one that nothing shows, cannot be asked', () => {
  assert.equal(besides(happening(64, 50), happening(64, 50)), true)
  assert.equal(besides(murmur(62), murmur(63)), true)
})
