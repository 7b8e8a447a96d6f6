import assert from 'node:assert/strict'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { after, before, test } from 'node:test'
import type { CaseRecordKind } from '../case/record-text.ts'
import { readCase } from '../case/read-case.ts'
import { readStory } from '../case/read-story.ts'
import { readCaseRecord, readLivingRecords, readRecordVersions } from '../store/case-records.ts'
import { readEntries } from '../store/custody-log.ts'
import { agent, emptyLibraryFolder, openTestLibrary, temporaryFolder } from '../store/fixture.ts'
import { checkLibrary } from '../store/fsck.ts'
import {
  importCase as recordCase,
  openIncident,
  readCaseFiles,
  readIncidents,
} from '../store/incidents.ts'
import { receiveItem } from '../store/items.ts'
import type { Library } from '../store/library.ts'
import { EditError } from './edit-error.ts'
import { editRecord, openCase } from './edit-record.ts'
import { fillRecords } from './fill-records.ts'
import { importCase } from './import-case.ts'
import { snapshotCase } from './snapshot-case.ts'

const hostile = `<script>"'; drop table case_record; --\u202E 😀`
const story = `---
title: A quarrel
standfirst: What is known.
byline: The desk
---

Two things are said: :claim[this]{id="two-shots"}.

::quote{statement="s1"}
`
const caseText = `format: sightline-case/1
incident: { id: quay, title: A quarrel at the quay, place: The quay, date: 2026-05-17 }
sources:
  - { id: walker, name: Witness A, kind: witness }
claims:
  - { id: two-shots, text: Two shots were fired. }
  - { id: one-shot, text: One shot was fired. }
accounts:
  - { id: walker-says, source: walker, date: 2026-05~, note: I heard two. }
statements:
  - { id: s1, account: walker-says, quote: I heard two., on: [{ claim: two-shots, stance: asserts }] }
`

let library: Library
before(async () => {
  library = await openTestLibrary(await emptyLibraryFolder())
})
after(() => library.close())

async function folderOf(name: string, yaml: string, markdown: string): Promise<string> {
  const folder = join(await temporaryFolder(), name)
  await mkdir(folder)
  await writeFile(join(folder, 'case.yaml'), yaml)
  await writeFile(join(folder, 'story.md'), markdown)
  return folder
}

/** A case of its own for each test. */
async function imported(incident: string, yaml = caseText, of = library): Promise<string> {
  const folder = await folderOf(incident, yaml.replace('id: quay', `id: ${incident}`), story)
  await importCase(of, agent, folder, { progress: () => undefined })
  return folder
}

const at = (incident: string, kind: CaseRecordKind, id: string) =>
  library.read((reader) => readCaseRecord(reader, { incident, kind, id }))

async function refused(edit: Promise<unknown>): Promise<EditError> {
  const error = await edit.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  assert.ok(error instanceof EditError, String(error))
  return error
}

const noFindings = async (): Promise<void> => {
  const { findings } = await checkLibrary(library)
  assert.deepEqual(findings, [])
}

test('an import makes records; an edit makes the next version and keeps the one before', async () => {
  const incident = 'edited'
  await imported(incident)
  const claim = { id: 'two-shots', text: hostile }
  const edited = await editRecord(
    library,
    { ...agent, actor: 'editor' },
    {
      incident,
      kind: 'claims',
      id: 'two-shots',
      from: 1,
      value: claim,
    },
  )
  assert.deepEqual(
    [edited.version, edited.changedBy, JSON.parse(edited.body ?? '')],
    [2, 'editor', claim],
  )
  const versions = await library.read((reader) =>
    readRecordVersions(
      reader,
      { incident, kind: 'claims', id: 'two-shots' },
      { before: 99, limit: 9 },
    ),
  )
  assert.deepEqual(
    versions.map(({ version, changedBy, body }) => [
      version,
      changedBy,
      JSON.parse(body ?? '') as unknown,
    ]),
    [
      [2, 'editor', claim],
      [1, 'test', { id: 'two-shots', text: 'Two shots were fired.' }],
    ],
  )
  const [entry] = await library.read((reader) =>
    readEntries(reader, { from: edited.entryIndex, to: edited.entryIndex + 1 }),
  )
  const record = JSON.parse(entry?.record ?? '') as Record<string, unknown>
  assert.deepEqual(
    [record['type'], record['kind'], record['record'], record['version']],
    ['case-record-edited', 'claims', 'two-shots', 2],
  )
  assert.ok(!entry?.record.includes('script'), 'the log says that it was edited, not what it says')
  await noFindings()
})

