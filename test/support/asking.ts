/** A request to a desk, with its answer to the last byte. */
import { once } from 'node:events'
import { request, type IncomingMessage } from 'node:http'
import type { DeskProcess } from './desk-process.ts'

export interface Answer {
  readonly status: number
  readonly headers: IncomingMessage['headers']
  readonly raw: Buffer
  readonly text: string
}

/** From the desk's own pages, unless the headers say otherwise. */
export async function asking(
  { address }: Pick<DeskProcess, 'address'>,
  method: string,
  path: string,
  body: string | Uint8Array = '',
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  const asked = request({
    host: '127.0.0.1',
    port: address.port,
    method,
    path,
    headers: {
      host: address.host,
      origin: address.origin,
      'sec-fetch-site': 'same-origin',
      'content-length': String(Buffer.byteLength(body)),
      ...headers,
    },
    agent: false,
  })
  asked.end(body)
  const [answer] = (await once(asked, 'response')) as [IncomingMessage]
  const chunks: Buffer[] = []
  for await (const chunk of answer) chunks.push(chunk as Buffer)
  const bytes = Buffer.concat(chunks)
  return {
    status: answer.statusCode ?? 0,
    headers: answer.headers,
    raw: Buffer.concat([Buffer.from(answer.rawHeaders.join('\n')), Buffer.from('\n\n'), bytes]),
    text: bytes.toString(),
  }
}
