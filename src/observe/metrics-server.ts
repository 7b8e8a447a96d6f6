import { createServer, type Server } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import type { Metrics } from './metrics.ts'

/**
 * `/metrics` on a port of its own, on this machine only, under this machine's own name only: a page
 * elsewhere that rebinds its name to it gets nothing.
 */
export async function serveMetrics(metrics: Metrics, port: number): Promise<Server> {
  const hosts = new Set<string | undefined>()
  const server = createServer((request, response) => {
    const end = (status: number, text: string, type = 'text/plain; charset=utf-8'): void => {
      response.writeHead(status, { 'content-type': type, 'x-content-type-options': 'nosniff' })
      response.end(request.method === 'HEAD' ? undefined : text)
    }
    if (!hosts.has(request.headers.host)) return end(421, 'This answers only to its own address.\n')
    if (request.url !== '/metrics') return end(404, 'See /metrics.\n')
    if (request.method !== 'GET' && request.method !== 'HEAD') return end(405, 'It only reads.\n')
    metrics.text().then(
      (text) => end(200, text, metrics.contentType),
      () => end(500, 'The metrics could not be read.\n'),
    )
  })
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  const { port: listening } = server.address() as AddressInfo
  for (const name of ['localhost', '127.0.0.1']) hosts.add(`${name}:${listening}`)
  return server
}
