import assert from 'node:assert/strict'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'

import { sql } from 'kysely'

import { onServer } from '../../test/support/postgres.ts'
import { canonicalJson } from '../custody/canonical-json.ts'
import { formatManifest, manifestPath } from '../custody/manifest.ts'
import { blobName } from './blobs.ts'
import { signedCheckpoint } from './checkpoints.ts'
import { addAlignment, addDerivative } from './derivatives.ts'
import { agent, all, bytesOf, emptyLibraryFolder, openTestLibrary, roomy } from './fixture.ts'
import { spoilBlob, withLibrary } from './fixture.ts'
import { checkLibrary } from './fsck.ts'
import { addPublication, importCase, openIncident, titleAlone } from './incidents.ts'
import { noteFindings, receiveItem } from './items.ts'
import type { Library } from './library.ts'
import { addPublicationFiles } from './publications.ts'
import { indexIncident } from './search-index.ts'

/** One of each kind of thing, and a checkpoint over all but the last entry. */
async function fill(library: Library) {
  const put = (text: string) => library.blobs.putStream(bytesOf(text), roomy)
  const [item, output, story] = [await put('footage'), await put('proxy'), await put('story')]
  const files = [{ path: 'index.html', sha256: story.sha256 }]
  const manifest = await put(formatManifest(files))
  files.push({ path: manifestPath, sha256: manifest.sha256 })
  files.push({ path: 'proof/log/opened', sha256: story.sha256 })
  const incident = 'pier'
  const inputs = [{ item: item.sha256 }]
  await library.transact(agent, async (tx) => {
    await openIncident(tx, { id: incident, title: 'The pier' })
    const file = { kind: 'recording', mediaType: 'video/mp4', name: 'a.mp4' } as const
    await receiveItem(tx, { incident, blob: item, ...file })
    await noteFindings(tx, item.sha256, [
      { code: 'rotation', severity: 'notice', message: 'Turned by 90°.' },
    ])
    const recipe = canonicalJson({ kind: 'proxy', inputs })
    await addDerivative(tx, { kind: 'proxy', incident, recipe, output, mediaType: 'video/mp4' })
    await importCase(tx, {
      incident,
      title: 'The pier',
      caseSha256: story.sha256,
      storySha256: story.sha256,
      files: new Map([['footage/pier.mp4', item.sha256]]),
    })
    await indexIncident(tx, incident, { ...titleAlone('The pier'), revision: 1 })
    await addAlignment(tx, {
      incident,
      inputs: [item.sha256],
      inputsSha256: item.sha256,
      result: canonicalJson({ groups: [1] }),
    })
    const publication = { incident, revision: 1, contentSha256: story.sha256 }
    await addPublication(tx, { ...publication, manifestSha256: manifest.sha256 })
    await addPublicationFiles(tx, publication, files)
    await receiveItem(tx, {
      incident,
      blob: output,
      kind: 'recording',
      mediaType: 'video/mp4',
      name: 'b.mp4',
    })
  })
  await library.transactWithoutEntry(agent, (tx) => signedCheckpoint(tx, library.signer))
  return { item, output, story }
}

const codesOf = async (library: Library) => {
  const { findings } = await checkLibrary(library)
  return [...new Set(findings.map(({ code }) => code))].toSorted()
}

let library: Library
let blobs: Awaited<ReturnType<typeof fill>>
before(async () => {
  library = await openTestLibrary(await emptyLibraryFolder())
  blobs = await fill(library)
})
after(() => library.close())

const run = (statement: string) => sql.raw(statement).execute(library.database.kysely)

test('a whole library has no findings, and everything in it is counted', async () => {
  const { findings, notes, counted } = await checkLibrary(library)
  assert.deepEqual([findings, notes], [[], []])
  const { pages, ...rest } = counted
  assert.ok(onServer ? pages === 0 : pages > 1000)
  assert.deepEqual(rest, {
    blobs: 4,
    blobBytes: 94,
    entries: 10,
    checkpoints: 1,
    incidents: 1,
    items: 2,
    sightings: 2,
    findings: 1,
    collections: 0,
    derivatives: 1,
    caseRevisions: 1,
    caseRecords: 0,
    comments: 0,
    alignments: 1,
    publications: 1,
    links: 0,
    tips: 0,
  })
})

