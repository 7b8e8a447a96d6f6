import assert from 'node:assert/strict'
import { test } from 'node:test'
import { drawFrameCode, readFrameCode } from './frame-index.ts'
import { createPicture } from './raster.ts'

function coded(phone: number, frame: number, width = 360, height = 240): Uint8Array {
  const picture = createPicture(width, height)
  drawFrameCode(picture, phone, frame)
  return picture.bytes.slice(0, width * height)
}

test('every bit of phone and frame is read back', () => {
  for (const phone of [0, 5, 15]) {
    for (const frame of [0, 1, 2, 4, 255, 256, 0x5555, 0xaaaa, 0xffff]) {
      assert.deepEqual(readFrameCode(coded(phone, frame), 360, 240), { phone, frame })
    }
  }
})

test('the code is read at odd widths from 240 pixels', () => {
  for (const width of [240, 242, 266, 318, 426, 854]) {
    assert.deepEqual(readFrameCode(coded(3, 40321, width), width, 240), { phone: 3, frame: 40321 })
  }
})

test('the code is read between plain bars at the sides and above', () => {
  const bars = new Uint8Array(480 * 300).fill(16)
  const inner = coded(9, 1234)
  for (let row = 0; row < 240; row++) {
    bars.set(inner.subarray(row * 360, (row + 1) * 360), (row + 40) * 480 + 60)
  }
  assert.deepEqual(readFrameCode(bars, 480, 300), { phone: 9, frame: 1234 })
})

test('one cell turned over makes the whole code unreadable', () => {
  for (let cell = 0; cell < 36; cell++) {
    const gray = coded(6, 777)
    for (let row = 0; row < 10; row++) {
      for (let column = 10 * cell; column < 10 * cell + 10; column++) {
        gray[row * 360 + column] = 255 - gray[row * 360 + column]!
      }
    }
    assert.equal(readFrameCode(gray, 360, 240), undefined, `cell ${cell}`)
  }
})

test('two frames laid over each other are not read as either', () => {
  const [one, other] = [coded(1, 0x0ff0), coded(1, 0x0f0f)]
  const blend = one.map((value, index) => (value + other[index]!) / 2)
  assert.equal(readFrameCode(blend, 360, 240), undefined)
})

test('a black, a white and a striped picture hold no code', () => {
  const striped = Uint8Array.from({ length: 360 * 240 }, (_, index) => (index % 20 < 10 ? 250 : 5))
  for (const gray of [new Uint8Array(86400), new Uint8Array(86400).fill(255), striped]) {
    assert.equal(readFrameCode(gray, 360, 240), undefined)
  }
})
