import { doublesAt, floatsAt, kernels, withRoom } from './kernels/kernels.ts'

/** Room for the kernel's bins. */
const binBytes = 4 * 512

/** Median and robust standard deviation, from the median of the distances to it; 0 of none. */
export function centreAndSpread(values: Float32Array): {
  readonly centre: number
  readonly spread: number
} {
  const { length } = values
  return withRoom([4 * length, 4 * length, binBytes, 16], (copy, room, bins, out) => {
    floatsAt(copy, length).set(values)
    kernels.centreAndDistance(copy, length, room, bins, out)
    const [centre, distance] = doublesAt(out, 2) as Float64Array & [number, number]
    return { centre, spread: 1.4826 * distance }
  })
}
