import assert from 'node:assert/strict'
import test from 'node:test'
import { factorSystem } from './linear-system.ts'

const matrix = Float64Array.of(4, 2, 0.6, 2, 5, 1, 0.6, 1, 3)

test('a solved system gives its right side back', () => {
  const right = Float64Array.of(1, -2, 3)
  const x = factorSystem(matrix, 3).solve(right)
  for (let i = 0; i < 3; i++) {
    const row = matrix.subarray(3 * i, 3 * i + 3)
    const sum = row.reduce((total, value, j) => total + value * x[j]!, 0)
    assert.ok(Math.abs(sum - right[i]!) < 1e-12)
  }
})

test('the variance of one unknown is its place in the inverse', () => {
  const { solve, variance } = factorSystem(matrix, 3)
  const second = Float64Array.of(0, 1, 0)
  assert.ok(Math.abs(variance(second) - solve(second)[1]!) < 1e-12)
})

test('a system that determines nothing is refused', () => {
  assert.throws(() => factorSystem(Float64Array.of(1, 1, 1, 1), 2), RangeError)
})
