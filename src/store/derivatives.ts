/** What was made from the originals, and how: derivatives with their recipes, alignments. */
import { createHash } from 'node:crypto'

import type { Selectable } from 'kysely'

import type { Blob } from './blobs.ts'
import { appendEntry } from './custody-log.ts'
import type { Schema } from './schema.ts'
import type { Reader, Transactor } from './store.ts'

export interface Derivative {
  /** SHA-256 of the recipe's text. With `kind` it names the derivative. */
  readonly recipeSha256: string
  /** `[a-z][a-z0-9-]{0,63}`. A recipe with several outputs has one kind for each. */
  readonly kind: string
  readonly incident: string
  /** The one original that it was made from, where there is just one. */
  readonly item?: string
  /** Canonical JSON. */
  readonly recipe: string
  readonly output: Blob
  readonly mediaType: string
  /** RFC 3339. */
  readonly madeAt: string
  readonly entryIndex: number
}

export interface Alignment {
  readonly incident: string
  /** Of whatever the result follows from: recordings, anchors, parameters. */
  readonly inputsSha256: string
  /** Canonical JSON. */
  readonly result: string
  readonly resultSha256: string
  readonly madeAt: string
  readonly entryIndex: number
}

/** Records a derivative whose output is a blob already. Fails on what the incident has already. */
export async function addDerivative(
  tx: Transactor,
  made: Omit<Derivative, 'recipeSha256' | 'madeAt' | 'entryIndex'>,
): Promise<Derivative> {
  const { kind, incident, output } = made
  const recipeSha256 = sha256Hex(made.recipe)
  const entryIndex = await appendEntry(tx, {
    type: 'derivative-made',
    incident,
    kind,
    recipeSha256,
    outputSha256: output.sha256,
  })
  await tx.sql
    .insertInto('derivative')
    .values({
      recipe_sha256: recipeSha256,
      kind,
      item: made.item ?? null,
      incident,
      recipe: made.recipe,
      output_sha256: output.sha256,
      output_bytes: output.sizeBytes,
      media_type: made.mediaType,
      made_at: tx.at,
      entry_index: entryIndex,
    })
    .execute()
  return { ...made, recipeSha256, madeAt: tx.at, entryIndex }
}

/**
 * What a recipe's text gave before, or undefined: ask before making it. With
 * `incident`, only what that incident's log entries record.
 */
export async function readDerivative(
  reader: Reader,
  recipe: string,
  kind: string,
  incident?: string,
): Promise<Derivative | undefined> {
  let query = reader.sql
    .selectFrom('derivative')
    .selectAll()
    .where('recipe_sha256', '=', sha256Hex(recipe))
    .where('kind', '=', kind)
    .orderBy('entry_index')
  if (incident !== undefined) query = query.where('incident', '=', incident)
  const row = await query.limit(1).executeTakeFirst()
  return row && toDerivative(row)
}

/** An output of the incident's own derivatives, or of those of an item that it has too. */
export async function readOutput(
  { sql }: Reader,
  incident: string,
  outputSha256: string,
): Promise<{ readonly sizeBytes: number; readonly mediaType: string } | undefined> {
  const row = await sql
    .selectFrom('derivative')
    .select(['output_bytes', 'media_type'])
    .where('output_sha256', '=', outputSha256)
    .where((where) =>
      where.or([
        where('incident', '=', incident),
        where(
          'item',
          'in',
          where.selectFrom('incident_item').select('item').where('incident', '=', incident),
        ),
      ]),
    )
    .limit(1)
    .executeTakeFirst()
  return row && { sizeBytes: row.output_bytes, mediaType: row.media_type }
}

/** `inputs` are the recordings' hashes, in any order. */
export async function addAlignment(
  tx: Transactor,
  made: {
    readonly incident: string
    readonly inputs: readonly string[]
    readonly inputsSha256: string
    readonly result: string
  },
): Promise<Alignment> {
  const { incident, inputsSha256, result } = made
  const resultSha256 = sha256Hex(result)
  const entryIndex = await appendEntry(tx, {
    type: 'alignment-made',
    incident,
    inputs: made.inputs.toSorted(),
    resultSha256,
  })
  await tx.sql
    .insertInto('alignment')
    .values({
      incident,
      inputs_sha256: inputsSha256,
      result,
      result_sha256: resultSha256,
      made_at: tx.at,
      entry_index: entryIndex,
    })
    .execute()
  return { incident, inputsSha256, result, resultSha256, madeAt: tx.at, entryIndex }
}

/** The latest alignment from exactly these inputs. */
export async function readAlignment(
  reader: Reader,
  incident: string,
  inputsSha256: string,
): Promise<Alignment | undefined> {
  const row = await reader.sql
    .selectFrom('alignment')
    .selectAll()
    .where('incident', '=', incident)
    .where('inputs_sha256', '=', inputsSha256)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row && toAlignment(row)
}

/** The latest of an incident, from whatever inputs. */
export async function readLatestAlignment(
  reader: Reader,
  incident: string,
): Promise<Alignment | undefined> {
  const row = await reader.sql
    .selectFrom('alignment')
    .selectAll()
    .where('incident', '=', incident)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row && toAlignment(row)
}

/** The custody entry of the latest, without its result. */
export async function latestAlignmentEntry(
  { sql }: Reader,
  incident: string,
): Promise<number | undefined> {
  const row = await sql
    .selectFrom('alignment')
    .select('entry_index')
    .where('incident', '=', incident)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row?.entry_index
}

/** Of an incident, those recorded after the entry `after`, in that order. */
export async function listDerivatives(
  reader: Reader,
  incident: string,
  {
    kind,
    after,
    limit,
  }: { readonly kind?: string | undefined; readonly after: number; readonly limit: number },
): Promise<Derivative[]> {
  let query = reader.sql
    .selectFrom('derivative')
    .selectAll()
    .where('incident', '=', incident)
    .where('entry_index', '>', after)
    .orderBy('entry_index')
    .limit(limit)
  if (kind !== undefined) query = query.where('kind', '=', kind)
  return (await query.execute()).map(toDerivative)
}

function toAlignment(row: Selectable<Schema['alignment']>): Alignment {
  return {
    incident: row.incident,
    inputsSha256: row.inputs_sha256,
    result: row.result,
    resultSha256: row.result_sha256,
    madeAt: row.made_at,
    entryIndex: row.entry_index,
  }
}

function toDerivative(row: Selectable<Schema['derivative']>): Derivative {
  return {
    recipeSha256: row.recipe_sha256,
    kind: row.kind,
    incident: row.incident,
    ...(row.item === null ? {} : { item: row.item }),
    recipe: row.recipe,
    output: { sha256: row.output_sha256, sizeBytes: row.output_bytes },
    mediaType: row.media_type,
    madeAt: row.made_at,
    entryIndex: row.entry_index,
  }
}

const sha256Hex = (text: string): string => createHash('sha256').update(text).digest('hex')
