import type { Server } from 'node:http'
import type { Log } from '../observe/log.ts'

export interface Stopping {
  /** Aborted at the first signal. */
  readonly signal: AbortSignal
  /**
   * Resolves once a signal has come and the last connection has closed, or been cut when the time
   * given to them was over. A second signal ends the program at once.
   */
  ended(servers: readonly Server[], seconds: number): Promise<void>
}

const lookMilliseconds = 50

/** Listens to SIGINT and SIGTERM from now on, in the place of whoever did before. */
export function stopOnSignal(log: Log, endNow: () => never): Stopping {
  const stopping = new AbortController()
  const told = new Promise<NodeJS.Signals>((resolve) => {
    for (const name of ['SIGINT', 'SIGTERM'] as const) {
      process.removeAllListeners(name).on(name, () => {
        if (stopping.signal.aborted) endNow()
        stopping.abort()
        resolve(name)
      })
    }
  })
  return {
    signal: stopping.signal,
    ended: async (servers, seconds) => {
      const signal = await told
      const count = async (): Promise<number> => {
        const counts = await Promise.all(servers.map(countOf))
        return counts.reduce((sum, one) => sum + one, 0)
      }
      log('stopping', { signal, connections: await count() })
      const closed = Promise.all(
        servers.map((server) => new Promise((resolve) => server.close(resolve))),
      )
      // A connection that was busy just now and is idle would be kept for its next request.
      const look = setInterval(() => {
        for (const server of servers) server.closeIdleConnections()
      }, lookMilliseconds)
      const limit = setTimeout(() => {
        void count().then((left) => {
          if (left > 0) log('connections-cut', { connections: left })
        })
        for (const server of servers) server.closeAllConnections()
      }, seconds * 1000)
      await closed
      clearInterval(look)
      clearTimeout(limit)
    },
  }
}

function countOf(server: Server): Promise<number> {
  return new Promise((resolve) => {
    // One that is closed already has none.
    server.getConnections((error, count) => resolve(error === null ? count : 0))
  })
}
