import { ERRORS, type Lock, type Locker } from '@tus/server'

/**
 * One request at a time for each upload. Whoever comes asks the one before to
 * end, as a phone that changes networks leaves a connection behind that nobody
 * hears of any more. (The library's own locker asks in a busy loop.)
 */
export function uploadLocks(waitMilliseconds = 15_000): Locker {
  const held = new Map<string, { readonly ask: () => unknown; readonly free: Promise<void> }>()
  return { newLock }

  function newLock(id: string): Lock {
    let release: (() => void) | undefined
    return {
      async lock(signal, ask) {
        const until = Date.now() + waitMilliseconds
        for (let now = held.get(id); now !== undefined; now = held.get(id)) {
          await now.ask()
          await Promise.race([now.free, ended(signal, until - Date.now())])
          if (signal.aborted || Date.now() >= until) throw ERRORS.ERR_LOCK_TIMEOUT
        }
        const { promise: free, resolve } = Promise.withResolvers<void>()
        held.set(id, { ask, free })
        release = () => {
          held.delete(id)
          resolve()
        }
      },
      async unlock() {
        release?.()
      },
    }
  }
}

function ended(signal: AbortSignal, milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, Math.max(0, milliseconds))
    signal.addEventListener('abort', done, { once: true })
    function done(): void {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
  })
}
