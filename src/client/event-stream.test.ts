import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { eventsOf, type ServerEvent } from './event-stream.ts'

const text =
  ': still there\n\nevent: progress\ndata: {"step":"blobs – ü"}\nid: 1\n\n' +
  'data: one\ndata: two\n\nevent: report\ndata: {}\n\nevent: cut off\ndata: {'

test('events come whole, wherever the stream is cut into pieces', async () => {
  const bytes = new TextEncoder().encode(text)
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(bytes.length)), async (cuts) => {
      const ends = [...cuts, bytes.length].toSorted((one, other) => one - other)
      const pieces = ends.map((end, index) => bytes.slice(ends[index - 1] ?? 0, end))
      const events: ServerEvent[] = []
      for await (const event of eventsOf(ReadableStream.from(pieces))) events.push(event)
      assert.deepEqual(events, [
        { name: 'progress', data: '{"step":"blobs – ü"}' },
        { name: '', data: 'one\ntwo' },
        { name: 'report', data: '{}' },
      ])
    }),
  )
})
