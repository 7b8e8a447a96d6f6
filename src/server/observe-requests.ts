import { randomBytes } from 'node:crypto'
import type { HttpBindings } from '@hono/node-server'
import type { Context, MiddlewareHandler } from 'hono'
import { matchedRoutes } from 'hono/route'
import type { Log } from '../observe/log.ts'
import type { Metrics } from '../observe/metrics.ts'

declare module 'hono' {
  interface ContextVariableMap {
    /** Ours, never the sender's: what the log calls this request, and the answer's `x-request-id`. */
    requestId: string
  }
}

const methods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])
const probes = new Set(['/healthz', '/readyz'])

/** Counts and logs each request once its last byte has left, or its sender has gone. */
export function observeRequests(log: Log, metrics?: Metrics): MiddlewareHandler {
  return async (context, next) => {
    const begun = performance.now()
    const requestId = randomBytes(12).toString('hex')
    context.set('requestId', requestId)
    const node = nodeOf(context)
    const bytesBefore = node?.incoming.socket.bytesWritten ?? 0
    const sent = node === undefined ? undefined : untilClosed(node)
    metrics?.requestBegan()
    let status = 500
    try {
      await next()
      context.res.headers.set('x-request-id', requestId)
      ;({ status } = context.res)
    } finally {
      const method = methods.has(context.req.method) ? context.req.method : 'OTHER'
      const route = routeOf(context)
      const end = (): void => {
        const milliseconds = performance.now() - begun
        metrics?.requestEnded({ route, method, status, seconds: milliseconds / 1000 })
        log(probes.has(route) && status < 400 ? 'probe' : 'request', {
          requestId,
          method,
          route,
          status,
          milliseconds: Math.round(milliseconds * 10) / 10,
          ...(node === undefined
            ? {}
            : {
                bytes: node.incoming.socket.bytesWritten - bytesBefore,
                aborted: !node.outgoing.writableFinished,
              }),
        })
      }
      if (sent === undefined) end()
      else void sent.then(end)
    }
  }
}

/** What lies under the request; nothing in tests without a socket. */
export function nodeOf({ env }: Context): HttpBindings | undefined {
  const { incoming, outgoing } = (env ?? {}) as Partial<HttpBindings>
  return incoming === undefined || outgoing === undefined ? undefined : { incoming, outgoing }
}

function untilClosed({ outgoing }: HttpBindings): Promise<void> {
  return new Promise((resolve) => {
    if (outgoing.closed) resolve()
    else outgoing.once('close', resolve)
  })
}

/** The most particular pattern that matched, without the forms of its parameters. */
function routeOf(context: Context): string {
  const patterns = matchedRoutes(context).map(({ path }) => path)
  const pattern = patterns.findLast((path) => path !== '/*' && path !== '*') ?? 'none'
  return pattern.replaceAll(/(:\w+)\{(?:[^{}]|\{[^{}]*\})*\}/g, '$1')
}
