import assert from 'node:assert/strict'
import { test } from 'node:test'
import { utf8 } from '../custody/bytes.ts'
import { logSize } from '../store/custody-log.ts'
import { agent, emptyLibraryFolder, withLibrary } from '../store/fixture.ts'
import { openIncident, readPublications } from '../store/incidents.ts'
import { recordPublication } from './seal-bundle.ts'

test('an older case that ends later does not take the place of a newer one', async () => {
  await withLibrary(await emptyLibraryFolder(), async (library) => {
    await library.transact(agent, (tx) => openIncident(tx, { id: 'quay', title: 'Quay' }))
    const publish = (revision: number, caseRevision: number) =>
      recordPublication(
        library,
        agent,
        { incident: 'quay', revision, caseRevision, contentSha256: 'a'.repeat(64), redactions: [] },
        [{ path: 'index.html', bytes: utf8(`case ${caseRevision}`) }],
        { parts: [], items: [], alignmentEntries: [] },
      )
    await publish(1, 2)
    const size = await library.read(logSize)
    await assert.rejects(publish(2, 1), { code: 'superseded' })
    assert.equal(await library.read(logSize), size)
    await publish(2, 2)
    await publish(3, 5)
    const known = await library.read((reader) => readPublications(reader, 'quay'))
    assert.deepEqual(
      known.map(({ caseRevision }) => caseRevision),
      [2, 2, 5],
    )
  })
})