/** Each changes one thing in the tables; the undoing puts it back for the next. */
const tableDamages: readonly (readonly [
  what: string,
  damage: string,
  undo: string,
  codes: readonly string[],
])[] = [
  [
    'a changed record',
    `update custody_entry set record = replace(record, 'video', 'Video') where index = 1`,
    `update custody_entry set record = replace(record, 'Video', 'video') where index = 1`,
    ['act-not-recorded', 'entry-does-not-open'],
  ],
  [
    'a changed salt',
    `update custody_entry set salt = set_byte(salt, 7, get_byte(salt, 7) # 1) where index = 9`,
    `update custody_entry set salt = set_byte(salt, 7, get_byte(salt, 7) # 1) where index = 9`,
    ['act-not-recorded', 'entry-does-not-open'],
  ],
  [
    'a changed commitment',
    `update custody_entry set commitment = set_byte(commitment, 0, get_byte(commitment, 0) # 1) where index = 0`,
    `update custody_entry set commitment = set_byte(commitment, 0, get_byte(commitment, 0) # 1) where index = 0`,
    ['act-not-recorded', 'checkpoint-differs', 'entry-does-not-open'],
  ],
  [
    'a removed entry',
    `create table kept as select * from custody_entry where index = 2; delete from custody_entry where index = 2`,
    `insert into custody_entry select * from kept; drop table kept`,
    ['act-not-recorded', 'index-gap', 'log-shortened'],
  ],
  [
    'a removed last entry',
    `create table kept as select * from custody_entry where index = 9; delete from custody_entry where index = 9`,
    `insert into custody_entry select * from kept; drop table kept`,
    ['act-not-recorded', 'log-shortened'],
  ],
  [
    'a changed signature',
    `update custody_checkpoint set note = overlay(note placing 'AAAA' from length(note) - 20)`,
    '',
    ['checkpoint-not-signed'],
  ],
  [
    'a checkpoint that is no note',
    `update custody_checkpoint set note = 'x' || note`,
    '',
    ['checkpoint-not-signed'],
  ],
  [
    'a checkpoint cut short',
    `update custody_checkpoint set note = left(note, 40)`,
    '',
    ['checkpoint-malformed'],
  ],
  [
    'a checkpoint kept under another size',
    `update custody_checkpoint set size = 4`,
    `update custody_checkpoint set size = 10`,
    ['checkpoint-differs'],
  ],
  [
    'a changed item',
    `update item set media_type = 'video/webm' where entry_index = 1`,
    `update item set media_type = 'video/mp4' where entry_index = 1`,
    ['act-not-recorded'],
  ],
  [
    'an item that claims another size',
    `update item set size_bytes = 8 where entry_index = 1`,
    `update item set size_bytes = 7 where entry_index = 1`,
    ['act-not-recorded', 'blob-size-differs'],
  ],
  [
    'a changed file name',
    `update sighting set name = 'c.mp4' where name = 'a.mp4'`,
    `update sighting set name = 'a.mp4' where name = 'c.mp4'`,
    ['act-not-recorded'],
  ],
  [
    'a changed finding',
    `update finding set code = 'truncated'`,
    `update finding set code = 'rotation'`,
    ['act-not-recorded'],
  ],
  [
    'a changed recipe',
    `update derivative set recipe = replace(recipe, 'proxy', 'Proxy')`,
    `update derivative set recipe = replace(recipe, 'Proxy', 'proxy')`,
    ['recipe-differs'],
  ],
  [
    'a recipe whose input was never received',
    `update derivative set recipe = regexp_replace(recipe, '[0-9a-f]{64}', repeat('0', 64))`,
    '',
    ['recipe-differs', 'recipe-input-missing'],
  ],
  [
    'a recipe that is not canonical',
    `update derivative set recipe = recipe || ' '`,
    '',
    ['recipe-differs', 'recipe-malformed'],
  ],
  [
    'a changed alignment',
    `update alignment set result = replace(result, '1', '2')`,
    `update alignment set result = replace(result, '2', '1')`,
    ['alignment-differs'],
  ],
  [
    'a changed case revision',
    `update case_revision set story_sha256 = repeat('a', 64)`,
    '',
    ['act-not-recorded', 'blob-missing'],
  ],
  [
    'a removed alignment',
    `create table kept as select * from alignment; delete from alignment`,
    `insert into alignment overriding system value select * from kept; drop table kept`,
    ['recorded-act-missing'],
  ],
  [
    'a removed file of a publication',
    `create table kept as select * from publication_file; delete from publication_file where path = 'index.html'`,
    `insert into publication_file select * from kept where path = 'index.html'; drop table kept`,
    ['publication-differs'],
  ],
  [
    'a publication with another manifest',
    `update publication_file set blob = (select story_sha256 from case_revision) where path like '%manifest%'`,
    `update publication_file set blob = (select manifest_sha256 from publication) where path like '%manifest%'`,
    ['publication-differs'],
  ],
]

