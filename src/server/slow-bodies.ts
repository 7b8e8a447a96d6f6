/**
 * Bodies that hardly come: each keeps a connection and what stands behind it. One that brings next
 * to nothing in a long time is ended, and one address may have only so many under way.
 */
import type { IncomingMessage, Server } from 'node:http'
import type { MiddlewareHandler } from 'hono'
import { networkOf } from './network-of.ts'
import { nodeOf } from './observe-requests.ts'
import { ProblemError } from './problem.ts'

export interface Pace {
  readonly bytes: number
  readonly milliseconds: number
}

/** A phone on the worst of networks brings a hundred times as much. */
const slowestPace: Pace = { bytes: 16 * 1024, milliseconds: 600_000 }

/** Ends who brings less of a body than that; within twice the time at the latest. */
export function cutDrips(server: Server, { bytes, milliseconds }: Pace = slowestPace): void {
  server.on('request', (request) => {
    const { socket } = request
    let before = socket.bytesRead
    const looking = setInterval(() => {
      const brought = socket.bytesRead - before
      before = socket.bytesRead
      // What has come and is not read yet is our own delay.
      const isOurs = request.complete || request.readableLength > 0
      if (!isOurs && brought < bytes) request.destroy()
    }, milliseconds)
    looking.unref()
    request.once('close', () => clearInterval(looking))
  })
}

/** Contributors in one hall share an address, and each sends several files at once. */
const usualMostBodies = 256

/** One address may have so many bodies under way; without a socket nothing is counted. */
export function fewBodies(most = usualMostBodies): MiddlewareHandler {
  const open = new Map<string, number>()
  return async (context, next) => {
    const incoming = nodeOf(context)?.incoming
    if (incoming === undefined || !hasBody(incoming) || incoming.complete) return next()
    const network = networkOf(context.get('peerAddress') ?? 'unknown')
    const number = open.get(network) ?? 0
    if (number >= most) {
      context.header('retry-after', '60')
      context.header('connection', 'close')
      // Not 429: who sends a file in parts tries again by itself.
      const problem = `${most} uploads from your address are under way. Let some end, then try again.`
      throw new ProblemError(503, problem, 'too-many-bodies')
    }
    open.set(network, number + 1)
    whenOver(incoming, () => {
      const left = (open.get(network) ?? 1) - 1
      if (left === 0) open.delete(network)
      else open.set(network, left)
    })
    return next()
  }
}

const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0

/** Once: at the body's end, or when its sender has gone. */
function whenOver(incoming: IncomingMessage, act: () => void): void {
  let isOver = false
  const over = (): void => {
    if (isOver) return
    isOver = true
    act()
  }
  incoming.once('end', over).once('close', over)
}
