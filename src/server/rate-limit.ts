/** How often something may be tried, by address and by link. */
import type { Effects } from '../store/store.ts'
import { networkOf } from './network-of.ts'
import { rateCounts } from './rate-counts.ts'

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
  /** Tips and files begun: whole newsrooms and villages have one address, and a phone holds hundreds of pictures. */
  begin: { minutes: 60, address: 600, link: 1200 },
  /** Comments sent. */
  comment: { minutes: 10, address: 60, link: 6000 },
  /** Receipt codes and links that there are not. */
  code: { minutes: 60, address: 60, link: 6000 },
} as const

export function rateLimit(effects: Effects, mostCounts?: number): RateLimit {
  const counts = rateCounts(effects, mostCounts)

  const namesOf = (
    act: RatedAct,
    { address, link }: Who,
  ): readonly (readonly [string, number])[] => {
    const byAddress = [`${act} from ${networkOf(address)}`, rates[act].address] as const
    return link === undefined ? [byAddress] : [byAddress, [`${act} by ${link}`, rates[act].link]]
  }

  return {
    allows(act, who) {
      const { minutes } = rates[act]
      const within = namesOf(act, who).map(([name, most]) => counts.add(name, minutes) <= most)
      return within.every(Boolean)
    },
    wouldAllow: (act, who) => namesOf(act, who).every(([name, most]) => counts.count(name) < most),
  }
}
