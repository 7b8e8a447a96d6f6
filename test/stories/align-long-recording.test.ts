/** A clip late in a recording of many hours, whose sound is computed as it is read. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { alignRecordings } from '../../src/align/align-recordings.ts'
import type { SampleSource } from '../../src/align/sample-source.ts'
import { sampleRateHz } from '../../src/align/sound-features.ts'

const hours = 12
const clipSeconds = 60
/** Half an hour before the end, between two samples' feature frames. */
const clipAtSamples = (hours * 3600 - 1800) * sampleRateHz + 123
/** More than this at once would be reading it whole. */
const mostSamplesAtOnce = 60 * sampleRateHz

/** A number from 0 to 1 for each index, the same at each reading. */
function chance(index: number): number {
  let mixed = Math.imul(index ^ (index >>> 16), 0x7feb352d)
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x846ca68b)
  return ((mixed ^ (mixed >>> 16)) >>> 0) / 2 ** 32
}

/** Hiss that swells and fades twenty times a second, never twice alike. */
function soundAt(index: number): number {
  return 0.3 * (chance(index) - 0.5) * chance(Math.floor(index / 400) ^ 0x5bd1e995) ** 3
}

function clipFrom(firstSample: number): Float32Array {
  return Float32Array.from(
    { length: clipSeconds * sampleRateHz },
    (_, k) => soundAt(firstSample + k) + 0.01 * (chance(k ^ 0x1234567) - 0.5),
  )
}

test(`a clip late in ${hours} hours is found to the millisecond, a clip of elsewhere stays apart`, (context) => {
  let mostAtOnce = 0
  const long: SampleSource = {
    length: hours * 3600 * sampleRateHz,
    read(from, into) {
      mostAtOnce = Math.max(mostAtOnce, into.length)
      for (let k = 0; k < into.length; k++) {
        const index = from + k
        into[k] = index < 0 || index >= this.length ? 0 : soundAt(index)
      }
    },
  }
  const started = performance.now()
  const { groups, apart } = alignRecordings([
    { id: 'clip', samples: clipFrom(clipAtSamples) },
    { id: 'elsewhere', samples: clipFrom(2 * long.length) },
    { id: 'long', samples: long },
  ])
  const seconds = (performance.now() - started) / 1000
  const peakGibibytes = process.resourceUsage().maxRSS / 2 ** 20
  context.diagnostic(`${seconds.toFixed(0)} s, at most ${peakGibibytes.toFixed(2)} GiB in memory`)
  assert.deepEqual(
    groups.map(({ members }) => members.map(({ id }) => id)),
    [['long', 'clip']],
  )
  const [first, clip] = groups[0]!.members
  const middle = clipSeconds / 2
  const onLong =
    (clip!.offsetSeconds + clip!.rate * middle - first!.offsetSeconds) / first!.rate - middle
  const error = Math.abs(onLong - clipAtSamples / sampleRateHz)
  assert.ok(error <= 0.001, `${error} s off`)
  assert.deepEqual(
    apart.map(({ id, code }) => [id, code]),
    [['elsewhere', 'no-shared-sound']],
  )
  assert.ok(mostAtOnce <= mostSamplesAtOnce, `${mostAtOnce} samples at once`)
})
