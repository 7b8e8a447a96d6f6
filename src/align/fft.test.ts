import assert from 'node:assert/strict'
import test from 'node:test'
import { fftOfSize, powerOfTwoFrom } from './fft.ts'

function numbers(count: number, seed: number): Float64Array {
  let state = seed
  return Float64Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0
    return state / 2 ** 31
  })
}

function slowTransform(re: Float64Array, im: Float64Array) {
  const size = re.length
  const outRe = new Float64Array(size)
  const outIm = new Float64Array(size)
  for (let k = 0; k < size; k++) {
    for (let t = 0; t < size; t++) {
      const angle = (-2 * Math.PI * ((k * t) % size)) / size
      outRe[k] = outRe[k]! + re[t]! * Math.cos(angle) - im[t]! * Math.sin(angle)
      outIm[k] = outIm[k]! + re[t]! * Math.sin(angle) + im[t]! * Math.cos(angle)
    }
  }
  return { outRe, outIm }
}

function farthest(a: Float64Array, b: Float64Array): number {
  return a.reduce((worst, value, index) => Math.max(worst, Math.abs(value - b[index]!)), 0)
}

for (const size of [1, 2, 4, 8, 16, 32, 64, 512]) {
  test(`the transform of ${size} points is the sum that defines it`, () => {
    const re = numbers(size, 1)
    const im = numbers(size, 2)
    const { outRe, outIm } = slowTransform(re, im)
    fftOfSize(size).forward(re, im)
    assert.ok(farthest(re, outRe) < 1e-10 * size)
    assert.ok(farthest(im, outIm) < 1e-10 * size)
  })
}

for (const size of [8192, 32768]) {
  test(`forward and back gives the same ${size} points again`, () => {
    const re = numbers(size, 3)
    const im = numbers(size, 4)
    const [wasRe, wasIm] = [re.slice(), im.slice()]
    fftOfSize(size).forward(re, im)
    assert.ok(farthest(re, wasRe) > 1)
    fftOfSize(size).inverse(re, im)
    assert.ok(farthest(re, wasRe) < 1e-12)
    assert.ok(farthest(im, wasIm) < 1e-12)
  })
}

test('a length that is no power of two is refused', () => {
  assert.throws(() => fftOfSize(12), RangeError)
  assert.throws(() => fftOfSize(0), RangeError)
  assert.throws(() => fftOfSize(8).forward(new Float64Array(4), new Float64Array(4)), RangeError)
})

test('powers of two are found from any length', () => {
  assert.deepEqual([0, 1, 2, 3, 1000, 1024].map(powerOfTwoFrom), [1, 1, 2, 4, 1024, 1024])
})
