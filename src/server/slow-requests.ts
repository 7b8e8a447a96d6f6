/** A long upload may take as long as it takes, as long as something of it comes. */
import type { Server } from 'node:http'

/** For `serverOptions`: no limit to a whole request, which Node ends after five minutes. */
export const slowRequests = { requestTimeout: 0, headersTimeout: 60_000 } as const

const silentMilliseconds = 120_000

/**
 * Cuts who is to send more of a request and has sent nothing for so long, or half of that longer.
 * Answers are cut never.
 */
export function cutSilent(server: Server, milliseconds = silentMilliseconds): void {
  const look = milliseconds / 2
  server.setTimeout(look)
  server.on('request', (request, response) => {
    let waitedFrom: number | undefined
    request.on('timeout', () => {
      const { socket, readableLength } = request
      if (readableLength === 0 && socket.bytesRead === waitedFrom) {
        request.destroy()
        return
      }
      // What has come and is not read yet is our own delay; what was read just now is no silence either.
      waitedFrom = readableLength === 0 ? socket.bytesRead : undefined
      socket.setTimeout(look)
    })
    // Without a listener the connection would be closed.
    response.on('timeout', () => undefined)
  })
}
