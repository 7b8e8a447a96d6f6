import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inflateSync } from 'node:zlib'
import { indexedPng } from './indexed-png.ts'

test('its rows are two pixels a byte, the last of an odd row alone; its colours are as given', () => {
  const png = indexedPng({
    width: 3,
    height: 2,
    indexes: Uint8Array.of(0, 1, 2, 2, 1, 0),
    colours: [
      [255, 255, 255],
      [10, 20, 30],
      [0, 0, 0],
    ],
  })
  const contentOf = (type: string): Buffer => {
    const at = png.indexOf(type, 0, 'latin1')
    return png.subarray(at + 4, at + 4 + png.readUInt32BE(at - 4))
  }
  assert.deepEqual([...contentOf('IHDR')], [0, 0, 0, 3, 0, 0, 0, 2, 4, 3, 0, 0, 0])
  assert.deepEqual([...contentOf('PLTE')], [255, 255, 255, 10, 20, 30, 0, 0, 0])
  assert.deepEqual([...inflateSync(contentOf('IDAT'))], [0, 0x01, 0x20, 0, 0x21, 0x00])
  assert.equal(png.length, 8 + 12 * 4 + 13 + 9 + contentOf('IDAT').length)
})
