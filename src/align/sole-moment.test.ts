import assert from 'node:assert/strict'
import test from 'node:test'
import { fineMatches } from './fine-search.ts'
import type { FineMatch } from './fine-search.ts'
import { happening, heard, repeating } from './fixture-sound.ts'
import type { Tone } from './fixture-sound.ts'
import { sampleRateHz } from './sound-features.ts'
import { sourceOf } from './sample-source.ts'
import { standsAlone } from './sole-moment.ts'

const lagSeconds = 6

function lineBetween(tones: readonly Tone[]) {
  const a = sourceOf(heard(tones, { startSeconds: 0, seconds: 40 }))
  const b = sourceOf(heard(tones, { startSeconds: lagSeconds, seconds: 40, rate: 1.0002 }))
  const [line] = fineMatches(a, b, lagSeconds * sampleRateHz)
  return { a, b, line: line as FineMatch }
}

test('the line of what happens once stands alone without any other evidence', () => {
  const { a, b, line } = lineBetween(happening(41, 50))
  assert.ok(Math.abs(line.lagSeconds - lagSeconds) < 0.02)
  assert.ok(standsAlone(a, b, line, 0))
})

test('the line of a sound that comes again does not, however high it is', () => {
  const { a, b, line } = lineBetween(repeating(42, 2.5, 20))
  assert.ok(line.score > 12)
  assert.ok(!standsAlone(a, b, line, 0.9))
})

test('evidence may take the place of some of it, and drift beyond two clocks’ may not', () => {
  const { a, b, line } = lineBetween([...happening(43, 50), ...repeating(44, 2.5, 20)])
  assert.ok(standsAlone(a, b, line, 1.9))
  assert.ok(!standsAlone(a, b, { ...line, drift: 700e-6 }, 1.9))
  assert.ok(!standsAlone(a, b, { ...line, score: 8 }, 1.9))
})
