/**
 * A form with files (RFC 7578), read as it comes: `Request.formData` would hold a
 * film in memory. Small fields are collected, files are handed out as streams.
 */
import { UploadError } from '../ingest/upload-error.ts'

export type FormPart =
  | { readonly kind: 'field'; readonly name: string; readonly value: string }
  | {
      readonly kind: 'file'
      readonly name: string
      /** As the sender calls it: hostile text. */
      readonly fileName: string
      /** Of it and what follows: read from the body already. */
      readonly heldBytes: number
      /** To be read to its end before the next part is asked for. */
      readonly bytes: AsyncIterable<Uint8Array>
    }

const mostHeadBytes = 16_384
/** 50,000 letters of three bytes, and more. */
const mostFieldBytes = 262_144
const mostParts = 500
const lineEnd = Buffer.from('\r\n')
const headEnd = Buffer.from('\r\n\r\n')

/** @throws UploadError `form-malformed` */
export async function* readForm(
  contentType: string,
  body: AsyncIterable<Uint8Array>,
): AsyncGenerator<FormPart> {
  const [, quoted, plain] =
    /^multipart\/form-data\s*;(?:.*;)?\s*boundary=(?:"([^"]{1,70})"|([^\s;"]{1,70}))/i.exec(
      contentType,
    ) ?? []
  const boundary = quoted ?? plain
  if (boundary === undefined) throw malformed('It is no form with files.')
  const mark = Buffer.from(`\r\n--${boundary}`)
  const input = new Input(body)
  // The first mark has no line end before it.
  input.unread(lineEnd)
  await input.skipTo(mark)
  for (let parts = 0; ; parts += 1) {
    const after = await input.take(2)
    if (after.equals(Buffer.from('--'))) return
    if (!after.equals(lineEnd)) throw malformed('A part does not begin where it should.')
    if (parts === mostParts) throw malformed(`It has more than ${mostParts} parts.`)
    // A head without lines would end at once.
    input.unread(lineEnd)
    const head = await input.upTo(headEnd, mostHeadBytes)
    const { name, fileName } = readHead(head.toString('utf8'))
    if (fileName === undefined) {
      const value = (await input.upTo(mark, mostFieldBytes)).toString('utf8')
      yield { kind: 'field', name, value }
      continue
    }
    const part = input.until(mark)
    yield { kind: 'file', name, fileName, heldBytes: input.heldBytes, bytes: part }
    // What was not read.
    for await (const _ of part);
  }
}

function readHead(head: string): { readonly name: string; readonly fileName?: string } {
  const line = /^content-disposition:\s*form-data\s*;(.*)$/im.exec(head)?.[1]
  if (line === undefined) throw malformed('A part has no name.')
  const name = parameter(line, 'name')
  if (name === undefined) throw malformed('A part has no name.')
  const fileName = parameter(line, 'filename')
  return fileName === undefined ? { name } : { name, fileName }
}

/** Browsers write `"` in a name as `%22` and line ends as `%0D%0A`. */
function parameter(line: string, name: string): string | undefined {
  const value = new RegExp(`(?:^|;)\\s*${name}="([^"]*)"`, 'i').exec(`;${line}`)?.[1]
  return value?.replaceAll(/%22/g, '"').replaceAll(/%0D/gi, '\r').replaceAll(/%0A/gi, '\n')
}

/** What has come and was not taken yet. */
class Input {
  #held: Buffer = Buffer.alloc(0)
  readonly #source: AsyncIterator<Uint8Array>

  constructor(source: AsyncIterable<Uint8Array>) {
    this.#source = source[Symbol.asyncIterator]()
  }

  get heldBytes(): number {
    return this.#held.length
  }

  unread(bytes: Uint8Array): void {
    this.#held = Buffer.concat([bytes, this.#held])
  }

  async #more(): Promise<void> {
    const { done, value } = await this.#source.next()
    if (done === true) throw malformed('It ends too early.')
    this.#held = Buffer.concat([this.#held, value])
  }

  async take(length: number): Promise<Buffer> {
    while (this.#held.length < length) await this.#more()
    const taken = this.#held.subarray(0, length)
    this.#held = this.#held.subarray(length)
    return taken
  }

  /** All before the mark, which is taken as well. */
  async upTo(mark: Buffer, most: number): Promise<Buffer> {
    let from = 0
    for (;;) {
      const at = this.#held.indexOf(mark, from)
      const length = at < 0 ? this.#held.length - mark.length : at
      if (length > most) throw malformed(`A part is longer than ${most} bytes.`)
      if (at >= 0) {
        const taken = this.#held.subarray(0, at)
        this.#held = this.#held.subarray(at + mark.length)
        return taken
      }
      from = Math.max(0, this.#held.length - mark.length + 1)
      await this.#more()
    }
  }

  async skipTo(mark: Buffer): Promise<void> {
    await this.upTo(mark, mostHeadBytes)
  }

  /** The same in pieces; at its end a second run gives nothing. */
  async *#untilOnce(mark: Buffer): AsyncGenerator<Uint8Array> {
    for (;;) {
      const at = this.#held.indexOf(mark)
      const safe = at < 0 ? this.#held.length - mark.length + 1 : at
      if (safe > 0) {
        const piece = this.#held.subarray(0, safe)
        this.#held = this.#held.subarray(safe)
        yield piece
      }
      if (at >= 0) {
        this.#held = this.#held.subarray(mark.length)
        return
      }
      await this.#more()
    }
  }

  until(mark: Buffer): AsyncIterable<Uint8Array> {
    const pieces = this.#untilOnce(mark)
    // Leaving a loop over it early must not end it: the rest is still to be passed over.
    return { [Symbol.asyncIterator]: () => ({ next: () => pieces.next() }) }
  }
}

function malformed(detail: string): UploadError {
  return new UploadError('form-malformed', `The form could not be read. ${detail}`)
}
