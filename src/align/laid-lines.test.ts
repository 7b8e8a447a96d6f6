import assert from 'node:assert/strict'
import test from 'node:test'
import { talkersInTurn, turnSeconds } from './fixture-sound.ts'
import { layLine } from './laid-lines.ts'
import type { Hearer } from './laid-lines.ts'
import { sourceOf } from './sample-source.ts'
import { frameSeconds, soundFeatures } from './sound-features.ts'
import type { SoundFeatures } from './sound-features.ts'

const featuresOf = (samples: Float32Array) => soundFeatures(sourceOf(samples))
const hearerOf = (features: SoundFeatures): Hearer => ({
  recording: 'witness',
  features,
  isLinked: true,
  cluster: 0,
  offsetSeconds: 0,
  rate: 1,
  fromSeconds: 0,
  toSeconds: features.frames * frameSeconds,
})
const mean = (values: Float32Array, fromSeconds: number, toSeconds: number) => {
  const of = values
    .subarray(10 * fromSeconds, 10 * toSeconds)
    .filter((value) => !Number.isNaN(value))
  return of.reduce((sum, value) => sum + value, 0) / of.length
}
/** `own` laid where it starts so much before its witness; heard as far off as 0.35 s. */
function laid(own: SoundFeatures, witness: SoundFeatures, lagSeconds: number, sources: number) {
  const span = { fromSeconds: 0, toSeconds: own.frames * frameSeconds }
  const line = { offsetSeconds: -lagSeconds, rate: 1 }
  return layLine(own, [hearerOf(witness)], line, span, () => 0.35, sources)
}

test('a source that reaches the witness later is heard there, and no cut is seen', () => {
  const [own, witness] = talkersInTurn(0.25, { lagSeconds: 3, seed: 71 }).map(featuresOf)
  const turns = (sources: number) => {
    const { agreement } = laid(own!, witness!, 3, sources)
    return [2, 3].map((turn) =>
      mean(agreement[0]!, turn * turnSeconds + 1, (turn + 1) * turnSeconds - 1),
    )
  }
  const [one, other] = turns(1).sort((x, y) => y - x) as [number, number]
  assert.ok(one > 1 && other < 0.2, `${one} ${other}`)
  for (const each of turns(4)) assert.ok(each > 0.8 * one, `${each} of ${one}`)
})

test('what shares nothing does not seem to at the best of several shifts', () => {
  const [own] = talkersInTurn(0.25, { lagSeconds: 3, seed: 71 }).map(featuresOf)
  const [witness] = talkersInTurn(0.25, { lagSeconds: 3, seed: 81 }).map(featuresOf)
  const { agreement } = laid(own!, witness!, 3, 4)
  assert.ok(Math.abs(mean(agreement[0]!, 5, 110)) < 0.3)
})
