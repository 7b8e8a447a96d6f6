/** `sightline search`, over the example incident. */
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { before, test } from 'node:test'
import { fixedEffects } from '../../src/store/fixture.ts'
import { openLibrary } from '../../src/store/library.ts'
import { repository, scratchFolder, sightline } from '../support/command-line.ts'
import { databaseUrlFor } from '../support/postgres.ts'

const library = join(scratchFolder('search'), 'library')

interface Found {
  readonly hits: readonly {
    readonly kind: string
    readonly ref?: string
    readonly item?: string
    readonly page?: number
    readonly text: string
    readonly marks: readonly (readonly [number, number])[]
  }[]
}

async function find(...args: string[]): Promise<Found> {
  const { code, stdout, stderr } = await sightline([
    'search',
    '--library',
    library,
    '--json',
    ...args,
  ])
  assert.equal(code, 0, stderr)
  return JSON.parse(stdout) as Found
}

before(async () => {
  const example = join(repository, 'examples', 'harbour-street')
  const { code, stderr } = await sightline(['import', example, '--library', library])
  assert.equal(code, 0, stderr)
})

test('one asks for words and gets the claim, the quotes and the pages that have them', async () => {
  const { hits } = await find('seven', 'shots')
  assert.deepEqual([hits[0]?.kind, hits[0]?.ref], ['claim', 'seven-shots'])
  for (const { text, marks } of hits) {
    assert.ok(marks.length > 0)
    for (const [from, to] of marks) assert.match(text.slice(from, to), /^(?:seven|shots.*)/i)
  }
  assert.ok(hits.some(({ kind, item }) => kind === 'document' && item !== undefined))
  const pdf = await find('"total of five shots"', '--kind', 'document')
  assert.deepEqual(
    pdf.hits.map(({ page = 0 }) => page).toSorted((one, two) => one - two),
    [0, 1],
  )
  const story = await find('--kind', 'story', 'harbour')
  assert.ok(story.hits.length > 0)
})

test('on a terminal it is read as text, and hostile words are only words', async () => {
  const { stdout } = await sightline([
    'search',
    '--library',
    library,
    '--kind',
    'claim',
    '--',
    'seven',
    '-five',
  ])
  assert.equal(stdout, 'harbour-street claim seven-shots\n    Seven shots were fired in all.\n')
  const none = await sightline(['search', '--library', library, `'; drop table item; --`])
  assert.deepEqual([none.code, none.stdout], [0, 'Nothing found.\n'])
  for (const args of [
    ['--from', 'soon'],
    ['--kind', 'x'],
    ['--limit', '0'],
    ['--incident', '../x'],
  ]) {
    assert.equal(
      (await sightline(['search', '--library', library, ...args])).code,
      2,
      args.join(' '),
    )
  }
})

test('what an older version took in is indexed when it is first searched', async () => {
  const before = await find('shots')
  const databaseUrl = await databaseUrlFor(library)
  const opened = await openLibrary(library, {
    command: 'test',
    effects: fixedEffects(),
    ...(databaseUrl === undefined ? {} : { databaseUrl }),
  })
  try {
    for (const table of ['search_text', 'search_incident', 'search_item'] as const) {
      await opened.database.kysely.deleteFrom(table).execute()
    }
  } finally {
    await opened.close()
  }
  const fsck = await sightline(['fsck', '--library', library])
  assert.equal(fsck.code, 0)
  assert.match(fsck.stdout, /search-outdated +harbour-street/)
  const texts = (found: Found) =>
    found.hits.map(({ kind, ref, item }) => [kind, ref, item].join()).toSorted()
  assert.deepEqual(texts(await find('shots')), texts(before))
  assert.doesNotMatch((await sightline(['fsck', '--library', library])).stdout, /search-outdated/)
  assert.deepEqual(texts(await find('--reindex', 'shots')), texts(before))
})
