/**
 * Checks the tables against the custody log, both ways: every row is what its
 * entry records, and every recorded act still has its row.
 */
import { createHash } from 'node:crypto'

import { parseCanonicalJson } from '../custody/canonical-json.ts'
import { formatManifest, manifestPath } from '../custody/manifest.ts'
import type { CustodyRecord } from '../custody/record.ts'
import { caseRecordClaims, commentClaims } from './fsck-case-records.ts'
import type { Records } from './fsck-log.ts'
import type { FsckCount, Report } from './fsck-report.ts'
import type { Reader } from './store.ts'

/** A blob that a row relies on. `sizeBytes` where the row states it. */
export interface NeededBlob {
  readonly sha256: string
  readonly sizeBytes?: number
  /** Such as `item` or `case revision 2 of harbour-street`. */
  readonly neededBy: string
}

/** A row, its entry, and what that entry has to say. */
export interface Claim {
  readonly what: string
  readonly entry: number
  readonly type: CustodyRecord['type'] | readonly CustodyRecord['type'][]
  readonly members: Readonly<Record<string, string | number>>
}

/** Returns the blobs that have to be there. */
export async function checkRows(
  reader: Reader,
  records: Records,
  counted: FsckCount,
  report: Report,
): Promise<NeededBlob[]> {
  const { sql } = reader
  const incidents = await sql.selectFrom('incident').selectAll().execute()
  const items = await sql.selectFrom('item').selectAll().execute()
  const sightings = await sql.selectFrom('sighting').selectAll().execute()
  const findings = await sql.selectFrom('finding').selectAll().execute()
  const collections = await sql.selectFrom('collection').selectAll().execute()
  const derivatives = await sql.selectFrom('derivative').selectAll().execute()
  const cases = await sql.selectFrom('case_revision').selectAll().execute()
  const alignments = await sql.selectFrom('alignment').selectAll().execute()
  const publications = await sql.selectFrom('publication').selectAll().execute()
  const published = await sql.selectFrom('publication_file').selectAll().execute()
  const links = await sql.selectFrom('contributor_link').selectAll().execute()
  const tips = await sql.selectFrom('tip').selectAll().execute()
  const tipActs = await sql.selectFrom('tip_act').selectAll().execute()
  const tipFiles = await sql.selectFrom('tip_file').selectAll().execute()
  const incidentOfTip = new Map(tips.map(({ id, incident }) => [id, incident]))
  const linkOfTip = new Map(tips.map(({ id, link }) => [id, link]))
  counted.links = links.length
  counted.tips = tips.length
  const roles = await sql.selectFrom('person_role').selectAll().execute()
  counted.incidents = incidents.length
  counted.items = items.length
  counted.sightings = sightings.length
  counted.findings = findings.length
  counted.collections = collections.length
  counted.derivatives = derivatives.length
  counted.caseRevisions = cases.length
  counted.alignments = alignments.length
  counted.publications = publications.length

  const originals = new Set(items.map((row) => row.sha256))
  const outputs = new Set(derivatives.map((row) => row.output_sha256))
  for (const row of derivatives) {
    const what = `derivative ${row.recipe_sha256} ${row.kind}`
    if (sha256Hex(row.recipe) !== row.recipe_sha256) {
      report('recipe-differs', what, 'The recipe does not have the hash under which it is kept.')
    }
    checkInputs(row.recipe, what, (input) => originals.has(input) || outputs.has(input), report)
  }
  for (const row of alignments) {
    if (sha256Hex(row.result) === row.result_sha256) continue
    report('alignment-differs', `alignment ${row.id}`, 'The result does not have its hash.')
  }

  for (const { incident, revision, manifest_sha256: manifest } of publications) {
    const files = published
      .filter((row) => row.incident === incident && row.revision === revision)
      .map(({ path, blob }) => ({ path, sha256: blob }))
    if (isManifestOf(files, manifest)) continue
    const what = `publication ${revision} of ${incident}`
    report('publication-differs', what, 'Its files are not those that its manifest names.')
  }

  const claims: Claim[] = [
    ...incidents.map((row): Claim => ({
      what: `incident ${row.id}`,
      entry: row.entry_index,
      type: 'incident-opened',
      members: { incident: row.id },
    })),
    ...items.map((row): Claim => ({
      what: `item ${row.sha256}`,
      entry: row.entry_index,
      type: 'item-received',
      members: { item: row.sha256, sizeBytes: row.size_bytes, mediaType: row.media_type },
    })),
    ...sightings.map((row): Claim => ({
      what: `sighting ${row.id}`,
      entry: row.entry_index,
      type: ['item-received', 'item-seen-again'],
      members: { incident: row.incident, item: row.item },
    })),
    // Written right after the sighting's own entry.
    ...sightings.map((row): Claim => ({
      what: `name in sighting ${row.id}`,
      entry: row.entry_index + 1,
      type: 'item-named',
      members: { item: row.item, name: row.name },
    })),
    ...findings.map((row): Claim => ({
      what: `finding ${row.id}`,
      entry: row.entry_index,
      type: 'finding-noted',
      members: { item: row.item, code: row.code },
    })),
    ...roles.map((row): Claim => ({
      what: `role ${row.role} of ${row.person}`,
      entry: row.entry_index,
      type: 'role-given',
      members: { person: row.person, role: row.role, within: row.incident ?? '*' },
    })),
    ...collections.map((row): Claim => ({
      what: `collection ${row.id}`,
      entry: row.entry_index,
      type: 'item-collected',
      members: { incident: row.incident, item: row.item, collectionSha256: row.record },
    })),
    ...derivatives.map((row): Claim => ({
      what: `derivative ${row.recipe_sha256} ${row.kind}`,
      entry: row.entry_index,
      type: 'derivative-made',
      members: {
        incident: row.incident,
        kind: row.kind,
        recipeSha256: row.recipe_sha256,
        outputSha256: row.output_sha256,
      },
    })),
    ...cases.map((row): Claim => ({
      what: `case revision ${row.revision} of ${row.incident}`,
      entry: row.entry_index,
      type: ['case-imported', 'case-written'],
      members: {
        incident: row.incident,
        caseSha256: row.case_sha256,
        storySha256: row.story_sha256,
      },
    })),
    ...(await caseRecordClaims(reader, records, counted)),
    ...(await commentClaims(reader, records, counted, report)),
    ...alignments.map((row): Claim => ({
      what: `alignment ${row.id}`,
      entry: row.entry_index,
      type: 'alignment-made',
      members: { incident: row.incident, resultSha256: row.result_sha256 },
    })),
    ...publications.map((row): Claim => ({
      what: `publication ${row.revision} of ${row.incident}`,
      entry: row.entry_index,
      type: 'story-published',
      members: {
        incident: row.incident,
        revision: row.revision,
        manifestSha256: row.manifest_sha256,
      },
    })),
    ...links.flatMap(({ id, incident, entry_index: opened, closed_entry_index: closed }) => {
      const claim = { what: `link ${id}`, members: { incident, link: id } }
      const whole: Claim[] = [{ ...claim, entry: opened, type: 'link-opened' }]
      if (closed !== null) whole.push({ ...claim, entry: closed, type: 'link-closed' })
      return whole
    }),
    ...tipActs.map(({ tip, act, entry_index: entry }): Claim => ({
      what: `tip ${tip} ${act}`,
      entry,
      type: `tip-${act}`,
      members: {
        incident: incidentOfTip.get(tip) ?? '',
        tip,
        ...(act === 'received' ? { link: linkOfTip.get(tip) ?? '' } : {}),
      },
    })),
    ...tipFiles.map((row): Claim => ({
      what: `file ${row.sha256} of ${row.tip}`,
      entry: row.entry_index,
      type: 'tip-file-received',
      members: {
        incident: incidentOfTip.get(row.tip) ?? '',
        tip: row.tip,
        item: row.sha256,
        sizeBytes: row.size_bytes,
      },
    })),
  ]
  checkClaims(claims, records, report)

  return [
    ...items.map((row) => ({
      sha256: row.sha256,
      sizeBytes: row.size_bytes,
      neededBy: 'an item',
    })),
    ...tipFiles
      .filter((row) => row.withdrawn_at === null)
      .map((row) => ({
        sha256: row.sha256,
        sizeBytes: row.size_bytes,
        neededBy: `tip ${row.tip}`,
      })),
    ...collections.map((row) => ({ sha256: row.record, neededBy: `collection ${row.id}` })),
    ...derivatives.map((row) => ({
      sha256: row.output_sha256,
      sizeBytes: row.output_bytes,
      neededBy: `derivative ${row.recipe_sha256} ${row.kind}`,
    })),
    ...cases.flatMap((row) => {
      const neededBy = `case revision ${row.revision} of ${row.incident}`
      return [
        { sha256: row.case_sha256, neededBy },
        { sha256: row.story_sha256, neededBy },
      ]
    }),
    ...published.map((row) => ({
      sha256: row.blob,
      neededBy: `${row.path} of publication ${row.revision} of ${row.incident}`,
    })),
  ]
}

