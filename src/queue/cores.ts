/**
 * The cores of this machine, shared by all programs of one account on it: who has bound a core's
 * abstract Unix socket has the core. The kernel gives it free when its holder ends, however that
 * happens. Nothing is ever said through these sockets.
 */
import { once } from 'node:events'
import { createServer, type Server } from 'node:net'
import { availableParallelism, userInfo } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'

export interface Core {
  free(): void
}

/** One that nobody has, or nothing. Does not wait. */
export type TakeCore = () => Promise<Core | undefined>

const lookMilliseconds = 250

/** Waits for one, a quarter of a second a look. `goOn` is asked before each, and throws to end it. */
export async function lookForCore(
  takeCore: TakeCore,
  mostLooks: number,
  goOn: () => void,
): Promise<Core | undefined> {
  for (let looks = 0; looks < mostLooks; looks += 1) {
    goOn()
    const core = await takeCore()
    if (core !== undefined) return core
    await sleep(lookMilliseconds)
  }
  return undefined
}

const machineName = (): string => `sightline-${userInfo().uid}`

/**
 * Where such sockets cannot be had (another system, a sandbox) this program counts for itself.
 * `name`: of the machine and account, as it is part of the sockets' names.
 */
export function machineCores(name = machineName(), cores = availableParallelism()): TakeCore {
  const alone = ownCores(cores)
  return async () => {
    for (let index = 0; index < cores; index += 1) {
      const bound = await bind(`\0${name}-core-${index}`)
      if (bound === 'unavailable') return alone()
      if (bound !== 'taken') return { free: () => void bound.close() }
    }
    return undefined
  }
}

/** Of this program alone. */
export function ownCores(cores: number): TakeCore {
  let free = cores
  return async () => {
    if (free === 0) return undefined
    free -= 1
    return { free: () => void (free += 1) }
  }
}

async function bind(path: string): Promise<Server | 'taken' | 'unavailable'> {
  const server = createServer((stranger) => stranger.destroy())
  try {
    server.listen({ path })
    await once(server, 'listening')
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EADDRINUSE' ? 'taken' : 'unavailable'
  }
  // Something is wrong with a connection that a stranger made: no matter.
  server.on('error', () => undefined)
  return server.unref()
}