test('an edit made from an older version is refused, with what it says now and who said so', async () => {
  const incident = 'conflict'
  await imported(incident)
  const edit = { incident, kind: 'claims', id: 'two-shots' } as const
  const first = { id: 'two-shots', text: 'First.' }
  await editRecord(library, { ...agent, actor: 'editor' }, { ...edit, from: 1, value: first })
  const error = await refused(
    editRecord(library, agent, { ...edit, from: 1, value: { id: 'two-shots', text: 'Second.' } }),
  )
  assert.equal(error.code, 'version-conflict')
  assert.deepEqual([error.current?.version, error.current?.changedBy], [2, 'editor'])
  assert.deepEqual(JSON.parse(error.current?.body ?? ''), first)
  assert.equal(
    (await refused(editRecord(library, agent, { ...edit, from: 1, value: undefined }))).code,
    'version-conflict',
  )
  assert.equal(
    (await refused(editRecord(library, agent, { ...edit, from: 'none', value: first }))).code,
    'record-exists',
  )
  const absent = { id: 'absent', text: 'No.' }
  assert.equal(
    (await refused(editRecord(library, agent, { ...edit, id: 'absent', from: 1, value: absent })))
      .code,
    'record-missing',
  )
  assert.equal(
    (
      await refused(
        editRecord(library, agent, { ...edit, incident: 'none', from: 1, value: first }),
      )
    ).code,
    'incident-missing',
  )
  const size = (await library.read((reader) => readEntries(reader, { from: 0, to: 1e6 }))).length
  const again = await editRecord(library, agent, { ...edit, from: 2, value: first })
  assert.equal(again.version, 2, 'the same again is no edit')
  const editor = { ...agent, actor: 'editor' }
  const unanswered = await editRecord(library, editor, { ...edit, from: 1, value: first })
  assert.equal(unanswered.version, 2, 'nor is a save whose answer was lost')
  const conflict = await refused(editRecord(library, agent, { ...edit, from: 1, value: first }))
  assert.equal(conflict.code, 'version-conflict')
  assert.equal(
    (await library.read((reader) => readEntries(reader, { from: 0, to: 1e6 }))).length,
    size,
  )
})

test('of many edits from one version made at once, one alone is made', async () => {
  const incident = 'at-once'
  await imported(incident)
  const results = await Promise.allSettled(
    Array.from({ length: 20 }, (_, index) =>
      editRecord(library, agent, {
        incident,
        kind: 'claims',
        id: 'one-shot',
        from: 1,
        value: { id: 'one-shot', text: `Said by ${index}.` },
      }),
    ),
  )
  assert.equal(results.filter(({ status }) => status === 'fulfilled').length, 1)
  assert.equal((await at(incident, 'claims', 'one-shot'))?.version, 2)
})

test('what others refer to stays, and they are named', async () => {
  const incident = 'referred'
  await imported(incident)
  const remove = (kind: CaseRecordKind, id: string, from: number) =>
    editRecord(library, agent, { incident, kind, id, from, value: undefined })
  const error = await refused(remove('claims', 'two-shots', 1))
  assert.equal(error.code, 'record-in-use')
  assert.deepEqual(error.issues.map(({ at }) => at).toSorted(), ['statements/s1', 'story/story'])
  assert.equal((await refused(remove('sources', 'walker', 1))).code, 'record-in-use')
  // Once nobody refers to it, it goes; its id can be used again and its versions go on.
  const removed = await remove('claims', 'one-shot', 1)
  assert.deepEqual([removed.version, removed.body], [2, undefined])
  assert.equal((await refused(remove('claims', 'one-shot', 2))).code, 'version-conflict')
  const again = await editRecord(library, agent, {
    incident,
    kind: 'claims',
    from: 'none',
    value: { id: 'one-shot', text: 'Again.' },
  })
  assert.equal(again.version, 3)
  await noFindings()
})