/** A reading changes nothing; a role that was taken again is gone, and so is a link that was used. */
function leavesNoRow(record: CustodyRecord, index: number, records: Records): boolean {
  if (['original-read', 'role-taken', 'recovery-link-made'].includes(record.type)) return true
  if (record.type !== 'role-given') return false
  return [...records].some(
    ([later, other]) =>
      later > index &&
      other.type === 'role-taken' &&
      other.person === record.person &&
      other.role === record.role &&
      other.within === record.within,
  )
}

function checkClaims(claims: readonly Claim[], records: Records, report: Report): void {
  const claimed = new Set<number>()
  for (const { what, entry, type, members } of claims) {
    claimed.add(entry)
    const record = records.get(entry)
    const said = new Map<string, unknown>(Object.entries(record ?? {}))
    const rightType = record !== undefined && [type].flat().includes(record.type)
    const agrees = Object.entries(members).every(([name, value]) => said.get(name) === value)
    if (!rightType || !agrees) {
      report('act-not-recorded', what, `Entry ${entry} of the custody log records something else.`)
    }
  }
  for (const [index, record] of records) {
    if (claimed.has(index) || leavesNoRow(record, index, records)) continue
    report(
      'recorded-act-missing',
      `entry ${index}`,
      `The log records an act (${record.type}) of which the database knows nothing.`,
    )
  }
}

