import assert from 'node:assert/strict'
import { test } from 'node:test'
import { findImpulseOnsets } from './impulse-onsets.ts'

const rateHz = 8000

/** Uniform noise, the same for the same seed; root mean square `level`. */
function noise(seconds: number, level: number, seed = 1): Float32Array {
  let state = seed
  return Float32Array.from({ length: Math.round(seconds * rateHz) }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return level * Math.sqrt(3) * (state / 2 ** 31 - 1)
  })
}

/** A front, then gas that falls by e every 12 ms. */
function addBang(samples: Float32Array, atSeconds: number, level: number): void {
  const gas = noise(0.3, 0.5, 77)
  const start = Math.round(atSeconds * rateHz)
  for (let step = 0; step < gas.length; step++) {
    const time = step / rateHz
    const front = (1 - time / 0.001) * Math.exp(-time / 0.001)
    samples[start + step]! += level * (front + gas[step]! * Math.exp(-time / 0.012))
  }
}

/** Pulses of a voice through a resonance, syllable by syllable. */
function addSpeech(samples: Float32Array, level: number): void {
  for (let index = 0; index < samples.length; index++) {
    const time = index / rateHz
    const syllable = Math.max(0, Math.sin(2 * Math.PI * 2.1 * time)) ** 2
    const pulse = (time * 130) % 1
    samples[index]! += level * syllable * Math.exp(-6 * pulse) * Math.sin(2 * Math.PI * 6 * pulse)
  }
}

function times(samples: Float32Array): readonly number[] {
  return findImpulseOnsets(samples).map(({ ownSeconds }) => ownSeconds)
}

for (const [name, level] of [
  ['6 times the noise', 0.06],
  ['100 times the noise', 1],
] as const) {
  test(`a bang ${name} is found at its beginning, within its error, at most 3 ms`, () => {
    const samples = noise(20, 0.01)
    addBang(samples, 8.25, level)
    const onsets = findImpulseOnsets(samples)
    assert.equal(onsets.length, 1)
    const [{ ownSeconds, errorSeconds } = { ownSeconds: NaN, errorSeconds: NaN }] = onsets
    assert.ok(Math.abs(ownSeconds - 8.25) <= errorSeconds, `${ownSeconds}`)
    assert.ok(errorSeconds <= 0.003, `${errorSeconds}`)
  })
}

test('seven bangs in speech are seven, a tenth of a second apart or more', () => {
  const samples = noise(20, 0.003)
  addSpeech(samples, 0.1)
  const at = [6, 6.1, 6.35, 7, 9.5, 9.9, 14]
  for (const seconds of at) addBang(samples, seconds, 0.7)
  const found = times(samples)
  assert.equal(found.length, at.length, found.join(' '))
  for (const [index, seconds] of at.entries()) assert.ok(Math.abs(found[index]! - seconds) < 0.003)
})

test('noise, speech, a bell and silence hold none', () => {
  const speech = noise(60, 0.003)
  addSpeech(speech, 0.2)
  const bell = noise(20, 0.002).map((sample, index) => {
    const time = index / rateHz - 8
    if (time < 0) return sample
    return sample + 0.5 * Math.exp(-time / 0.6) * Math.sin(2 * Math.PI * 740 * time)
  })
  for (const samples of [noise(60, 0.1), speech, bell, new Float32Array(rateHz * 60)]) {
    assert.deepEqual(times(samples), [])
  }
})

test('nothing, one sample, not-a-number and a minute of clipping are no trouble', () => {
  const clipping = noise(60, 2).map((sample) => Math.max(-1, Math.min(1, sample)))
  const empty = new Float32Array(30 * rateHz).fill(Number.NaN)
  for (const samples of [new Float32Array(0), new Float32Array(1).fill(1), empty, clipping]) {
    assert.deepEqual(times(samples), [])
  }
})

test('what comes after not-a-number is found all the same', () => {
  const samples = noise(20, 0.01)
  samples.fill(Number.NaN, 4 * rateHz, 5 * rateHz)
  addBang(samples, 8.25, 0.5)
  assert.equal(times(samples).filter((seconds) => Math.abs(seconds - 8.25) < 0.002).length, 1)
})

test('a bang cut off at full scale is marked as clipped', () => {
  const samples = noise(20, 0.01)
  addBang(samples, 6, 0.5)
  addBang(samples, 12, 6)
  const cut = samples.map((sample) => Math.max(-1, Math.min(1, sample)))
  assert.deepEqual(
    findImpulseOnsets(cut).map(({ clipped }) => clipped),
    [false, true],
  )
})

