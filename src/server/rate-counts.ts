/**
 * Counts of acts within a time. Names are known only as hashes under a key that is drawn anew
 * every day and never leaves memory, so that nobody can tell afterwards who was here. Nothing
 * of it is written anywhere.
 */
import { createHmac } from 'node:crypto'
import type { Effects } from '../store/store.ts'

export interface RateCounts {
  /** Counts one; how many there are now. The time begins with the first. */
  add(name: string, minutes: number): number
  count(name: string): number
  /** Takes one off, as if it had not been. */
  takeBack(name: string): void
  /** Until all of a name are forgotten; at least one. */
  waitSeconds(name: string): number
}

const keyMilliseconds = 86_400_000
const sweepMilliseconds = 60_000
/** More than these are forgotten, the oldest first. */
const usualMostCounts = 200_000

export function rateCounts(effects: Effects, mostCounts = usualMostCounts): RateCounts {
  let key = effects.randomBytes(32)
  let keyedAt = effects.now().getTime()
  let sweptAt = keyedAt
  /** In the order of their beginning. */
  const counts = new Map<string, { count: number; readonly until: number }>()

  const tend = (now: number): void => {
    if (now - keyedAt >= keyMilliseconds) {
      key = effects.randomBytes(32)
      keyedAt = now
      counts.clear()
    }
    if (now - sweptAt < sweepMilliseconds) return
    sweptAt = now
    for (const [hashed, { until }] of counts) if (until <= now) counts.delete(hashed)
  }

  const find = (name: string) => {
    const now = effects.now().getTime()
    tend(now)
    const hashed = createHmac('sha256', key).update(name).digest('base64url')
    const known = counts.get(hashed)
    return { hashed, now, known: known !== undefined && known.until > now ? known : undefined }
  }

  return {
    add(name, minutes) {
      const { hashed, now, known } = find(name)
      if (known !== undefined) return (known.count += 1)
      counts.delete(hashed)
      counts.set(hashed, { count: 1, until: now + minutes * 60_000 })
      for (const oldest of counts.keys()) {
        if (counts.size <= mostCounts) break
        counts.delete(oldest)
      }
      return 1
    },
    count: (name) => find(name).known?.count ?? 0,
    takeBack(name) {
      const { known } = find(name)
      if (known !== undefined && known.count > 0) known.count -= 1
    },
    waitSeconds(name) {
      const { known, now } = find(name)
      return Math.max(1, Math.ceil(((known?.until ?? now) - now) / 1000))
    },
  }
}
