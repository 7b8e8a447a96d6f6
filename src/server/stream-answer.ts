import type { Context } from 'hono'
import type { Log } from '../observe/log.ts'
import { nodeOf } from './observe-requests.ts'

/**
 * What cannot be read at all is an error of the request. What breaks off later ends the connection:
 * an error in the stream would be written to the console, and to the reader, with all that it says.
 */
export async function streamAnswer(
  source: AsyncIterable<Uint8Array>,
  context: Context,
  log: Log,
): Promise<ReadableStream<Uint8Array>> {
  const chunks = source[Symbol.asyncIterator]()
  let next = await chunks.next()
  return new ReadableStream({
    async pull(controller) {
      try {
        if (next.done === true) return controller.close()
        controller.enqueue(next.value)
        next = await chunks.next()
      } catch (error) {
        log('answer-broken', { requestId: context.get('requestId'), error })
        const node = nodeOf(context)
        if (node === undefined) controller.error(new Error('The answer broke off.'))
        else node.outgoing.destroy()
      }
    },
    cancel: async () => void (await chunks.return?.()),
  })
}
