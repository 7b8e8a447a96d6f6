/**
 * How often something may be tried, by address and by link. An address is known only
 * as a hash under a key that is drawn anew every day and never leaves memory, so that
 * nobody can tell afterwards who was here. Nothing of it is written anywhere.
 */
import { createHmac } from 'node:crypto'
import { isIPv6 } from 'node:net'
import type { Effects } from '../store/store.ts'

export interface RateLimit {
  /** Counts one try; false where there were too many. */
  allows(act: RatedAct, who: Who): boolean
  /** Whether it would; counts nothing. */
  wouldAllow(act: RatedAct, who: Who): boolean
}

interface Who {
  readonly address: string
  readonly link?: string
}

type RatedAct = keyof typeof rates

/** Tries in so many minutes: of one address, and of one link by everybody. */
const rates = {
  /** Of any page or request. */
  ask: { minutes: 10, address: 6000, link: 60_000 },
  /** Tips and files begun. */
  begin: { minutes: 60, address: 120, link: 1200 },
  /** Comments sent. */
  comment: { minutes: 10, address: 60, link: 6000 },
  /** Receipt codes and links that there are not. */
  code: { minutes: 60, address: 60, link: 6000 },
} as const

const keyMilliseconds = 86_400_000
const sweepMilliseconds = 60_000
/** More than these are forgotten, the oldest first. */
const usualMostCounts = 200_000

export function rateLimit(effects: Effects, mostCounts = usualMostCounts): RateLimit {
  let key = effects.randomBytes(32)
  let keyedAt = effects.now().getTime()
  let sweptAt = keyedAt
  /** In the order of their beginning. */
  const counts = new Map<string, { count: number; readonly until: number }>()

  const countOf = (name: string, now: number): number => {
    const known = counts.get(name)
    return known === undefined || known.until <= now ? 0 : known.count
  }

  const add = (name: string, minutes: number, now: number): number => {
    const known = counts.get(name)
    if (known !== undefined && known.until > now) return (known.count += 1)
    counts.delete(name)
    counts.set(name, { count: 1, until: now + minutes * 60_000 })
    for (const oldest of counts.keys()) {
      if (counts.size <= mostCounts) break
      counts.delete(oldest)
    }
    return 1
  }

  const tend = (now: number): void => {
    if (now - keyedAt >= keyMilliseconds) {
      key = effects.randomBytes(32)
      keyedAt = now
      counts.clear()
    }
    if (now - sweptAt < sweepMilliseconds) return
    sweptAt = now
    for (const [name, { until }] of counts) if (until <= now) counts.delete(name)
  }

  const namesOf = (
    act: RatedAct,
    { address, link }: Who,
  ): readonly (readonly [string, number])[] => {
    const hashed = createHmac('sha256', key).update(networkOf(address)).digest('base64url')
    const byAddress = [`${act} ${hashed}`, rates[act].address] as const
    return link === undefined ? [byAddress] : [byAddress, [`${act} ${link}`, rates[act].link]]
  }

  return {
    allows(act, who) {
      const now = effects.now().getTime()
      tend(now)
      const { minutes } = rates[act]
      const within = namesOf(act, who).map(([name, most]) => add(name, minutes, now) <= most)
      return within.every(Boolean)
    },
    wouldAllow(act, who) {
      const now = effects.now().getTime()
      tend(now)
      return namesOf(act, who).every(([name, most]) => countOf(name, now) < most)
    },
  }
}

/** Of IPv6 the /64 that one subscriber has all of; an IPv4 address written as IPv6 is that. */
function networkOf(address: string): string {
  if (!isIPv6(address)) return address
  const host = new URL(`http://[${address.replace(/%.*/s, '')}]`).hostname.slice(1, -1)
  const [left = [], right = []] = host.split('::').map((half) => half.split(':').filter(Boolean))
  const groups = [...left, ...Array<string>(8 - left.length - right.length).fill('0'), ...right]
  if (groups.slice(0, 6).join(':') !== '0:0:0:0:0:ffff') return groups.slice(0, 4).join(':')
  const bytes = groups.slice(6).flatMap((group) => {
    const value = Number.parseInt(group, 16)
    return [value >> 8, value & 255]
  })
  return bytes.join('.')
}