test('a bang that stays at full scale for 20 ms is found where it begins', () => {
  const samples = noise(20, 0.05)
  const gas = noise(0.02, 1.5, 5)
  samples.set(gas, 8 * rateHz)
  addBang(samples, 8.02, 1)
  const found = times(samples.map((sample) => Math.max(-1, Math.min(1, sample))))
  assert.equal(found.length, 1, found.join(' '))
  assert.ok(Math.abs(found[0]! - 8) < 0.003, `${found[0]}`)
})

test('a bang that overdrives the recording for a tenth of a second, echo and all, is found', () => {
  const samples = noise(20, 0.001)
  const echo = noise(1.2, 4, 5).map((sample, index) => sample * 10 ** (-index / rateHz / 0.25))
  for (const [index, sample] of echo.entries()) samples[8 * rateHz + index]! += sample
  const found = times(samples.map((sample) => Math.max(-1, Math.min(1, sample))))
  assert.equal(found.length, 1, found.join(' '))
  assert.ok(Math.abs(found[0]! - 8) < 0.003, `${found[0]}`)
})

test('what begins at once and stays is none', () => {
  const samples = noise(20, 0.001)
  samples.set(noise(12, 0.4, 5), 8 * rateHz)
  assert.deepEqual(times(samples), [])
})

test('a bullet’s crack 16 ms before the blast does not hide it', () => {
  const samples = noise(20, 0.01)
  addBang(samples, 8, 0.9)
  const crack = Float32Array.from({ length: 4 }, (_, step) => 0.45 * (1 - step / 1.5))
  for (const [step, sample] of crack.entries()) samples[8 * rateHz - 128 + step]! += sample
  const found = times(samples)
  assert.equal(found.length, 1, found.join(' '))
  assert.ok(Math.abs(found[0]! - 8 + 0.016) < 0.003 || Math.abs(found[0]! - 8) < 0.003)
})

test('a bang that gain control holds down behind a knock is found, though speech goes on louder', () => {
  const samples = noise(20, 0.002)
  addSpeech(samples.subarray(8.5 * rateHz), 0.5)
  addBang(samples, 8, 0.07)
  const found = times(samples)
  assert.equal(found.filter((seconds) => Math.abs(seconds - 8) < 0.002).length, 1, found.join(' '))
})

test('a bang heard under gain control is found, and the next one 0.4 s later', () => {
  const samples = noise(20, 0.01)
  addBang(samples, 8, 0.9)
  addBang(samples, 8.4, 0.9)
  let level = 0.01
  for (let index = 0; index < samples.length; index++) {
    const loud = Math.abs(samples[index]!)
    level += (loud > level ? 0.03 : 0.0001) * (loud - level)
    samples[index]! *= Math.min(8, 0.1 / level)
  }
  const found = times(samples)
  assert.equal(found.length, 2, found.join(' '))
  assert.ok(Math.abs(found[0]! - 8) < 0.002 && Math.abs(found[1]! - 8.4) < 0.002)
})

test('a recording longer than a piece is heard as a whole, read in pieces or at once', () => {
  const samples = noise(200, 0.01)
  const at = [1.5, 59.9999, 60.3, 64.9, 119.98, 180.001, 198]
  for (const seconds of at) addBang(samples, seconds, 0.5)
  const pieces = {
    length: samples.length,
    read(from: number, into: Float32Array): void {
      for (let index = 0; index < into.length; index++) into[index] = samples[from + index] ?? 0
    },
  }
  const found = findImpulseOnsets(samples)
  assert.deepEqual(findImpulseOnsets(pieces), found)
  assert.equal(found.length, at.length)
  for (const [index, { ownSeconds }] of found.entries()) {
    assert.ok(Math.abs(ownSeconds - at[index]!) < 0.002)
  }
})

test('a recording that starts later has the same onsets, earlier in its own time', () => {
  const samples = noise(30, 0.01)
  for (const seconds of [10, 13, 20]) addBang(samples, seconds, 0.3)
  const later = times(samples.slice(2.5 * rateHz))
  assert.equal(later.length, 3)
  for (const [index, seconds] of times(samples).entries()) {
    assert.ok(Math.abs(seconds - 2.5 - later[index]!) < 0.001)
  }
})
