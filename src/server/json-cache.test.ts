import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { Hono } from 'hono'
import { emptyLibraryFolder, openTestLibrary } from '../store/fixture.ts'
import type { Library } from '../store/library.ts'
import type { GateEnv } from './gate.ts'
import { JsonCache } from './json-cache.ts'

let library: Library
before(async () => {
  library = await openTestLibrary(await emptyLibraryFolder())
})
after(() => library.close())

/** Answers `{"n":…}` after how often it was made; `most` bytes are kept. */
function counting(most: number, padding = '') {
  const app = new Hono<GateEnv>()
  const cache = new JsonCache(library, () => Promise.resolve('same'), most)
  let made = 0
  app.get('/list', (context) => {
    const query = { after: context.req.query('after') }
    return cache.answer(context, 'quay', query, () => {
      made += 1
      return Promise.resolve(JSON.stringify({ padding }))
    })
  })
  return { ask: (search: string) => app.request(`/list${search}`), made: () => made }
}

test('what of an address plays no part is not kept, and is no other answer', async () => {
  const { ask, made } = counting(1_000_000)
  for (let turn = 0; turn < 20; turn += 1) await ask(`?x=${turn}${'y'.repeat(8000)}`)
  await ask('?after=a')
  assert.equal(made(), 2)
})

test('many small answers are forgotten too, the oldest first', async () => {
  const { ask, made } = counting(10_000)
  for (let turn = 0; turn < 100; turn += 1) await ask(`?after=${turn}`)
  await ask('?after=99')
  assert.equal(made(), 100)
  await ask('?after=0')
  assert.equal(made(), 101)
})
