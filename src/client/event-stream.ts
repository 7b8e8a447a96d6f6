/** Server-sent events as they come (https://html.spec.whatwg.org/multipage/server-sent-events.html). */

export interface ServerEvent {
  readonly name: string
  readonly data: string
}

/** An event may be a whole report, and is held in memory. */
const mostEventBytes = 256 * 2 ** 20
const newline = 0x0a

/** What is sent as one event is larger than is taken. */
export class EventTooLargeError extends Error {
  override readonly name = 'EventTooLargeError'
  readonly code = 'event-too-large'
}

/**
 * Of a stream of our server, which ends lines with `\n`; comments are passed over.
 * @throws EventTooLargeError, and what reading the stream throws
 */
export async function* eventsOf(
  stream: ReadableStream<Uint8Array>,
  mostBytes = mostEventBytes,
): AsyncGenerator<ServerEvent> {
  let pieces: Uint8Array[] = []
  let sizeBytes = 0
  for await (const bytes of stream) {
    for (let from = 0; from < bytes.length;) {
      const end = endOfBlock(bytes, from, pieces.at(-1)?.at(-1) === newline)
      const piece = bytes.subarray(from, end)
      pieces.push(piece)
      sizeBytes += piece.length
      if (sizeBytes > mostBytes) throw tooLarge(mostBytes)
      if (end === undefined) break
      from = end
      const event = readEvent(textOf(pieces))
      pieces = []
      sizeBytes = 0
      if (event !== undefined) yield event
    }
  }
}

/** Behind the next empty line. `isAfterNewline`: what came before these bytes ended a line. */
function endOfBlock(bytes: Uint8Array, from: number, isAfterNewline: boolean): number | undefined {
  if (isAfterNewline && bytes[from] === newline) return from + 1
  for (let at = bytes.indexOf(newline, from); at >= 0; at = bytes.indexOf(newline, at + 1)) {
    if (bytes[at + 1] === newline) return at + 2
  }
  return undefined
}

/** A letter may lie in two pieces. */
function textOf(pieces: readonly Uint8Array[]): string {
  const decoder = new TextDecoder()
  return pieces.map((piece) => decoder.decode(piece, { stream: true })).join('') + decoder.decode()
}

const tooLarge = (mostBytes: number): EventTooLargeError =>
  new EventTooLargeError(
    `an event is larger than ${mostBytes} bytes; check what stands in front of the desk`,
  )

function readEvent(block: string): ServerEvent | undefined {
  const field = (name: string): string[] =>
    block
      .split('\n')
      .filter((line) => line.startsWith(`${name}: `))
      .map((line) => line.slice(name.length + 2))
  const data = field('data')
  return data.length === 0 ? undefined : { name: field('event')[0] ?? '', data: data.join('\n') }
}
