/** Stands before an object store and does to requests and answers what networks and stores do. */
import { createServer, request as ask } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export type Fault =
  /** 503 with the store's own words. */
  | 'busy'
  /** 500 without any. */
  | 'broken'
  | 'cut request'
  /** It is done, and nobody hears of it. */
  | 'lost answer'
  | 'cut answer'
  /** Half of it, as if that were all. */
  | 'short answer'
  | 'spoilt request'
  | 'spoilt answer'
  | 'silence'

export interface FaultyProxy {
  readonly endpoint: string
  /** Asked of every request; undefined lets it pass. */
  fault: (request: { readonly method: string; readonly path: string }) => Fault | undefined
  /** `GET /bucket/…`, in order. */
  readonly seen: string[]
  close(): Promise<void>
}

export async function startFaultyProxy(target: string): Promise<FaultyProxy> {
  const { hostname, port } = new URL(target)
  const proxy = { fault: () => undefined, seen: [] } as unknown as FaultyProxy & {
    endpoint: string
  }
  const server = createServer((incoming, outgoing) => {
    void handle(incoming, outgoing).catch(() => incoming.socket.destroy())
  })

  const handle = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const { method = '', url: path = '' } = incoming
    proxy.seen.push(`${method} ${path}`)
    const fault = proxy.fault({ method, path })
    if (fault === 'silence') return
    if (fault === 'cut request') {
      incoming.once('data', () => incoming.socket.destroy())
      incoming.once('end', () => incoming.socket.destroy())
      return
    }
    const body = await bytesOf(incoming)
    if (fault === 'busy' || fault === 'broken') {
      outgoing.statusCode = fault === 'busy' ? 503 : 500
      outgoing.end(
        fault === 'busy' && method !== 'HEAD'
          ? '<?xml version="1.0"?><Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message></Error>'
          : '',
      )
      return
    }
    if (fault === 'spoilt request') spoil(body)
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      const { headers } = incoming
      const sent = ask({ hostname, port, method, path, headers }, resolve)
      sent.once('error', reject)
      sent.end(body)
    })
    const bytes = await bytesOf(answer)
    if (fault === 'lost answer') {
      incoming.socket.destroy()
      return
    }
    if (fault === 'spoilt answer') spoil(bytes)
    const half = bytes.subarray(0, Math.floor(bytes.length / 2))
    const headers = { ...answer.headers }
    delete headers['transfer-encoding']
    if (method !== 'HEAD') {
      headers['content-length'] = String(fault === 'short answer' ? half.length : bytes.length)
    }
    outgoing.writeHead(answer.statusCode ?? 500, headers)
    if (fault === 'cut answer') {
      outgoing.write(half, () => incoming.socket.destroy())
      return
    }
    outgoing.end(fault === 'short answer' ? half : bytes)
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  proxy.endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  proxy.close = async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
  return proxy
}

function spoil(bytes: Uint8Array): void {
  const middle = bytes.length >> 1
  if (bytes.length > 0) bytes[middle] = (bytes[middle] ?? 0) ^ 1
}

async function bytesOf(source: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  for await (const bytes of source) parts.push(bytes)
  return Buffer.concat(parts)
}
