/**
 * The tables as Kysely sees them; docs/formats/library.md says what they mean.
 * bigint arrives as a safe integer, timestamptz as an RFC 3339 string in UTC
 * with milliseconds.
 */
import type { GeneratedAlways } from 'kysely'

import type { Finding, ItemFacts } from '../case/item-facts.ts'

export interface Schema {
  readonly incident: IncidentTable
  readonly item: ItemTable
  readonly incident_item: { readonly incident: string; readonly item: string }
  readonly sighting: SightingTable
  readonly item_fact: ItemFactTable
  readonly finding: FindingTable
  readonly collection: CollectionTable
  readonly derivative: DerivativeTable
  readonly case_revision: CaseRevisionTable
  readonly case_record: CaseRecordTable
  readonly case_record_version: CaseRecordVersionTable
  readonly comment: CommentTable
  readonly comment_decision: CommentDecisionTable
  readonly alignment: AlignmentTable
  readonly publication: PublicationTable
  readonly publication_file: PublicationFileTable
  readonly custody_entry: CustodyEntryTable
  readonly custody_checkpoint: CustodyCheckpointTable
  /** One row: the public key, as in `keys/log.vkey`, and `databaseId` of `library.json`. */
  readonly log_key: { readonly vkey: string; readonly database_id: string }
}

interface IncidentTable {
  readonly id: string
  readonly title: string
  readonly opened_at: string
  readonly entry_index: number
}

export interface ItemTable {
  readonly sha256: string
  readonly kind: ItemFacts['kind']
  readonly media_type: string
  readonly size_bytes: number
  readonly received_at: string
  readonly entry_index: number
}

interface SightingTable {
  readonly id: GeneratedAlways<number>
  readonly incident: string
  readonly item: string
  /** As the sender called the file: hostile text. */
  readonly name: string
  readonly seen_at: string
  readonly entry_index: number
}

interface ItemFactTable {
  readonly item: string
  readonly facts: ItemFacts
  readonly probed_at: string
}

interface FindingTable {
  readonly id: GeneratedAlways<number>
  readonly item: string
  readonly code: Finding['code']
  readonly severity: Finding['severity']
  readonly message: string
  readonly found_at: string
  readonly entry_index: number
}

interface CollectionTable {
  readonly id: GeneratedAlways<number>
  readonly incident: string
  readonly item: string
  /** The blob that says how. */
  readonly record: string
  readonly collected_at: string
  readonly entry_index: number
}

interface DerivativeTable {
  readonly recipe_sha256: string
  readonly kind: string
  readonly item: string | null
  readonly incident: string
  readonly recipe: string
  readonly output_sha256: string
  readonly output_bytes: number
  readonly media_type: string
  readonly made_at: string
  readonly entry_index: number
}

interface CaseRevisionTable {
  readonly id: GeneratedAlways<number>
  readonly incident: string
  readonly revision: number
  readonly case_sha256: string
  readonly story_sha256: string
  readonly imported_at: string
  readonly entry_index: number
}

interface CaseRecordVersionTable {
  readonly incident: string
  readonly kind: string
  readonly id: string
  readonly version: number
  /** Null where the record was removed. */
  readonly body: string | null
  readonly changed_at: string
  readonly entry_index: number
}

/** The latest version; earlier ones are in `case_record_version`. */
interface CaseRecordTable extends CaseRecordVersionTable {
  /** Orders the records of a kind, with gaps. */
  readonly place: number
  /** `claims/two-shots` */
  readonly refers_to: string[]
}

export interface CommentTable {
  readonly id: string
  readonly incident: string
  readonly about_kind: 'story' | 'claim' | 'moment' | 'quote'
  readonly about_id: string | null
  readonly about_microseconds: number | null
  /** As the reader gave them: hostile texts. */
  readonly name: string | null
  readonly body: string
  readonly sha256: string
  readonly state: 'waiting' | 'approved' | 'rejected'
  readonly posted_at: string
  readonly entry_index: number
}

interface CommentDecisionTable {
  readonly comment: string
  readonly decision: 'approved' | 'rejected'
  readonly reason: string
  readonly decided_at: string
  readonly entry_index: number
}

interface AlignmentTable {
  readonly id: GeneratedAlways<number>
  readonly incident: string
  readonly inputs_sha256: string
  readonly result: string
  readonly result_sha256: string
  readonly made_at: string
  readonly entry_index: number
}

export interface PublicationTable {
  readonly id: GeneratedAlways<number>
  readonly incident: string
  readonly revision: number
  readonly manifest_sha256: string
  readonly content_sha256: string
  readonly published_at: string
  readonly entry_index: number
}

/** A published bundle, file by file; each file is a blob. */
interface PublicationFileTable {
  readonly incident: string
  readonly revision: number
  readonly path: string
  readonly blob: string
}

interface CustodyEntryTable {
  readonly index: number
  readonly commitment: Buffer
  readonly record: string
  readonly salt: Buffer
  readonly at: string
}

interface CustodyCheckpointTable {
  readonly size: number
  readonly note: string
  readonly at: string
}