test('shape and references are checked as those of a case file are', async () => {
  const incident = 'checked'
  await imported(incident)
  const create = (kind: CaseRecordKind, value: unknown) =>
    refused(editRecord(library, agent, { incident, kind, from: 'none', value }))
  for (const [kind, value, at, says] of [
    ['claims', { id: 'a' }, 'text', /missing/],
    ['claims', { id: '../a', text: 'x' }, 'id', /lower-case/],
    ['claims', { id: 'a', text: 'x', colour: 'red' }, '', /colour/],
    ['claims', { id: 'a', text: 'x\u0000' }, 'text', /control/],
    ['claims', 'x', '', /expected object/],
    ['claims', JSON.parse('{"id":"a","text":"x","__proto__":{"a":1}}'), '', /__proto__/],
    ['sources', { id: 'a', name: '\ud800', kind: 'witness' }, 'name', /control|surrogate/],
    [
      'statements',
      { id: 'a', account: 'walker-says', quote: 'x', prefix: '\ud800' },
      'prefix',
      /control/,
    ],
    [
      'statements',
      { id: 'a', account: 'nobody', quote: 'x' },
      'account',
      /no entry "nobody" in accounts/,
    ],
    [
      'statements',
      { id: 'a', account: 'walker-says', quote: 'x', from: 1, to: 2 },
      'from',
      /recording/,
    ],
    ['accounts', { id: 'a', source: 'walker', date: 'yesterday', note: 'x' }, 'date', /EDTF/],
    ['footage', { id: 'a', file: 'a.mp4', label: 'A' }, 'file', /no item/],
    ['documents', { id: 'a', file: '../a.pdf', title: 'A' }, 'file', /inside/],
    [
      'anchors',
      {
        a: { footage: 'x', at: 1 },
        b: { footage: 'x', at: 1 },
        'plus-minus-seconds': 1,
        seen: 'x',
      },
      'a.footage',
      /no entry/,
    ],
  ] as const) {
    const error = await create(kind, value)
    assert.equal(error.code, 'record-invalid', JSON.stringify(value))
    assert.equal(error.issues[0]?.at, at, JSON.stringify(error.issues))
    assert.match(error.issues[0]?.message ?? '', says)
  }
  const other = await refused(
    editRecord(library, agent, {
      incident,
      kind: 'claims',
      id: 'two-shots',
      from: 1,
      value: { id: 'other', text: 'x' },
    }),
  )
  assert.match(other.issues[0]?.message ?? '', /an id does not change/)
  const markdown = story.replace('id="two-shots"', 'id="absent"')
  const error = await refused(
    editRecord(library, agent, {
      incident,
      kind: 'story',
      id: 'story',
      from: 1,
      value: { markdown },
    }),
  )
  assert.deepEqual(
    error.issues.map(({ at, code }) => [at, code]),
    [['story.md:7:22', 'unknown-reference']],
  )
})

