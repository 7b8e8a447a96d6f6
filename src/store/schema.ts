/**
 * The tables as Kysely sees them; docs/formats/library.md says what they mean.
 * bigint arrives as a safe integer, timestamptz as an RFC 3339 string in UTC
 * with milliseconds.
 */
import type { ColumnType, GeneratedAlways } from 'kysely'

import type { Role } from '../access/roles.ts'
import type { Finding, ItemFacts } from '../case/item-facts.ts'
import type { SearchKind } from './search-kinds.ts'

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
  readonly case_file: CaseFileTable
  readonly alignment: AlignmentTable
  readonly publication: PublicationTable
  readonly publication_file: PublicationFileTable
  readonly publication_entry: PublicationEntryTable
  readonly contributor_link: ContributorLinkTable
  readonly tip: TipTable
  readonly tip_act: TipActTable
  readonly tip_file: TipFileTable
  readonly tip_contact: { readonly tip: string; readonly contact: string }
  readonly upload: UploadTable
  readonly leaving_blob: {
    readonly sha256: string
    readonly since: string
    readonly gone_at: string | null
  }
  readonly job: JobTable
  readonly search_incident: SearchIncidentTable
  readonly search_item: SearchItemTable
  readonly search_text: SearchTextTable
  readonly custody_entry: CustodyEntryTable
  readonly custody_checkpoint: CustodyCheckpointTable
  readonly sign_in_user: SignInUserTable
  readonly sign_in_session: { readonly userId: string }
  readonly sign_in_account: {
    readonly userId: string
    readonly providerId: string
    readonly password: string | null
    readonly updatedAt: string
  }
  readonly sign_in_two_factor: { readonly userId: string }
  readonly person_role: PersonRoleTable
  readonly invitation: InvitationTable
  readonly recovery_link: RecoveryLinkTable
  readonly machine_token: MachineTokenTable
  /** One row: the public key, as in `keys/log.vkey`, and `databaseId` of `library.json`. */
  readonly log_key: { readonly vkey: string; readonly database_id: string }
}

/** Written by the library that signs people in. */
interface SignInUserTable {
  readonly id: string
  readonly name: string
  readonly email: string
  /** That they were let in once; nobody looks at their mail. */
  readonly emailVerified: boolean
  readonly createdAt: string
  readonly twoFactorEnabled: boolean | null
}

interface PersonRoleTable {
  readonly person: string
  readonly role: Role
  /** Null: in the whole installation. */
  readonly incident: string | null
  readonly given_at: string
  readonly entry_index: number
}

interface InvitationTable {
  readonly code_sha256: string
  readonly role: Role
  readonly incident: string | null
  readonly made_by: string
  readonly made_at: string
  readonly expires_at: string
}

interface RecoveryLinkTable {
  readonly person: string
  readonly code_sha256: string
  readonly made_by: string
  readonly expires_at: string
}

