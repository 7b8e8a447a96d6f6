import assert from 'node:assert/strict'
import test from 'node:test'
import { phaseLikelihoods } from './cut-phases.ts'
import { happening, heard } from './fixture-sound.ts'
import { sourceOf } from './sample-source.ts'

const tones = happening(7, 60)
const witness = heard(tones, { startSeconds: 0, seconds: 60, noise: 0.03, noiseSeed: 1 })
const phone = heard(tones, { startSeconds: 5, seconds: 55, noise: 0.03, noiseSeed: 2 })
/** 20 s of the phone, then what it heard 10 s later. */
const cut = new Float32Array(40 * 8000)
cut.set(phone.subarray(0, 20 * 8000))
cut.set(phone.subarray(30 * 8000, 50 * 8000), 20 * 8000)

const line = { lagSeconds: -5, atSeconds: 10, drift: 0 }
const whole = { fromSeconds: 0, toSeconds: 60 }

function gains(held = whole) {
  const known = { fromSeconds: 8, toSeconds: 20 }
  const asked = { fromSeconds: 18, toSeconds: 22 }
  return phaseLikelihoods(sourceOf(cut), sourceOf(witness), held, line, known, asked)
}

test('windows before a cut speak for the line of the piece before, those after it against it', () => {
  const found = gains()
  const mean = (side: (seconds: number) => boolean) => {
    const of = found.filter(({ atSeconds }) => side(atSeconds)).map(({ gain }) => gain)
    return of.reduce((sum, gain) => sum + gain, 0) / of.length
  }
  assert.ok(mean((at) => at < 19.9) > 1)
  assert.ok(mean((at) => at > 20.1) < -0.1)
})

test('the sum of windows up to a moment is highest at the cut', () => {
  let sum = 0
  let best = { sum: 0, at: 0 }
  for (const { atSeconds, gain } of gains()) {
    sum += gain
    if (sum > best.sum) best = { sum, at: atSeconds }
  }
  assert.ok(Math.abs(best.at - 20) < 0.1, String(best.at))
})

test('a witness that holds nothing of it says nothing', () => {
  assert.deepEqual(gains({ fromSeconds: 0, toSeconds: 10 }), [])
})
