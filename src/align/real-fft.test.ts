import assert from 'node:assert/strict'
import test from 'node:test'
import { allocateBlock, floatsOf, freeBlock, realFftOfSize, transformSizeFrom } from './real-fft.ts'

function numbers(count: number, seed: number): Float32Array {
  let state = seed
  return Float32Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0
    return state / 2 ** 31
  })
}

function farthest(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let worst = 0
  for (let index = 0; index < a.length; index++) {
    worst = Math.max(worst, Math.abs(a[index]! - b[index]!))
  }
  return worst
}

function blockOf(values: Float32Array) {
  const block = allocateBlock(values.length)
  floatsOf(block).set(values)
  return block
}

for (const size of [32, 64, 256, 1024]) {
  test(`a transform of ${size} points is the sum that defines it`, () => {
    const signal = numbers(size, size)
    const from = blockOf(signal)
    const to = allocateBlock(size)
    realFftOfSize(size).forwardOrdered(from, to)
    const found = floatsOf(to)
    const wanted = new Float64Array(size)
    for (let k = 0; k <= size / 2; k++) {
      let re = 0
      let im = 0
      for (let t = 0; t < size; t++) {
        const angle = (-2 * Math.PI * ((k * t) % size)) / size
        re += signal[t]! * Math.cos(angle)
        im += signal[t]! * Math.sin(angle)
      }
      if (k === 0) wanted[0] = re
      else if (k === size / 2) wanted[1] = re
      else {
        wanted[2 * k] = re
        wanted[2 * k + 1] = im
      }
    }
    assert.ok(farthest(found, wanted) < 1e-3)
    freeBlock(from)
    freeBlock(to)
  })
}

for (const ordered of [true, false]) {
  test(`back from a transform ${ordered ? 'in order' : 'out of order'} comes the signal times its size`, () => {
    const size = 4096
    const signal = numbers(size, 7)
    const from = blockOf(signal)
    const to = allocateBlock(size)
    const fft = realFftOfSize(size)
    if (ordered) {
      fft.forwardOrdered(from, to)
      fft.disorder(to, from)
      fft.inverse(from, to)
      floatsOf(from).set(floatsOf(to))
    } else {
      fft.forward(from, to)
      fft.inverse(to, from)
    }
    const scaled = floatsOf(from).map((value) => value / size)
    assert.ok(farthest(scaled, signal) < 1e-5)
    freeBlock(from)
    freeBlock(to)
  })
}

test('the product with the transform of a signal turned around correlates', () => {
  const size = 64
  const [a, b] = [numbers(size, 1), numbers(size, 2)]
  const fft = realFftOfSize(size)
  const turned = Float32Array.from({ length: size }, (_, t) => b[(size - t) % size]!)
  const [inA, inB] = [blockOf(a), blockOf(turned)]
  const [outA, outB, sum] = [allocateBlock(size), allocateBlock(size), allocateBlock(size)]
  fft.forward(inA, outA)
  fft.forward(inB, outB)
  floatsOf(sum).fill(0)
  fft.addProduct(outA, outB, sum, 1 / size)
  fft.inverse(sum, outA)
  const wanted = Float64Array.from({ length: size }, (_, lag) =>
    a.reduce((total, _value, t) => total + a[(t + lag) % size]! * b[t]!, 0),
  )
  assert.ok(farthest(floatsOf(outA), wanted) < 1e-4)
  for (const block of [inA, inB, outA, outB, sum]) freeBlock(block)
})

test('sizes that are no power of two are refused by name', () => {
  assert.throws(() => realFftOfSize(48), /not 48/)
  assert.equal(transformSizeFrom(33), 64)
  assert.equal(transformSizeFrom(3), 32)
})
