import assert from 'node:assert/strict'
import test from 'node:test'
import { alignRecordings } from './align-recordings.ts'
import { happening, heard, randomNumbers } from './fixture-sound.ts'

const tones = happening(31, 60)

/** As a codec and a site's loudness would leave it: softer, coarser, with hiss at −20 dB of it. */
function storedAgain(samples: Float32Array, seed: number): Float32Array {
  const random = randomNumbers(seed)
  return samples.map(
    (sample) => 0.4 * (sample + 0.1 * sample * (random() + random() - 1)) + 2e-4 * (random() - 0.5),
  )
}

test('a recording stored again, trimmed and softer, is recognised and is no second witness', () => {
  const first = heard(tones, { startSeconds: 0, seconds: 40, rate: 1.0001 })
  const alignment = alignRecordings([
    { id: 'first', samples: first },
    { id: 'again', samples: storedAgain(first.slice(8000 * 7), 5) },
    { id: 'other', samples: heard(tones, { startSeconds: 5, seconds: 40, travelSeconds: 0.03 }) },
  ])
  assert.deepEqual(
    alignment.reuploads.map(({ of, id }) => ({ of, id })),
    [{ of: 'first', id: 'again' }],
  )
  const links = alignment.groups[0]!.links
  assert.deepEqual(
    links.filter((link) => link.isSameRecording).map(({ a, b }) => `${a} ${b}`),
    ['again first'],
  )
  assert.ok(alignment.reuploads[0]!.agreement > 0.7)
})

test('a recording stored again twice leaves the errors of the others as they are', () => {
  const samples = heard(tones, { startSeconds: 0, seconds: 40, rate: 1.0001 })
  const inputs = [
    { id: 'first', samples },
    { id: 'other', samples: heard(tones, { startSeconds: 5, seconds: 40 }) },
  ]
  const copies = [1, 2].map((seed) => ({
    id: `again ${seed}`,
    samples: storedAgain(samples.slice(8000 * 2 * seed), seed),
  }))
  const [alone, besideCopies] = [inputs, [...inputs, ...copies]].map((recordings) => {
    const { groups } = alignRecordings(recordings)
    return groups[0]!.members.find(({ id }) => id === 'other')!
  })
  assert.ok(besideCopies!.travelBoundSeconds > 0.999 * alone!.travelBoundSeconds)
  assert.ok(besideCopies!.statisticalErrorSeconds > 0.95 * alone!.statisticalErrorSeconds)
})

test('two phones with hiss of their own are two recordings, whatever they hear together', () => {
  const { groups, reuploads } = alignRecordings([
    { id: 'a', samples: heard(tones, { startSeconds: 0, seconds: 40, noise: 0.05 }) },
    { id: 'b', samples: heard(tones, { startSeconds: 3, seconds: 40, noise: 0.05 }) },
  ])
  assert.equal(groups[0]!.members.length, 2)
  assert.deepEqual(reuploads, [])
})