function checkInputs(
  recipe: string,
  what: string,
  isKnown: (input: string) => boolean,
  report: Report,
): void {
  const inputs = recipeInputs(recipe)
  if (inputs === undefined) {
    report('recipe-malformed', what, 'The recipe is not canonical JSON that lists its inputs.')
    return
  }
  for (const input of inputs) {
    if (isKnown(input)) continue
    report('recipe-input-missing', what, `Its input ${input} is not in the library.`)
  }
}

/** The hashes under `inputs[].item` or `inputs[].derivative`. */
function recipeInputs(recipe: string): string[] | undefined {
  let value: unknown
  try {
    value = parseCanonicalJson(recipe)
  } catch {
    return undefined
  }
  const { inputs } = Object(value) as { inputs?: unknown }
  if (!Array.isArray(inputs)) return undefined
  const hashes = inputs.map((input: unknown) => {
    const { item, derivative } = Object(input) as { item?: unknown; derivative?: unknown }
    return item ?? derivative
  })
  return hashes.every((hash) => typeof hash === 'string') ? hashes : undefined
}

/** What lies under `proof/log/` is proved by the log itself, and not in the manifest. */
function isManifestOf(
  files: readonly { readonly path: string; readonly sha256: string }[],
  manifestSha256: string,
): boolean {
  const named = files.filter(({ path }) => path !== manifestPath && !path.startsWith('proof/log/'))
  const kept = files.find(({ path }) => path === manifestPath)
  try {
    return kept?.sha256 === manifestSha256 && sha256Hex(formatManifest(named)) === manifestSha256
  } catch {
    return false
  }
}

const sha256Hex = (text: string): string => createHash('sha256').update(text).digest('hex')
