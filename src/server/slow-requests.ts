/** A long upload may take as long as it takes, as long as something of it comes. */
import type { Server } from 'node:http'

/** For `serverOptions`: no limit to a whole request, which Node ends after five minutes. */
export const slowRequests = { requestTimeout: 0, headersTimeout: 60_000 } as const

const silentMilliseconds = 120_000

/** Cuts who is to send more of a request and has sent nothing for so long. Answers are cut never. */
export function cutSilent(server: Server, milliseconds = silentMilliseconds): void {
  server.setTimeout(milliseconds)
  server.on('request', (request, response) => {
    request.on('timeout', () => {
      // What has come and is not read yet is our own delay.
      if (request.readableLength === 0) request.destroy()
      else request.socket.setTimeout(milliseconds)
    })
    // Without a listener the connection would be closed.
    response.on('timeout', () => undefined)
  })
}