test('an account that its statements need in a recording stays in one', async () => {
  const incident = 'spoken'
  const blob = await library.blobs.putBytes(Buffer.from('footage'))
  const item = blob.sha256
  await openCase(library, agent, { id: incident, title: 'Spoken', place: 'Quay', date: '2026' })
  await library.transact(agent, async (tx) => {
    await receiveItem(tx, {
      incident,
      blob,
      kind: 'recording',
      mediaType: 'video/mp4',
      name: 'a.mp4',
    })
  })
  const create = (kind: CaseRecordKind, value: unknown) =>
    editRecord(library, agent, { incident, kind, from: 'none', value })
  await create('footage', { id: 'bridge', file: 'a.mp4', label: 'Bridge' })
  await create('footage', { id: 'again', file: item, label: 'The same by its hash' })
  await create('sources', { id: 'walker', name: 'Witness A', kind: 'witness' })
  await create('accounts', { id: 'shouted', source: 'walker', date: '2026', footage: 'bridge' })
  await create('statements', { id: 's1', account: 'shouted', quote: 'Stop!', from: 1, to: 2 })
  const error = await refused(
    editRecord(library, agent, {
      incident,
      kind: 'accounts',
      id: 'shouted',
      from: 1,
      value: { id: 'shouted', source: 'walker', date: '2026', note: 'Told us.' },
    }),
  )
  assert.deepEqual(
    error.issues.map(({ at }) => at),
    ['statements/s1 from'],
  )
  for (const [kind, value] of [
    ['photos', { id: 'again', file: item, label: 'Gate', alt: 'A gate' }],
    ['documents', { id: 'again', file: item, title: 'Gate' }],
  ] as const) {
    const double = await refused(create(kind, value))
    assert.deepEqual(
      double.issues.map(({ code, at }) => [code, at]),
      [['duplicate-id', 'id']],
    )
  }
  const anchor = (footage: string) => ({
    a: { footage: 'bridge', at: 1.5 },
    b: { footage, at: 2.5 },
    'plus-minus-seconds': 0.02,
    seen: 'flash',
  })
  const ids = [await create('anchors', anchor('again')), await create('anchors', anchor('again'))]
  assert.deepEqual(
    ids.map(({ id }) => id),
    ['anchor-1', 'anchor-2'],
  )
  assert.equal((await refused(create('anchors', anchor('bridge')))).issues[0]?.at, 'b.footage')
})

test('a folder that is imported again replaces what was edited, and what says the same keeps its version', async () => {
  const incident = 'again'
  const folder = await imported(incident)
  await editRecord(library, agent, {
    incident,
    kind: 'claims',
    id: 'one-shot',
    from: 1,
    value: { id: 'one-shot', text: 'Edited.' },
  })
  await editRecord(library, agent, {
    incident,
    kind: 'claims',
    from: 'none',
    value: { id: 'more', text: 'More.' },
  })
  const listener = { progress: () => undefined }
  const { revision } = await importCase(library, agent, folder, listener)
  assert.equal(revision, 2)
  assert.equal((await importCase(library, agent, folder, listener)).revision, 2)
  const versions = await library.read((reader) => readLivingRecords(reader, incident, ['claims']))
  assert.deepEqual(
    versions.map(({ id, version }) => [id, version]),
    [
      ['two-shots', 1],
      ['one-shot', 3],
    ],
  )
  const [removed] = await library.read((reader) =>
    readRecordVersions(reader, { incident, kind: 'claims', id: 'more' }, { before: 9, limit: 1 }),
  )
  assert.deepEqual([removed?.version, removed?.body], [2, undefined])
  await noFindings()
})

test('edited records become the next revision of the case, which reads back as they say', async () => {
  const incident = 'snapshot'
  await imported(incident)
  assert.equal((await snapshotCase(library, agent, incident)).revision, 1, 'nothing was edited')
  const quote = `  "Two" \u2028 'shots' ${hostile}\n\n---\n  # and: more\n`
  await editRecord(library, agent, {
    incident,
    kind: 'statements',
    id: 's1',
    from: 1,
    value: {
      id: 's1',
      account: 'walker-says',
      quote,
      on: [{ claim: 'two-shots', stance: 'asserts' }],
    },
  })
  await editRecord(library, agent, {
    incident,
    kind: 'incident',
    id: 'incident',
    from: 1,
    value: { id: incident, title: hostile, place: 'Quay', date: '2026' },
  })
  const markdown = `${story}\n${hostile}\r\n`
  await editRecord(library, agent, {
    incident,
    kind: 'story',
    id: 'story',
    from: 1,
    value: { markdown },
  })
  const revision = await snapshotCase(library, agent, incident)
  assert.equal(revision.revision, 2)
  assert.deepEqual(await snapshotCase(library, agent, incident), revision)
  const { case: facts, problems } = readCase(await text(library.blobs.read(revision.caseSha256)))
  assert.deepEqual(problems, [])
  assert.equal(facts?.statements[0]?.quote, quote.trim())
  assert.equal(facts.incident.title, hostile)
  const written = await text(library.blobs.read(revision.storySha256))
  assert.equal(written, markdown)
  assert.deepEqual(readStory(written, facts).problems, [])
  const [listed] = await library.read((reader) => readIncidents(reader, incident))
  assert.equal(listed?.title, hostile)
  await noFindings()
})

