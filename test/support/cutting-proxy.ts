/** Hands connections on to a port and cuts them after so many bytes up; some of them also as the answer comes back. */
import { connect, createServer, type Socket } from 'node:net'

export interface Cut {
  readonly afterBytesUp: number
  readonly atAnswer: boolean
}

export interface CuttingProxy {
  readonly origin: string
  cuts(): number
  close(): Promise<void>
}

const mostLaterMilliseconds = 50

export async function cuttingProxy(
  port: number,
  /** Asked for each connection. */
  next: () => Cut,
): Promise<CuttingProxy> {
  let cut = 0
  const open = new Set<Socket>()
  const server = createServer((client) => {
    const target = connect(port, '127.0.0.1')
    const { afterBytesUp: most, atAnswer } = next()
    let up = 0
    const end = (isCut: boolean): void => {
      if (isCut) cut += 1
      client.destroy()
      target.destroy()
    }
    for (const socket of [client, target]) {
      open.add(socket)
      socket.on('error', () => end(false))
      socket.on('close', () => {
        open.delete(socket)
        end(false)
      })
    }
    client.on('data', (bytes) => {
      const left = most - up
      up += bytes.length
      const isLast = left < bytes.length
      const part = isLast ? bytes.subarray(0, Math.max(0, left)) : bytes
      if (isLast) client.pause()
      // At once or a little later: of a request whose connection is gone before its access is granted
      // no byte is kept, and a server that asks PostgreSQL first would get nowhere.
      const flushed = (): void => {
        if (isLast) setTimeout(() => end(true), Math.random() * mostLaterMilliseconds)
      }
      if (!target.write(part, flushed) && !isLast) {
        client.pause()
        target.once('drain', () => client.resume())
      }
    })
    target.on('data', (bytes) => {
      if (atAnswer) end(true)
      else client.write(bytes)
    })
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return {
    origin: `http://127.0.0.1:${address.port}`,
    cuts: () => cut,
    close: () =>
      new Promise((resolve) => {
        for (const socket of open) socket.destroy()
        server.close(() => resolve())
      }),
  }
}
