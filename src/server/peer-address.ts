import { isIP } from 'node:net'
import type { Context } from 'hono'
import { nodeOf } from './observe-requests.ts'

declare module 'hono' {
  interface ContextVariableMap {
    /** From where the request came, to limit how often somebody asks. Never logged. */
    peerAddress: string | undefined
  }
}

/**
 * The other end of the connection; where the operator trusts the proxy there, the last address in
 * X-Forwarded-For, which is that proxy's own word: those before are whatever the sender wrote.
 */
export function peerAddressOf(context: Context, trustProxy: boolean): string | undefined {
  const peer = nodeOf(context)?.incoming.socket.remoteAddress
  const forwarded = trustProxy ? context.req.header('x-forwarded-for') : undefined
  if (forwarded === undefined) return peer
  const address = forwarded.split(',').at(-1)?.trim() ?? ''
  return isIP(address) > 0 ? address : undefined
}
