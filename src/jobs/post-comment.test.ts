import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { agent, emptyLibraryFolder, openTestLibrary } from '../store/fixture.ts'
import { openIncident } from '../store/incidents.ts'
import type { Library } from '../store/library.ts'
import { commentIntake } from './post-comment.ts'

let library: Library
before(async () => {
  library = await openTestLibrary(await emptyLibraryFolder())
  await library.transact(agent, (tx) => openIncident(tx, { id: 'quay', title: 'Quay' }))
})
after(() => library.close())

test('one comment that cannot be kept takes no other with it', async () => {
  const post = commentIntake(library, agent)
  const results = await Promise.allSettled(
    Array.from({ length: 40 }, (_, index) =>
      post({
        id: index.toString(16).padStart(32, '0'),
        incident: index === 20 ? 'absent' : 'quay',
        about: { kind: 'story' },
        text: `comment ${index}`,
      }),
    ),
  )
  const failed = results.flatMap(({ status }, index) => (status === 'rejected' ? [index] : []))
  assert.deepEqual(failed, [20])
  const kept = await library.read(({ sql }) => sql.selectFrom('comment').select('id').execute())
  assert.equal(kept.length, 39)
})
