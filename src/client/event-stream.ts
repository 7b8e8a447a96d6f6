/** Server-sent events as they come (https://html.spec.whatwg.org/multipage/server-sent-events.html). */

export interface ServerEvent {
  readonly name: string
  readonly data: string
}

/** Of a stream of our server, which ends lines with `\n`; comments are passed over. */
export async function* eventsOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<ServerEvent> {
  const decoder = new TextDecoder()
  let text = ''
  for await (const bytes of stream) {
    text += decoder.decode(bytes, { stream: true })
    const blocks = text.split('\n\n')
    text = blocks.pop() ?? ''
    for (const block of blocks) {
      const event = readEvent(block)
      if (event !== undefined) yield event
    }
  }
}

function readEvent(block: string): ServerEvent | undefined {
  const field = (name: string): string[] =>
    block
      .split('\n')
      .filter((line) => line.startsWith(`${name}: `))
      .map((line) => line.slice(name.length + 2))
  const data = field('data')
  return data.length === 0 ? undefined : { name: field('event')[0] ?? '', data: data.join('\n') }
}
