import assert from 'node:assert/strict'
import { test } from 'node:test'
import { rateLimit } from './rate-limit.ts'

function limit(mostCounts?: number) {
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
  return {
    rate: rateLimit(effects, mostCounts),
    later: (minutes: number) => (now += minutes * 60_000),
    keys,
  }
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
    tries(1300, () => rate.allows('begin', { address: `2001:db8:0:${address++}::1`, link })),
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

test('an IPv6 address counts by its /64, an IPv4 address written so as itself', () => {
  const { rate } = limit()
  let host = 0
  const among = (prefix: string) => () =>
    rate.allows('code', { address: `${prefix}${(host++).toString(16)}` })
  assert.equal(tries(100, among('2001:db8:1:2::')), 60)
  assert.equal(rate.allows('code', { address: '2001:0DB8:0001:0002:a:b:c:d' }), false)
  assert.equal(rate.allows('code', { address: '2001:db8:1:3::1' }), true)
  assert.equal(tries(100, among('fe80::')), 60)
  assert.equal(rate.allows('code', { address: 'fe80::1%eth0' }), false)
  assert.equal(
    tries(60, () => rate.allows('code', { address: '::ffff:192.0.2.1' })),
    60,
  )
  assert.equal(rate.allows('code', { address: '::ffff:c000:201' }), false)
  assert.equal(rate.allows('code', { address: '192.0.2.1' }), false)
  assert.equal(rate.allows('code', { address: '::ffff:192.0.2.2' }), true)
})

test('asking whether a try would be allowed counts none', () => {
  const { rate } = limit()
  const who = { address: '192.0.2.1' }
  assert.equal(
    tries(100, () => rate.wouldAllow('code', who)),
    100,
  )
  assert.equal(
    tries(60, () => rate.allows('code', who)),
    60,
  )
  assert.equal(rate.wouldAllow('code', who), false)
})

test('so many are kept, and the oldest forgotten first', () => {
  const { rate } = limit(100)
  const from = (host: number) => ({ address: `192.0.2.${host}` })
  for (let host = 0; host < 100; host += 1) tries(60, () => rate.allows('code', from(host)))
  rate.allows('code', { address: '198.51.100.1' })
  assert.equal(rate.wouldAllow('code', from(0)), true)
  assert.equal(rate.wouldAllow('code', from(1)), false)
})

test('a hundred thousand addresses do not slow down who comes after them', () => {
  const { rate } = limit()
  const come = (from: number, times: number) => {
    const begun = performance.now()
    for (let at = from; at < from + times; at += 1) {
      const groups = `${(at >> 16).toString(16)}:${(at & 65_535).toString(16)}`
      rate.allows('ask', { address: `2001:db8:${groups}::1` })
    }
    return (performance.now() - begun) / times
  }
  const first = come(0, 10_000)
  come(10_000, 110_000)
  const later = come(120_000, 1000)
  assert.ok(later < Math.max(0.5, 20 * first), `${later} ms each, and ${first} at first`)
})
