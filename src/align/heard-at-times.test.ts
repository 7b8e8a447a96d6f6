import assert from 'node:assert/strict'
import test from 'node:test'
import { heardUpTo, sumUpTo } from './heard-at-times.ts'

/** So much a frame for so many frames, one stretch after the other. */
function gains(...stretches: readonly (readonly [each: number, frames: number])[]): Float64Array {
  return Float64Array.from(stretches.flatMap(([each, frames]) => Array<number>(frames).fill(each)))
}

test('what is heard counts nearly in full', () => {
  const of = gains([0.2, 200])
  assert.equal(sumUpTo([of]).at(-1)!.toFixed(6), '40.000000')
  const at = heardUpTo([of])
  assert.ok(at.at(-1)! > 36 && at.at(-1)! < 40, String(at.at(-1)))
})

test('a silence counts little, where a witness that hears throughout would deny the piece', () => {
  const of = gains([0.2, 200], [-0.2, 400])
  const [atTimes, throughout] = [heardUpTo, sumUpTo].map((upTo) => {
    const found = upTo([of])
    return found.at(-1)! - found[200]!
  }) as [number, number]
  assert.equal(throughout.toFixed(6), '-80.000000')
  assert.ok(atTimes > -8 && atTimes < 0, String(atTimes))
})

test('another source than the usual is heard, too', () => {
  const usual = gains([0.2, 200], [-0.2, 200])
  const other = gains([-0.2, 200], [0.2, 200])
  assert.ok(heardUpTo([usual, other]).at(-1)! > 68)
  assert.ok(heardUpTo([usual]).at(-1)! < 40)
})

test('of one frame more comes one moment more, beginning with nothing', () => {
  assert.deepEqual([...sumUpTo([gains([1, 3])])], [0, 1, 2, 3])
  assert.deepEqual([...heardUpTo([gains()])], [0])
})
