import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import test from 'node:test'
import fc from 'fast-check'
import { compileKernels, kernelFolders } from '../../../scripts/build-kernels.ts'
import { bytesAt, doublesAt, floatsAt, kernels, shortsAt, withRoom, wordsAt } from './kernels.ts'

for (const folder of kernelFolders) {
  test(`the kernels in ${folder} are what their source compiles to`, async () => {
    const kept = await readFile(join(import.meta.dirname, '../../..', folder, 'kernels-wasm.ts'))
    const run = 'run: node scripts/build-kernels.ts'
    assert.equal(kept.toString(), await compileKernels(folder), run)
  })
}

test('products of signed bytes are added up exactly, the extremes too', () => {
  const byte = fc.integer({ min: -128, max: 127 })
  fc.assert(
    fc.property(fc.array(fc.tuple(byte, byte), { minLength: 1, maxLength: 20 }), (pairs) => {
      const length = 8 * pairs.length
      const [a, b] = [0, 1].map((side) =>
        Int8Array.from({ length }, (_, at) => pairs[at % pairs.length]![side]!),
      )
      const expected = a!.reduce((sum, value, at) => sum + value * b![at]!, 0)
      withRoom([length, length, 4], (one, two, out) => {
        bytesAt(one, length).set(new Uint8Array(a!.buffer))
        bytesAt(two, length).set(new Uint8Array(b!.buffer))
        assert.equal(kernels.dotBytes(one, two, length), expected)
        kernels.dotRuns(one, two, length, 1, out)
        assert.equal(wordsAt(out, 1)[0], expected)
      })
    }),
  )
})

test('whole numbers are made wider where they stand, from the front', () => {
  for (const count of [1, 3, 4, 7, 1025]) {
    withRoom([4 * count], (out) => {
      const wholes = Int16Array.from({ length: count }, (_, at) => 32_767 - 61 * at)
      shortsAt(out + 2 * count, count).set(wholes)
      kernels.widen(out + 2 * count, count, 2 ** -14, out)
      const expected = Float32Array.from(wholes, (whole) => whole * 2 ** -14)
      assert.deepEqual(floatsAt(out, count).slice(), expected)
    })
  }
})

test('of two transforms the phase of one against the other is kept, within the band', () => {
  withRoom([32, 32, 32], (a, b, band) => {
    floatsAt(a, 8).set([3, 0, 5, 0, 0, 2, 5, 0])
    floatsAt(b, 8).set([1, 0, 1, 0, 0, 4, 0, 0])
    floatsAt(band, 8).set([1, 1, 0, 1, 0, 0, 0, 0])
    kernels.keepPhases(a, b, band, 8)
    assert.deepEqual([...floatsAt(a, 8)], [1, 1, 0, 0, 0, 0, 0, 0])
  })
})

test('the powers of several transforms are added up, that of half the rate beside that of 0', () => {
  withRoom([64, 32], (transforms, out) => {
    floatsAt(transforms, 16).set([1, 2, 0, 3, 5, 0, 1, 4, 1, 1, 0, 0, 2, 1, 0, 0])
    kernels.powers(transforms, 2, 8, out)
    assert.deepEqual([...floatsAt(out, 8)], [2, 6, 1, 25, 29, 0, 0, 0])
  })
})

test('a window read at a fraction of a sample is the sound between its samples', () => {
  const length = 1024
  const step = 1.0003
  const wave = (at: number): number => Math.sin(at / 7)
  withRoom([4 * 1100, 4 * length, 4 * length], (source, shape, out) => {
    floatsAt(source, 1100).set(Float32Array.from({ length: 1100 }, (_, at) => wave(at)))
    floatsAt(shape, length).fill(1)
    kernels.readWindow(source, 2.25, step, shape, length, out)
    const worst = floatsAt(out, length).reduce(
      (most, value, t) => Math.max(most, Math.abs(value - wave(2.25 + t * step))),
      0,
    )
    assert.ok(worst < 1e-3, `${worst}`)
  })
})

