/** A desk on a port of its own, for Chromium. */
import type { AddressInfo } from 'node:net'
import { serve } from '@hono/node-server'
import { deskApp, type DeskOptions } from '../../src/server/app.ts'
import type { Library } from '../../src/store/library.ts'

export interface ServedDesk {
  /** `http://localhost:` and the port, without a slash at its end. */
  readonly origin: string
  /** Connections that are open still are cut. */
  close(): Promise<void>
}

export async function servedDesk(library: Library, options?: DeskOptions): Promise<ServedDesk> {
  const hosts = new Set<string>()
  const { fetch } = deskApp(library, hosts, options)
  const server = serve({ fetch, hostname: '127.0.0.1', port: 0 })
  await new Promise((resolve) => server.once('listening', resolve))
  const host = `localhost:${(server.address() as AddressInfo).port}`
  hosts.add(host)
  return {
    origin: `http://${host}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        if ('closeAllConnections' in server) server.closeAllConnections()
      }),
  }
}
