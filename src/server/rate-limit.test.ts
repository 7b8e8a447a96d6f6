import assert from 'node:assert/strict'
import { test } from 'node:test'
import { rateLimit } from './rate-limit.ts'

function limit() {
  let now = Date.UTC(2031, 4, 4)
  let drawn = 0
  const keys: number[] = []
  const effects = {
    now: () => new Date(now),
    randomBytes: (length: number) => {
      keys.push(++drawn)
      return new Uint8Array(length).fill(drawn)
    },
  }
  return { rate: rateLimit(effects), later: (minutes: number) => (now += minutes * 60_000), keys }
}

const tries = (times: number, act: () => boolean): number =>
  Array.from({ length: times }, act).filter(Boolean).length

test('so many tries of an address, and again when the time is over', () => {
  const { rate, later } = limit()
  const one = () => rate.allows('code', { address: '192.0.2.1' })
  assert.equal(tries(100, one), 60)
  assert.equal(rate.allows('code', { address: '192.0.2.2' }), true)
  assert.equal(rate.allows('begin', { address: '192.0.2.1' }), true)
  later(59)
  assert.equal(one(), false)
  later(1)
  assert.equal(one(), true)
})

test('a link has a limit of its own, whoever comes', () => {
  const { rate } = limit()
  let address = 0
  const link = 'link-1'
  assert.equal(
    tries(1300, () => rate.allows('begin', { address: `2001:db8::${address++}`, link })),
    1200,
  )
  assert.equal(rate.allows('begin', { address: '192.0.2.1', link: 'link-2' }), true)
})

test('addresses are known under another key every day', () => {
  const { rate, later, keys } = limit()
  rate.allows('ask', { address: '192.0.2.1' })
  later(23 * 60)
  rate.allows('ask', { address: '192.0.2.1' })
  assert.equal(keys.length, 1)
  later(61)
  rate.allows('ask', { address: '192.0.2.1' })
  assert.equal(keys.length, 2)
})