test('the highest line of lag and drift goes through the cells that were raised', () => {
  const [windows, cells, slopes] = [5, 40, 9]
  withRoom(
    [
      4 * windows * cells,
      4 * slopes * windows,
      4 * cells,
      4 * cells,
      4 * cells,
      4 * slopes * cells,
    ],
    (energies, shifts, row, heights, places, sampled) => {
      const energy = floatsAt(energies, windows * cells).fill(0)
      const shiftOf = wordsAt(shifts, slopes * windows)
      for (let slope = 0; slope < slopes; slope++) {
        for (let window = 0; window < windows; window++) {
          shiftOf[slope * windows + window] = (slope - 4) * (window - 2)
        }
      }
      // Raised along the slope of 2 cells a window, through cell 19.
      for (let window = 0; window < windows; window++) {
        energy[window * cells + 19 + 2 * (window - 2)] = 1
      }
      const count = kernels.highestLines(
        energies,
        windows,
        cells,
        shifts,
        slopes,
        row,
        heights,
        places,
        3,
        sampled,
      )
      assert.equal(count, (slopes * cells) / 3)
      assert.equal(floatsAt(heights, cells)[19], windows)
      assert.equal(wordsAt(places, cells)[19], 6)
      assert.ok(floatsAt(heights, cells).every((height, cell) => cell === 19 || height <= 2))
    },
  )
})

test('evidence is half the square of the highest near by, less what lies farther off', () => {
  const [reach, less, most] = [3, 0.03, 10]
  for (const count of [1, 2, 4, 5, 63, 200]) {
    const values = Float32Array.from({ length: count }, (_, at) => 12 * Math.sin(at * at) + 1)
    const expected = Array.from(values, (_, at) =>
      values.reduce((highest, value, place) => {
        const off = Math.abs(place - at)
        const height = Math.max(0, Math.min(most, (value - 0.5) * 1.25)) * (1 - less * off)
        return off > reach ? highest : Math.max(highest, height ** 2 / 2)
      }, 0),
    )
    const floats = 4 * (count + 2 * reach + 3)
    withRoom([4 * count, floats, floats, 16], (scores, room, out, moments) => {
      floatsAt(scores, count).set(values)
      kernels.evidenceNear(scores, count, 0.5, 1.25, most, reach, less, room, out, moments)
      const found = [...floatsAt(out, count)]
      const worst = Math.max(...found.map((one, at) => Math.abs(one - expected[at]!)))
      assert.ok(worst < 1e-4, `${worst}`)
      const sums = [found, found.map((one) => one ** 2)].map((of) => of.reduce((x, y) => x + y))
      for (const [index, sum] of doublesAt(moments, 2).entries()) {
        assert.ok(Math.abs(sum - sums[index]!) < 1e-6 * (1 + sum))
      }
    })
  }
})

test('heights are read backwards and weighed by their overlap', () => {
  const [size, aSteps, bSteps, shortest, full] = [32, 12, 9, 2, 5]
  const correlation = Float32Array.from({ length: size }, (_, at) => Math.sin(at * at) + at)
  const overlapAt = (lag: number) => Math.min(aSteps, bSteps + lag) - Math.max(0, lag)
  const expected = Float32Array.from({ length: size }, (_, place) => {
    const overlap = overlapAt(place > aSteps ? place - size : place)
    const value = correlation[(size - place) % size]! / Math.sqrt(Math.max(overlap, full))
    return overlap < shortest ? -Infinity : value
  })
  // The overlap comes in by the opposite of the lag, too, here in quarters of a step.
  const overlaps = Float32Array.from({ length: size }, (_, at) => {
    const lag = at === 0 ? 0 : at >= size - aSteps ? size - at : -at
    return 4 * overlapAt(lag)
  })
  withRoom([4 * size, 4 * size, 4 * size, 8], (of, overlap, out, tops) => {
    const near = (found: Float32Array) =>
      found.every((value, at) => value === expected[at] || Math.abs(value - expected[at]!) < 1e-5)
    floatsAt(of, size).set(correlation)
    floatsAt(overlap, size).set(overlaps)
    kernels.heightsByLength(of, size, aSteps, bSteps, shortest, full, out)
    assert.ok(near(floatsAt(out, size)))
    floatsAt(out, size).fill(0)
    kernels.heightsByOverlap(of, overlap, size, 1 / 4, shortest, full, out)
    assert.ok(near(floatsAt(out, size)))
    kernels.highestOfBlocks(out, size, 16, tops)
    const highest = [0, 16].map((from) =>
      Math.max(...floatsAt(out, size).subarray(from, from + 16)),
    )
    assert.deepEqual([...floatsAt(tops, 2)], highest)
  })
})
