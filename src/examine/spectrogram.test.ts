import assert from 'node:assert/strict'
import { test } from 'node:test'
import { spectrogram, type Spectrogram } from './spectrogram.ts'

const rateHz = 8000

function sound(seconds: number, at: (seconds: number) => number): Float32Array {
  return Float32Array.from({ length: seconds * rateHz }, (_, index) => at(index / rateHz))
}

function tone(hertz: number, level = 1): (seconds: number) => number {
  return (seconds) => level * Math.sin(2 * Math.PI * hertz * seconds)
}

/** Its level in the band of a frequency, at a time. */
function levelAt(picture: Spectrogram, seconds: number, hertz: number): number {
  const column = Math.round((seconds - picture.firstSeconds) / picture.columnSeconds)
  const row = picture.rows - 1 - Math.floor(hertz / picture.rowHertz)
  return picture.levels[row * picture.columns + column] ?? NaN
}

test('a tone is loudest in its own band, from 0 to 4 kHz', () => {
  for (const hertz of [62.5, 1000, 2500, 3937.5]) {
    const picture = spectrogram(sound(0.5, tone(hertz)))
    assert.equal(picture.rows * picture.rowHertz, 4000)
    assert.equal(levelAt(picture, 0.25, hertz), 255)
    assert.equal(levelAt(picture, 0.25, (hertz + 2000) % 4000), 0)
  }
})

test('half as loud is 6 of 60 dB less; 60 dB less is nothing', () => {
  const both = sound(1, (at) =>
    at < 0.5 ? tone(1000)(at) : tone(1000, at < 0.75 ? 0.5 : 1e-3)(at),
  )
  const picture = spectrogram(both)
  assert.equal(levelAt(picture, 0.25, 1000), 255)
  assert.ok(Math.abs(levelAt(picture, 0.625, 1000) - 255 * (1 - 6.02 / 60)) <= 1)
  assert.equal(levelAt(picture, 0.875, 1000), 0)
})

test('one sample’s click stands in every band where it is and nowhere else', () => {
  const samples = new Float32Array(rateHz)
  samples[Math.round(0.5 * rateHz)] = 0.2
  const picture = spectrogram(samples)
  for (let hertz = 62.5; hertz < 4000; hertz += 62.5) {
    assert.ok(levelAt(picture, 0.5, hertz) > 230)
    assert.equal(levelAt(picture, 0.48, hertz), 0)
    assert.equal(levelAt(picture, 0.52, hertz), 0)
  }
})

test('columns stand 8 ms apart over the whole sound; silence and too little sound are no trouble', () => {
  const silence = spectrogram(new Float32Array(3 * rateHz + 64))
  assert.equal(silence.columns, 375)
  assert.ok(silence.levels.every((level) => level === 0))
  assert.equal(spectrogram(new Float32Array(100)).columns, 0)
})

test('twice as loud all over, it is the same picture', () => {
  const quiet = sound(0.5, (at) => 0.1 * Math.sin(9000 * at * at))
  const loud = quiet.map((sample) => 2 * sample)
  assert.deepEqual(spectrogram(loud), spectrogram(quiet))
})
