import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { eventsOf, type ServerEvent } from './event-stream.ts'

const text =
  ': still there\n\nevent: progress\ndata: {"step":"blobs – ü"}\nid: 1\n\n' +
  'data: one\ndata: two\n\nevent: report\ndata: {}\n\nevent: cut off\ndata: {'

async function allOf(pieces: Iterable<Uint8Array>, mostBytes?: number): Promise<ServerEvent[]> {
  const events: ServerEvent[] = []
  for await (const event of eventsOf(ReadableStream.from(pieces), mostBytes)) events.push(event)
  return events
}

test('events come whole, wherever the stream is cut into pieces', async () => {
  const bytes = new TextEncoder().encode(text)
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(bytes.length)), async (cuts) => {
      const ends = [...cuts, bytes.length].toSorted((one, other) => one - other)
      const pieces = ends.map((end, index) => bytes.slice(ends[index - 1] ?? 0, end))
      assert.deepEqual(await allOf(pieces), [
        { name: 'progress', data: '{"step":"blobs – ü"}' },
        { name: '', data: 'one\ntwo' },
        { name: 'report', data: '{}' },
      ])
    }),
  )
})

const encode = (text: string): Uint8Array => new TextEncoder().encode(text)

/** So many pieces of one event, each asked for when the one before has been read. */
function* longEvent(count: number, piece: Uint8Array): Generator<Uint8Array> {
  yield encode('event: report\ndata: ')
  for (let index = 0; index < count; index++) yield piece
  yield encode('\n\n')
}

test('an event of many pieces costs no more than its bytes', async () => {
  const piece = encode('x'.repeat(1024))
  const [event] = await allOf(longEvent(65_536, piece))
  assert.equal(event?.name, 'report')
  assert.equal(event.data.length, 65_536 * 1024)
})

test('an event that does not end is not read for ever; small ones may be many', async () => {
  let taken = 0
  function* endless(): Generator<Uint8Array> {
    for (; ; taken++) yield encode('data: x\n')
  }
  await assert.rejects(allOf(endless(), 8000), { code: 'event-too-large' })
  assert.ok(taken < 1100, `${taken}`)
  const many = Array.from({ length: 5000 }, () => encode('data: x\n\n'))
  const events = await allOf(many, 100)
  assert.equal(events.length, 5000)
})
