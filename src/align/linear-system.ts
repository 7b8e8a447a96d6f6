/** A symmetric positive definite system, factored once (Cholesky), asked often. */
export interface FactoredSystem {
  readonly solve: (right: Float64Array) => Float64Array
  /** cᵀ A⁻¹ c: the variance of c·x if A is the inverse covariance of x. */
  readonly variance: (c: Float64Array) => number
}

/** `matrix` is row-major, size × size; only its lower triangle is read. RangeError if not positive definite. */
export function factorSystem(matrix: Float64Array, size: number): FactoredSystem {
  const lower = new Float64Array(size * size)
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = matrix[i * size + j]!
      for (let k = 0; k < j; k++) sum -= lower[i * size + k]! * lower[j * size + k]!
      if (i > j) {
        lower[i * size + j] = sum / lower[j * size + j]!
      } else {
        if (!(sum > 0)) throw new RangeError('the system is not positive definite')
        lower[i * size + i] = Math.sqrt(sum)
      }
    }
  }
  function forward(right: Float64Array): Float64Array {
    const y = Float64Array.from(right)
    for (let i = 0; i < size; i++) {
      let sum = y[i]!
      for (let k = 0; k < i; k++) sum -= lower[i * size + k]! * y[k]!
      y[i] = sum / lower[i * size + i]!
    }
    return y
  }
  return {
    solve(right) {
      const x = forward(right)
      for (let i = size - 1; i >= 0; i--) {
        let sum = x[i]!
        for (let k = i + 1; k < size; k++) sum -= lower[k * size + i]! * x[k]!
        x[i] = sum / lower[i * size + i]!
      }
      return x
    },
    variance(c) {
      return forward(c).reduce((sum, value) => sum + value * value, 0)
    },
  }
}
