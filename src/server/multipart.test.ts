import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import fc from 'fast-check'
import { readForm } from './multipart.ts'

type Part = { readonly name: string; readonly file?: string; readonly bytes: Buffer }

/** In pieces cut anywhere. */
async function* cut(bytes: Uint8Array, most: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length;) {
    const next = at + 1 + Math.floor(Math.random() * most)
    yield bytes.subarray(at, next)
    at = next
  }
}

async function encoded(parts: readonly Part[]): Promise<{ type: string; body: Buffer }> {
  const form = new FormData()
  for (const { name, file, bytes } of parts) {
    if (file === undefined) form.append(name, bytes.toString('latin1'))
    else form.append(name, new File([Uint8Array.from(bytes)], file))
  }
  const answer = new Response(form)
  const body = Buffer.from(await answer.arrayBuffer())
  return { type: answer.headers.get('content-type') ?? '', body }
}

async function read(type: string, body: AsyncIterable<Uint8Array>): Promise<Part[]> {
  const parts: Part[] = []
  for await (const part of readForm(type, body)) {
    if (part.kind === 'field') {
      parts.push({ name: part.name, bytes: Buffer.from(part.value) })
      continue
    }
    const bytes: Uint8Array[] = []
    for await (const piece of part.bytes) bytes.push(Buffer.from(piece))
    parts.push({ name: part.name, file: part.fileName, bytes: Buffer.concat(bytes) })
  }
  return parts
}

/** With what looks like a boundary in it. */
const content = fc
  .array(
    fc.constantFrom('\r\n', '--', '\r\n--', '-', 'a', '\0', '\r', '\n', '\r\n------formdata-'),
    {
      maxLength: 40,
    },
  )
  .map((pieces) => Buffer.from(pieces.join('')))

test('a form is read as it was written, wherever it is cut on the way', async () => {
  const part = fc.record(
    {
      name: fc.constantFrom('account', 'files', 'a"b'),
      file: fc.constantFrom('x.mp4', 'a"b;c=\\d.wav', 'é\u202E.jpg', '../../x', 'a\r\nb'),
      bytes: content,
    },
    { requiredKeys: ['name', 'bytes'], noNullPrototype: true },
  )
  await fc.assert(
    fc.asyncProperty(
      fc.array(part, { maxLength: 4 }),
      fc.integer({ min: 1, max: 60 }),
      async (parts, most) => {
        const files = parts.filter(({ file }) => file !== undefined)
        const { type, body } = await encoded(files)
        assert.deepEqual(await read(type, cut(body, most)), files)
      },
    ),
    { numRuns: 300 },
  )
})

test('what was not read of a file is passed over', async () => {
  const big = randomBytes(300_000)
  const { type, body } = await encoded([
    { name: 'files', file: 'a', bytes: big },
    { name: 'note', bytes: Buffer.from('after') },
  ])
  const seen: string[] = []
  for await (const part of readForm(type, cut(body, 5000))) {
    if (part.kind === 'file') {
      for await (const _ of part.bytes) break
    } else seen.push(part.value)
  }
  assert.deepEqual(seen, ['after'])
})

test('a form that is none, ends early or is without measure is refused', async () => {
  const { type, body } = await encoded([{ name: 'files', file: 'a', bytes: randomBytes(1000) }])
  const refused = { code: 'form-malformed' }
  await assert.rejects(read('text/plain', cut(body, 100)), refused)
  await assert.rejects(read('multipart/form-data', cut(body, 100)), refused)
  for (const length of [0, 10, 200, body.length - 10]) {
    await assert.rejects(read(type, cut(body.subarray(0, length), 100)), refused)
  }
  const boundary = type.split('boundary=')[1] ?? ''
  const endless = Buffer.from(`--${boundary}\r\nContent-Disposition: ${'x'.repeat(20_000)}`)
  await assert.rejects(read(type, cut(endless, 1000)), { ...refused, message: /longer/ })
  const long = await encoded([{ name: 'account', bytes: Buffer.alloc(400_000, 'a') }])
  await assert.rejects(read(long.type, cut(long.body, 5000)), { ...refused, message: /longer/ })
})

test('as many letters as the page allows fit in any script', async () => {
  for (const letter of ['漢', 'ह', 'ไ']) {
    const text = letter.repeat(50_000)
    const form = new FormData()
    form.append('account', text)
    const answer = new Response(form)
    const body = Buffer.from(await answer.arrayBuffer())
    const [part] = await read(answer.headers.get('content-type') ?? '', cut(body, 5000))
    assert.equal(part?.bytes.toString(), text)
  }
})
