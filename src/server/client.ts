import { isIP } from 'node:net'
import type { Context } from 'hono'
import { nodeOf } from './observe-requests.ts'

declare module 'hono' {
  interface ContextVariableMap {
    client: Client
  }
}

/** From where a request came: for limits and for what holds over https only. Never logged or kept. */
interface Client {
  readonly scheme: 'http' | 'https'
  /** Undefined where there is no socket, or the proxy said nothing that is an address. */
  readonly address: string | undefined
}

/**
 * What X-Forwarded-Proto and -For say counts only where the operator trusts the proxy in front; of
 * several values the last, which is that proxy's own: those before are whatever the sender wrote.
 */
export function clientOf(context: Context, trustProxy: boolean): Client {
  const peer = nodeOf(context)?.incoming.socket.remoteAddress
  if (!trustProxy) return { scheme: 'http', address: peer }
  const scheme = lastOf(context.req.header('x-forwarded-proto'))
  const forwarded = context.req.header('x-forwarded-for')
  const address = forwarded === undefined ? peer : lastOf(forwarded)
  return {
    scheme: scheme === 'https' ? 'https' : 'http',
    address: address !== undefined && isIP(address) > 0 ? address : undefined,
  }
}

const lastOf = (header: string | undefined): string | undefined =>
  header?.split(',').at(-1)?.trim().toLowerCase()