for (const [what, damage, undo, codes] of tableDamages) {
  test(`fsck names ${what}`, async () => {
    const table = /^(?:update|create table kept as select \* from) (\w+)/.exec(damage)?.[1] ?? ''
    if (undo === '') await run(`create table kept as select * from ${table}`)
    try {
      await run(damage)
      assert.deepEqual(await codesOf(library), codes)
    } finally {
      const column = { custody_checkpoint: 'note', derivative: 'recipe' }[table] ?? 'story_sha256'
      const putBack = `update ${table} set ${column} = kept.${column} from kept; drop table kept`
      await run(undo === '' ? putBack : undo)
    }
  })
}

test('fsck names a changed, a shortened and a lost blob', async () => {
  const name = blobName(blobs.item.sha256)
  const text = Buffer.concat(await all(library.blobs.read(blobs.item.sha256))).toString()
  await spoilBlob(library, name, 'fOotage')
  assert.deepEqual((await checkLibrary(library)).findings[0]?.what, blobs.item.sha256)
  assert.deepEqual(await codesOf(library), ['blob-damaged'])
  await spoilBlob(library, name, 'foo')
  assert.deepEqual(await codesOf(library), ['blob-damaged', 'blob-size-differs'])
  await spoilBlob(library, name)
  assert.deepEqual(await codesOf(library), ['blob-missing'])
  await spoilBlob(library, name, text)
  assert.deepEqual(await codesOf(library), [])
})

test('a file that leaves as it should while it is looked at is not missed', async () => {
  const sha256 = 'e'.repeat(64)
  await run(`create table kept as select * from case_revision`)
  await run(`update case_revision set story_sha256 = '${sha256}'`)
  const putBack = `update case_revision set story_sha256 = kept.story_sha256 from kept`
  const meanwhile: Library = {
    ...library,
    blobs: {
      ...library.blobs,
      list: async function* () {
        await run(putBack)
        yield* library.blobs.list()
      },
    },
  }
  const { findings } = await checkLibrary(meanwhile)
  await run('drop table kept')
  assert.deepEqual(
    findings.map(({ code }) => code),
    ['act-not-recorded'],
  )
})

test('a blob that nothing needs and a stray file are notes, not findings', async () => {
  const extra = await library.blobs.putStream(bytesOf('nobody asked'), roomy)
  await spoilBlob(library, 'notes.txt', '')
  const { findings, notes } = await checkLibrary(library)
  await spoilBlob(library, 'notes.txt')
  await spoilBlob(library, blobName(extra.sha256))
  assert.deepEqual(findings, [])
  assert.deepEqual(
    notes.map(({ code, what }) => [code, what]),
    [
      ['stray-file', `${library.objects?.place ?? 'blobs'}/notes.txt`],
      ['blob-unreferenced', extra.sha256],
    ],
  )
})

test('a log that no longer contains what was signed is not signed again', async () => {
  await run(`create table kept as select * from custody_entry where index = 9`)
  await run(`delete from custody_entry where index = 9`)
  await assert.rejects(
    library.transactWithoutEntry(agent, (tx) => signedCheckpoint(tx, library.signer)),
    { code: 'library-damaged' },
  )
  await run(`insert into custody_entry select * from kept; drop table kept`)
  const sign = () =>
    library.transactWithoutEntry(agent, (tx) => signedCheckpoint(tx, library.signer))
  assert.deepEqual(await sign(), await sign())
})

const embedded = { skip: onServer && 'a server looks after its files' }
for (const relation of ['custody_entry', 'custody_entry_pkey']) {
  test(
    `one changed byte in the file of ${relation} is named by file and page`,
    embedded,
    async () => {
      const copy = await emptyLibraryFolder()
      const file = await withLibrary(copy, async (library) => {
        await fill(library)
        const { rows } = await sql<{ file: string }>`
        select pg_relation_filepath(${relation}) as file`.execute(library.database.kysely)
        return rows[0]?.file ?? ''
      })
      const path = join(copy, 'database', file)
      const bytes = await readFile(path)
      bytes[bytes.length - 20] = (bytes.at(-20) ?? 0) ^ 1
      await writeFile(path, bytes)
      const report = await withLibrary(copy, (library) => checkLibrary(library))
      assert.deepEqual(report.findings[0], {
        code: 'page-damaged',
        what: `database/${file}`,
        message: `Page ${bytes.length / 8192 - 1} does not have its checksum.`,
      })
      assert.deepEqual(report.counted.blobs, 4)
    },
  )
}
