/**
 * How often something may be tried, by address and by link. An address is known only
 * as a hash under a key that is drawn anew every day and never leaves memory, so that
 * nobody can tell afterwards who was here. Nothing of it is written anywhere.
 */
import { createHmac } from 'node:crypto'
import type { Effects } from '../store/store.ts'

export interface RateLimit {
  /** Counts one try; false where there were too many. */
  allows(act: RatedAct, who: { readonly address: string; readonly link?: string }): boolean
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
  /** Receipt codes and links typed in. */
  code: { minutes: 60, address: 60, link: 6000 },
} as const

const keyMilliseconds = 86_400_000

export function rateLimit(effects: Effects): RateLimit {
  let key = effects.randomBytes(32)
  let keyedAt = effects.now().getTime()
  const counts = new Map<string, { count: number; readonly until: number }>()

  const count = (name: string, most: number, minutes: number, now: number): boolean => {
    const known = counts.get(name)
    if (known === undefined || known.until <= now) {
      counts.set(name, { count: 1, until: now + minutes * 60_000 })
      return true
    }
    known.count += 1
    return known.count <= most
  }

  return {
    allows(act, { address, link }) {
      const now = effects.now().getTime()
      if (now - keyedAt >= keyMilliseconds) {
        key = effects.randomBytes(32)
        keyedAt = now
        counts.clear()
      }
      if (counts.size > 100_000) {
        for (const [name, { until }] of counts) if (until <= now) counts.delete(name)
      }
      const { minutes, address: ofAddress, link: ofLink } = rates[act]
      const hashed = createHmac('sha256', key).update(address).digest('base64url')
      const byAddress = count(`${act} ${hashed}`, ofAddress, minutes, now)
      const byLink = link === undefined || count(`${act} ${link}`, ofLink, minutes, now)
      return byAddress && byLink
    },
  }
}
