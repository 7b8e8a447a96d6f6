import assert from 'node:assert/strict'
import test from 'node:test'
import { fineMatches } from './fine-search.ts'
import type { FineMatch } from './fine-search.ts'
import { happening, heard, repeating } from './fixture-sound.ts'
import type { Tone } from './fixture-sound.ts'
import { sampleRateHz } from './sound-features.ts'
import { sourceOf } from './sample-source.ts'
import { isOneRecordedSound, standingOf } from './sole-moment.ts'

const lagSeconds = 6
/** As far phones have it: what is heard purely by both is one recorded sound. */
const hiss = 0.35

function lineBetween(tones: readonly Tone[], noise = hiss) {
  const a = sourceOf(heard(tones, { startSeconds: 0, seconds: 40, noise }))
  const b = sourceOf(heard(tones, { startSeconds: lagSeconds, seconds: 40, rate: 1.0002, noise }))
  const lines = fineMatches(a, b, lagSeconds * sampleRateHz)
  return { a, b, lines, line: lines[0] as FineMatch }
}

test('the line of what happens once stands alone without any other evidence', () => {
  const { a, b, line } = lineBetween(happening(41, 50))
  assert.ok(Math.abs(line.lagSeconds - lagSeconds) < 0.02)
  assert.equal(standingOf(a, b, line, [line], 0), 'alone')
})

test('a line that is far too high for how little agrees besides is one recorded sound’s', () => {
  const { a, b, line, lines } = lineBetween(happening(41, 50), 0.2)
  assert.ok(line.score > 50)
  assert.equal(standingOf(a, b, line, lines, 0.2), undefined)
  assert.equal(standingOf(a, b, line, lines, 1), 'alone')
})

test('the line of a sound that comes again does not, however high it is', () => {
  const { a, b, line, lines } = lineBetween(repeating(42, 2.5, 20), 0.2)
  assert.ok(line.score > 12)
  assert.equal(standingOf(a, b, line, lines, 0.9), undefined)
})

test('the line of what fills but a part of the overlap does not, whatever evidence says', () => {
  const alarm = happening(48, 16)
  const [here, there] = [happening(49, 50), happening(50, 50)].map((tones) =>
    tones.filter(({ atSeconds }) => atSeconds > 17),
  ) as [Tone[], Tone[]]
  const lineOf = (ofA: readonly Tone[], ofB: readonly Tone[]) => {
    const a = sourceOf(heard(ofA, { startSeconds: 0, seconds: 40, noise: 0.25 }))
    const b = sourceOf(heard(ofB, { startSeconds: 1, seconds: 40, rate: 1.0002, noise: 0.25 }))
    const lines = fineMatches(a, b, sampleRateHz)
    return { line: lines[0]!, standing: standingOf(a, b, lines[0]!, lines, 0.9) }
  }
  const shared = lineOf([...alarm, ...here], [...alarm, ...there])
  assert.ok(shared.line.score > 12)
  assert.equal(shared.standing, undefined)
  assert.equal(lineOf([...alarm, ...here], [...alarm, ...here]).standing, 'alone')
})

test('evidence may take the place of some of it, and drift beyond two clocks’ may not', () => {
  const { a, b, line, lines } = lineBetween([...happening(43, 50), ...repeating(44, 2.5, 20)])
  assert.equal(standingOf(a, b, line, lines, 1.9), 'alone')
  assert.equal(standingOf(a, b, { ...line, drift: 700e-6 }, lines, 1.9), undefined)
  assert.equal(standingOf(a, b, { ...line, score: 8 }, lines, 1.9), undefined)
})

test('two sources of one drift decide where neither stands alone', () => {
  const [here, there] = [happening(45, 50), happening(46, 50)]
  const loop = repeating(47, 2.5, 20).map((tone) => ({ ...tone, level: 0.7 * tone.level }))
  const later = (tones: readonly Tone[], seconds: number) =>
    tones.map((tone) => ({ ...tone, atSeconds: tone.atSeconds + seconds }))
  const heardByA = [...here, ...there, ...loop]
  const heardByB = [...here, ...later(there, 0.06), ...later(loop, 1.25)]
  const a = sourceOf(heard(heardByA, { startSeconds: 0, seconds: 40, noise: 0.3 }))
  const b = sourceOf(heard(heardByB, { startSeconds: lagSeconds, seconds: 40, noise: 0.3 }))
  const lines = fineMatches(a, b, lagSeconds * sampleRateHz)
  const [line, second] = lines as [FineMatch, FineMatch]
  assert.ok(Math.abs(Math.abs(line.lagSeconds - second.lagSeconds) - 0.06) < 0.002)
  assert.equal(standingOf(a, b, line, lines, 0), 'of-two-sources')
  assert.equal(standingOf(a, b, line, [line], 0), undefined)
  const passing = { ...second, drift: line.drift + 40e-6, driftSigma: 30e-6 }
  assert.equal(standingOf(a, b, line, [line, passing], 0), undefined)
  const unmeasured = { ...second, driftSigma: Infinity }
  assert.equal(standingOf(a, b, line, [line, unmeasured], 0), undefined)
  const near = { ...second, lagSeconds: line.lagSeconds + 0.008 }
  assert.equal(standingOf(a, b, line, [line, near], 0), undefined)
})

test('a sure line is one recorded sound’s only where less than all of the evidence goes with it', () => {
  assert.equal(isOneRecordedSound(108, 0.73), true)
  assert.equal(isOneRecordedSound(61, 0.91), false)
  assert.equal(isOneRecordedSound(1000, 1.7), false)
})
