import assert from 'node:assert/strict'
import test from 'node:test'
import { openCoarseSearch } from './coarse-search.ts'
import { talkersInTurn } from './fixture-sound.ts'
import { compareSound } from './pair-search.ts'
import { sourceOf } from './sample-source.ts'
import { soundFeatures } from './sound-features.ts'
import { sourceLags } from './source-lags.ts'

const lagSeconds = 3

function talkers(apartSeconds: number, seed = 71) {
  return talkersInTurn(apartSeconds, { lagSeconds, seed }).map((samples, place) => {
    const source = sourceOf(samples)
    return { place, samples: source, features: soundFeatures(source) }
  })
}

test('two who talk in turn far apart join two phones that both hear', () => {
  const search = openCoarseSearch()
  for (const apartSeconds of [0.02, 0.1, 0.2, 0.3]) {
    const [a, b] = talkers(apartSeconds)
    const found = compareSound(a!, b!, search)
    assert.ok(found.isSure, `${apartSeconds} s`)
    const nearest = Math.min(
      ...[lagSeconds, lagSeconds - apartSeconds].map((lag) =>
        Math.abs(found.likely[0]!.lagSeconds - lag),
      ),
    )
    assert.ok(nearest < 0.05, `${apartSeconds} s`)
  }
  search.free()
})

test('what two places hear each for itself is no source of both', () => {
  const search = openCoarseSearch()
  const [a] = talkers(0.2)
  const [, b] = talkers(0.2, 81)
  assert.ok(!compareSound(a!, b!, search).isSure)
  search.free()
})

test('each source has a lag, and a lag that is none has no others', () => {
  const [a, b] = talkers(0.2)
  const lags = sourceLags(a!.features, b!.features, 290, 0.05, 100).sort((one, two) => one - two)
  assert.equal(lags.length, 2)
  assert.ok(Math.abs(lags[0]! - 280) <= 1 && Math.abs(lags[1]! - 300) <= 1, lags.join(' '))
  assert.deepEqual(sourceLags(a!.features, b!.features, 2000, 0.05, 100), [2000])
})
