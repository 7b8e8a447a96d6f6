import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openContributorLink, readLinksWithUse, readLinkUse } from './contributor-links.ts'
import { agent, bytesOf, emptyLibraryFolder, roomy, withLibrary } from './fixture.ts'
import { openIncident } from './incidents.ts'
import type { Reader } from './store.ts'
import { addTipFile, beginTip } from './tips.ts'
import { addUpload } from './uploads.ts'

const limits = { note: '', mostBytes: 1e6, mostFiles: 9, expiresAt: '2040-01-01T00:00:00.000Z' }
const file = { kind: 'document', mediaType: 'text/plain', name: 'a.txt' } as const

test('links with their use ask as much of the database, however many there are', async () =>
  withLibrary(await emptyLibraryFolder(), async (library) => {
    const blobs = await Promise.all(
      [0, 1, 2].map((each) => library.blobs.putStream(bytesOf(`bytes: ${each}`), roomy)),
    )
    const ids = await library.transact(agent, async (tx) => {
      const opened: string[] = []
      for (const [incident, count] of Object.entries({ pier: 4, quay: 1 })) {
        await openIncident(tx, { id: incident, title: incident })
        for (let files = 0; files < count; files++) {
          const { link } = await openContributorLink(tx, { incident, ...limits })
          opened.push(link.id)
          const tip = await beginTip(tx, link, { account: 'words', contact: '' })
          for (const blob of blobs.slice(0, files)) await addTipFile(tx, tip.id, { blob, ...file })
          const upload = {
            incident,
            tip: tip.id,
            name: 'b.txt',
            sizeBytes: 5,
            place: '0'.repeat(32),
          }
          if (files > 1) await addUpload(tx, { id: `${files}`.padStart(32, '0'), ...upload })
        }
      }
      return opened
    })
    await library.read(async (reader) => {
      let queries = 0
      const counting: Reader = {
        sql: {
          selectFrom: ((table: 'tip') => {
            queries += 1
            return reader.sql.selectFrom(table)
          }) as Reader['sql']['selectFrom'],
        },
      }
      const used = (found: Awaited<ReturnType<typeof readLinksWithUse>>) =>
        found.map(({ id, used: { files, bytes } }) => [ids.indexOf(id), files, bytes])
      const ofPier = [
        [0, 0, 0],
        [1, 1, 8],
        [2, 3, 21],
        [3, 4, 29],
      ]
      assert.deepEqual(used(await readLinksWithUse(counting, ['pier'])), ofPier)
      assert.deepEqual(used(await readLinksWithUse(counting, 'all')), [...ofPier, [4, 0, 0]])
      assert.equal(queries, 6)
      assert.deepEqual(await readLinksWithUse(counting, []), [])
      assert.deepEqual(await readLinkUse(reader, ids[2] ?? ''), { files: 3, bytes: 21 })
      assert.deepEqual(await readLinkUse(reader, ids[4] ?? ''), { files: 0, bytes: 0 })
    })
  }))
