/** What a library holds, read by a process that did not write it, and held against what was promised. */
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { join } from 'node:path'

import { openEntries } from '../../src/store/custody-log.ts'
import { checkLibrary } from '../../src/store/fsck.ts'
import { openLibrary, type Library } from '../../src/store/library.ts'

/** What commands have said on stdout, all runs together. */
export interface Acknowledged {
  /** SHA-256 of each `received` line. */
  readonly received: string[]
  /** `<incident> <revision>` of each `published` line. */
  readonly published: string[]
}

export interface LibraryState {
  /** SHA-256 of originals. */
  readonly items: readonly string[]
  /** SHA-256 of the original, one for each arrival. */
  readonly sightings: readonly string[]
  /** `<original> <facts>`, for those that have been examined. */
  readonly facts: readonly string[]
  /** `<original> <code> <message>` */
  readonly findings: readonly string[]
  /** `<kind> <recipe> <output>` */
  readonly derivatives: readonly string[]
  readonly alignments: readonly string[]
  /** `<incident> <revision> <manifest>` */
  readonly publications: readonly string[]
  /** Publications whose bundle has its proof. */
  readonly sealed: number
}

export function readAcknowledged(lines: readonly string[], acknowledged: Acknowledged): void {
  for (const line of lines) {
    const [verb = '', first = '', second = '', third = ''] = line.split(/ +/)
    if (verb === 'received') acknowledged.received.push(first)
    if (verb === 'published') acknowledged.published.push(`${first} ${third}`)
    assert.ok(verb !== 'published' || second === 'revision', line)
  }
}

/**
 * Opens the library as the next start would. Everything acknowledged is there,
 * intact and in the custody log, and fsck finds nothing wrong. Undefined where
 * no library had come to be; then nothing may have been acknowledged.
 */
export async function checkKept(
  folder: string,
  acknowledged: Acknowledged,
): Promise<{ readonly state: LibraryState; readonly openSeconds: number } | undefined> {
  if (!existsSync(join(folder, 'library.json'))) {
    assert.deepEqual(acknowledged, { received: [], published: [] })
    return undefined
  }
  const startedAt = performance.now()
  const effects = { now: () => new Date(), randomBytes }
  const library = await openLibrary(folder, { command: 'check', effects, mustExist: true })
  const openSeconds = (performance.now() - startedAt) / 1000
  try {
    const state = await readState(library)
    for (const sha256 of new Set(acknowledged.received)) {
      assert.ok(state.items.includes(sha256), `${sha256} was acknowledged and is no item`)
      assert.equal((await library.blobs.verify(sha256)).kind, 'intact', sha256)
    }
    for (const promised of acknowledged.published) {
      assert.ok(
        state.publications.some((publication) => publication.startsWith(`${promised} `)),
        `${promised} was acknowledged as published and is not`,
      )
    }
    await checkSightings(library)
    const { findings } = await checkLibrary(library)
    assert.deepEqual(findings, [])
    return { state, openSeconds }
  } finally {
    await library.close()
  }
}

/** Each sighting has the entry of its arrival and, after it, that of its name. */
async function checkSightings(library: Library): Promise<void> {
  await library.read(async (reader) => {
    const sightings = await reader.sql.selectFrom('sighting').selectAll().execute()
    for (const { entry_index: index, item, name, incident } of sightings) {
      const [arrival, naming] = await openEntries(reader, [index, index + 1])
      assert.ok(arrival !== undefined && naming !== undefined, `sighting at entry ${index}`)
      const came = JSON.parse(arrival.record) as Record<string, unknown>
      const named = JSON.parse(naming.record) as Record<string, unknown>
      assert.match(String(came['type']), /^item-(?:received|seen-again)$/)
      assert.deepEqual([came['item'], came['incident']], [item, incident])
      assert.deepEqual([named['type'], named['item'], named['name']], ['item-named', item, name])
    }
  })
}

async function readState(library: Library): Promise<LibraryState> {
  return library.read(async ({ sql }) => {
    const items = await sql.selectFrom('item').select('sha256').execute()
    const sightings = await sql.selectFrom('sighting').select('item').execute()
    const facts = await sql.selectFrom('item_fact').select(['item', 'facts']).execute()
    const findings = await sql.selectFrom('finding').selectAll().execute()
    const derivatives = await sql.selectFrom('derivative').selectAll().execute()
    const alignments = await sql.selectFrom('alignment').selectAll().execute()
    const publications = await sql.selectFrom('publication').selectAll().execute()
    const keys = await sql
      .selectFrom('publication_file')
      .select('path')
      .where('path', '=', 'proof/log/checkpoint')
      .execute()
    const sorted = (lines: readonly string[]): string[] => lines.toSorted()
    return {
      items: sorted(items.map((row) => row.sha256)),
      sightings: sorted(sightings.map((row) => row.item)),
      facts: sorted(facts.map((row) => `${row.item} ${JSON.stringify(row.facts)}`)),
      findings: sorted(findings.map((row) => `${row.item} ${row.code} ${row.message}`)),
      derivatives: sorted(
        derivatives.map((row) => `${row.kind} ${row.recipe_sha256} ${row.output_sha256}`),
      ),
      alignments: sorted(alignments.map((row) => `${row.incident} ${row.result_sha256}`)),
      publications: sorted(
        publications.map((row) => `${row.incident} ${row.revision} ${row.manifest_sha256}`),
      ),
      sealed: keys.length,
    }
  })
}