test('an incident that is opened here has no case until it has a story', async () => {
  const incident = 'opened'
  await openCase(library, agent, {
    id: incident,
    title: 'Opened',
    place: 'Quay',
    date: '2026-05-17?',
  })
  assert.equal(
    (
      await refused(
        openCase(library, agent, { id: incident, title: 'x', place: 'y', date: '2026' }),
      )
    ).code,
    'incident-exists',
  )
  await assert.rejects(snapshotCase(library, agent, incident), /no story has been written yet/)
  const markdown = story.split('\nTwo things')[0] ?? ''
  await editRecord(library, agent, {
    incident,
    kind: 'story',
    id: 'story',
    from: 'none',
    value: { markdown },
  })
  assert.equal((await snapshotCase(library, agent, incident)).revision, 1)
})

test('a case that was imported before there were records gets them, as its import’s entry says', async () => {
  const of = await openTestLibrary(await emptyLibraryFolder())
  try {
    const yaml = `${caseText.replace('id: quay', 'id: old')}documents:
  - { id: note, file: note.txt, title: A note }
`
    const folder = await folderOf('old', yaml, story)
    await writeFile(join(folder, 'note.txt'), 'I heard two.')
    await importCase(of, agent, folder, { progress: () => undefined })
    const now = await of.read((reader) => readLivingRecords(reader, 'old'))
    await of.database.kysely.deleteFrom('case_record').execute()
    const files = await of.read((reader) => readCaseFiles(reader, 'old', 1))
    assert.equal(files.size, 1)
    await of.database.kysely.deleteFrom('case_file').execute()
    // Another incident's case text is lost.
    const lost = await of.blobs.putBytes(Buffer.from('lost'))
    await of.transact(agent, async (tx) => {
      await openIncident(tx, { id: 'lost', title: 'Lost' })
      const { sha256 } = lost
      const texts = { caseSha256: sha256, storySha256: sha256, files: new Map<string, string>() }
      await recordCase(tx, { incident: 'lost', title: 'Lost', ...texts })
    })
    const away = new Date(Date.now() + 86_400_000)
    assert.equal(await of.blobs.remove(lost.sha256, away), true)
    const unread: string[] = []
    const fill = () => fillRecords(of, agent, ({ code }) => unread.push(code))
    await fill()
    await fill()
    assert.deepEqual(unread, ['blob-missing', 'blob-missing'])
    assert.deepEqual(await of.read((reader) => readCaseFiles(reader, 'old', 1)), files)
    assert.deepEqual(await of.read((reader) => readLivingRecords(reader, 'old')), now)
    assert.equal(now.length, 8)
    assert.equal((await snapshotCase(of, agent, 'old')).revision, 1)
    const { findings } = await checkLibrary(of)
    assert.ok(
      findings.every(({ code, what }) => code === 'blob-missing' && what.includes(lost.sha256)),
    )
  } finally {
    await of.close()
  }
})

test('fsck sees a record that was changed behind the log’s back', async () => {
  const of = await openTestLibrary(await emptyLibraryFolder())
  try {
    await imported('quay', caseText, of)
    const edit = { incident: 'quay', kind: 'claims', id: 'one-shot' } as const
    await editRecord(of, agent, { ...edit, from: 1, value: { id: 'one-shot', text: 'Edited.' } })
    await of.database.kysely
      .updateTable('case_record')
      .set({ body: '{"id":"one-shot","text":"Forged."}' })
      .where('version', '=', 2)
      .execute()
    const { findings } = await checkLibrary(of)
    assert.deepEqual(
      findings.map(({ code, what }) => [code, what]),
      [['act-not-recorded', 'claims/one-shot of quay, version 2']],
    )
  } finally {
    await of.close()
  }
})