interface MachineTokenTable {
  readonly id: string
  readonly secret_sha256: string
  readonly person: string
  readonly name: string
  /** Separated by spaces. */
  readonly actions: string
  /** The same; null: all that the person has. */
  readonly incidents: string | null
  readonly made_at: string
  readonly expires_at: string
  readonly used_at: string | null
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

export interface CaseRevisionTable {
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

interface CaseFileTable {
  readonly incident: string
  readonly revision: number
  /** As the case file calls it. */
  readonly file: string
  readonly item: string
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
  /** Null where an older version published it. */
  readonly case_revision: number | null
  readonly published_at: string
  readonly entry_index: number
}

/** A published bundle, file by file; each file is a blob. */
interface PublicationEntryTable {
  readonly incident: string
  readonly revision: number
  readonly opened: number
}

interface PublicationFileTable {
  readonly incident: string
  readonly revision: number
  readonly path: string
  readonly blob: string
}

export interface ContributorLinkTable {
  readonly id: string
  readonly incident: string
  readonly token_sha256: string
  readonly note: string
  readonly most_bytes: number
  readonly most_files: number
  readonly opened_at: string
  readonly expires_at: string
  readonly entry_index: number
  readonly closed_at: string | null
  readonly closed_entry_index: number | null
}

export interface TipTable {
  readonly id: string
  readonly incident: string
  readonly link: string
  readonly receipt_sha256: string
  /** `arriving`: nothing has come yet, so that the log knows nothing of it. */
  readonly state: 'arriving' | 'waiting' | 'accepted' | 'declined' | 'withdrawn'
  /** In the contributor's words: hostile text. Empty where there is none, and once withdrawn. */
  readonly account: string
  readonly begun_at: string
  /** When what was withdrawn had left the tables' files too. */
  readonly traces_erased_at: string | null
}

interface TipActTable {
  readonly id: GeneratedAlways<number>
  readonly tip: string
  readonly act: 'received' | 'accepted' | 'declined' | 'withdrawn'
  readonly at: string
  readonly entry_index: number
}

interface TipFileTable {
  readonly id: GeneratedAlways<number>
  readonly tip: string
  /** A blob, until `bytes_left_at`. */
  readonly sha256: string
  readonly size_bytes: number
  readonly kind: ItemFacts['kind']
  readonly media_type: string
  readonly name: string | null
  readonly received_at: string
  readonly entry_index: number
  readonly withdrawn_at: string | null
  readonly bytes_left_at: string | null
}

export interface UploadTable {
  readonly id: string
  readonly incident: string
  /** What it is part of; without it goes to the incident itself. */
  readonly tip: string | null
  readonly name: string
  readonly size_bytes: number
  /** As the sender computed it. */
  readonly said_sha256: string | null
  readonly begun_at: string
  /** Which `uploads/` has its bytes. */
  readonly place: string
  /** With kind and media type: all bytes are there, and are being moved to the blobs. */
  readonly sha256: string | null
  readonly kind: ItemFacts['kind'] | null
  readonly media_type: string | null
  readonly seen_before: boolean | null
  readonly ended_at: string | null
  /** The code of the reason why it was not taken in. */
  readonly refused: string | null
}

export interface JobTable {
  readonly id: GeneratedAlways<number>
  readonly kind: string
  readonly incident: string | null
  /** Canonical JSON: what it works on. */
  readonly inputs: string
  /** Of kind, inputs and whatever else the result follows from. */
  readonly inputs_sha256: string
  /** Whose acts the job's are: a role or a pseudonym. */
  readonly actor: string
  /** Who gave the inputs; stays when another starts the job again. */
  readonly asked_by: string
  readonly state: 'waiting' | 'running' | 'done' | 'quarantined' | 'cancelled'
  /** How often a worker began; `failures` it failed by itself, `losses` the worker vanished. */
  readonly attempts: ColumnType<number, number | undefined>
  readonly failures: ColumnType<number, number | undefined>
  readonly losses: ColumnType<number, number | undefined>
  /** Grows with each beginning: who holds an older one writes nothing. */
  readonly fence: ColumnType<number, number | undefined>
  /** Of pg-boss: the one delivery that counts. */
  readonly delivery: ColumnType<string | null, string | undefined>
  readonly step: ColumnType<string | null, string | undefined, string | null>
  readonly share: ColumnType<number | null, number | undefined, number | null>
  readonly done_bytes: ColumnType<number | null, number | undefined, number | null>
  readonly total_bytes: ColumnType<number | null, number | undefined, number | null>
  readonly reason_code: ColumnType<string | null, string | undefined, string | null>
  readonly reason: ColumnType<string | null, string | undefined, string | null>
  /** Canonical JSON. */
  readonly result: ColumnType<string | null, string | undefined, string | null>
  readonly asked_at: string
  readonly started_at: ColumnType<string | null, string | undefined, string | null>
  readonly ended_at: ColumnType<string | null, string | undefined, string | null>
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

/** That an incident's texts are in `search_text`, and what hits are chosen by. */
interface SearchIncidentTable {
  readonly incident: string
  /** Of the code that made it. */
  readonly version: number
  /** Of the case that was indexed; 0 before there is one. */
  readonly revision: number
  readonly place: string
  /** Milliseconds since 1970 UTC; may be infinite. */
  readonly earliest: number
  readonly latest: number
  readonly open_questions: number
  /** MD5 over its rows in `search_text`. */
  readonly sum: string
}

interface SearchItemTable {
  readonly item: string
  readonly version: number
  readonly sum: string
}

/** Of an incident or of an item, never of both. */
interface SearchTextTable {
  readonly id: GeneratedAlways<number>
  readonly incident: string | null
  readonly item: string | null
  readonly kind: SearchKind
  readonly ref: string
  readonly page: number | null
  readonly text: string
  readonly words: string
  readonly earliest: number | null
  readonly latest: number | null
}
