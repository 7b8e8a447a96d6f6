/**
 * How often a password or code may be guessed. Counted are wrong ones: of one account from one
 * address, so that who guesses shuts out no neighbour; of one address, whatever the account; and of
 * one account from everywhere. Whether there is such an account plays no part.
 */
import type { Effects } from '../store/store.ts'
import { networkOf } from './network-of.ts'
import { rateCounts } from './rate-counts.ts'

export interface Guesser {
  readonly address: string
  /** As it was typed; without one where a code belongs to a sign-in that began before. */
  readonly account?: string
  /** Who is signed in and guesses at their own account: nobody else counts for them, or against them. */
  readonly person?: string
}

export type Guess =
  /** Counted as wrong until it is taken back. */
  | { readonly kind: 'allowed'; takeBack(): void }
  | { readonly kind: 'wait'; readonly seconds: number }

export interface GuessLimit {
  guess(who: Guesser): Guess
}

interface Limit {
  readonly name: string
  readonly minutes: number
  readonly most: number
}

const own = { minutes: 15, most: 10 }
const accountFromAddress = { minutes: 15, most: 10 }
/** An office, a newsroom's network: generous. */
const address = { minutes: 15, most: 100 }
/** Slower, and never shut: 2880 a day. Passkeys and sessions are not held up by it. */
const accountFromEverywhere = { minutes: 5, most: 10 }

export function guessLimit(effects: Effects): GuessLimit {
  const counts = rateCounts(effects)
  return {
    guess(who) {
      const limits = limitsOf(who)
      // A guess that one of them refuses counts for none: one account's guesser uses up no address.
      const full = limits.filter(({ name, most }) => counts.count(name) >= most)
      if (full.length > 0) {
        const seconds = Math.max(...full.map(({ name }) => counts.waitSeconds(name)))
        return { kind: 'wait', seconds }
      }
      for (const { name, minutes } of limits) counts.add(name, minutes)
      return {
        kind: 'allowed',
        takeBack: () => {
          for (const { name } of limits) counts.takeBack(name)
        },
      }
    },
  }
}

function limitsOf({ address: from, account, person }: Guesser): readonly Limit[] {
  if (person !== undefined) return [{ name: `own ${person}`, ...own }]
  const network = networkOf(from)
  const byAddress = { name: `from ${network}`, ...address }
  if (account === undefined) return [byAddress]
  return [
    { name: `${network} at ${account}`, ...accountFromAddress },
    byAddress,
    { name: `at ${account}`, ...accountFromEverywhere },
  ]
}
