import assert from 'node:assert/strict'
import { test } from 'node:test'
import { deflateSync, gzipSync } from 'node:zlib'
import { newCanaries } from './canaries.ts'

test('a canary is found in every form in which something could come out, and not where it is not', () => {
  const canaries = newCanaries()
  const text = canaries.plant('a name', (word) => `Jane ${word} <é&>`)
  canaries.plant('another')
  const wide = Buffer.from(text, 'utf16le')
  for (const [form, bytes] of Object.entries({
    plain: `before ${text} after`,
    'upper case': text.toUpperCase(),
    'utf-16le': wide,
    'utf-16be': Buffer.from(wide).swap16(),
    hex: Buffer.from(`x${text}y`).toString('hex'),
    base64: Buffer.from(text).toString('base64'),
    'base64 within': Buffer.from(`a${text}z`).toString('base64'),
    'base64url within': Buffer.from(`ab${text}zz`).toString('base64url'),
    address: `?q=${encodeURIComponent(text)}&`,
    html: text.replaceAll('&', '&#x26;').replaceAll('<', '&#x3C;'),
    deflated: Buffer.concat([
      Buffer.from('stream\n'),
      deflateSync(`say ${text}`),
      Buffer.from('x'),
    ]),
    gzip: gzipSync(text),
  })) {
    const found = canaries.findIn(form, bytes)
    assert.deepEqual([...new Set(found.map(({ canary }) => canary))], ['a name'], form)
  }
  assert.deepEqual(canaries.findIn('nothing', 'Jane Zeisig <é&>'), [])
})
