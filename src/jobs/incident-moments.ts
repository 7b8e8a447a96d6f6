/** What an incident's story shows, and which moments of its items anything rests on, computed from its records. */
import { caseMoments, type CaseMoment } from '../accounts/case-moments.ts'
import {
  storyExhibits,
  type ExhibitItem,
  type ExhibitReading,
  type NamedItem,
} from '../accounts/story-exhibits.ts'
import type { Case } from '../case/case-schema.ts'
import { readStory } from '../case/read-story.ts'
import { soleId } from '../case/record-text.ts'
import { caseState, readLivingRecords, type LivingRecord } from '../store/case-records.ts'
import { latestAlignmentEntry, readLatestAlignment } from '../store/derivatives.ts'
import { itemsState } from '../store/incident-items.ts'
import { readLatestCase } from '../store/incidents.ts'
import type { Reader } from '../store/store.ts'
import { incidentClock } from './incident-clock.ts'
import { caseOf, readItemOfFile, storyOf } from './snapshot-case.ts'
import { readStoredAlignment } from './stored-alignment.ts'

/** `item`: the SHA-256 of the original, where its file has come. */
type WithItem<T> = T & { readonly item?: string }

export interface IncidentExhibit extends Omit<ExhibitReading, 'shows'> {
  readonly shows: readonly WithItem<ExhibitItem>[]
}

/** What exhibits and moments follow from; undefined where there is no such incident. */
export async function momentsState(reader: Reader, incident: string): Promise<string | undefined> {
  const records = await caseState(reader, incident)
  if (records === undefined) return undefined
  const aligned = await latestAlignmentEntry(reader, incident)
  return `${records}-${await itemsState(reader, incident)}-${aligned ?? 'none'}`
}

/** In the story's order; undefined where the incident has no facts yet. */
export async function readIncidentExhibits(
  reader: Reader,
  incident: string,
): Promise<IncidentExhibit[] | undefined> {
  const records = await readLivingRecords(reader, incident)
  if (!hasFacts(records)) return undefined
  const facts = caseOf(records)
  const withItem = await itemsOf(reader, facts)
  return exhibitsOf(records, facts).map(({ shows, ...exhibit }) => {
    return { ...exhibit, shows: shows.map(withItem) }
  })
}

/** On the clock of the latest alignment; undefined where the incident has no facts yet. */
export async function readIncidentMoments(
  reader: Reader,
  incident: string,
): Promise<WithItem<CaseMoment>[] | undefined> {
  const records = await readLivingRecords(reader, incident)
  if (!hasFacts(records)) return undefined
  const facts = caseOf(records)
  const anchorIds = records.filter(({ kind }) => kind === 'anchors').map(({ id }) => id)
  const latest = await readLatestAlignment(reader, incident)
  const aligned = latest && readStoredAlignment(latest.result)
  const clock = aligned && incidentClock(facts, aligned)
  const moments = caseMoments(facts, anchorIds, exhibitsOf(records, facts), clock)
  return moments.map(await itemsOf(reader, facts))
}

const hasFacts = (records: readonly LivingRecord[]): boolean =>
  records.some(({ kind }) => kind === soleId.incident)

function exhibitsOf(records: readonly LivingRecord[], facts: Case): ExhibitReading[] {
  const { story } = readStory(storyOf(records) ?? '', facts)
  return story === undefined ? [] : storyExhibits(story.places, facts)
}

async function itemsOf(
  reader: Reader,
  facts: Case,
): Promise<<T extends NamedItem>(named: T) => WithItem<T>> {
  const { id } = facts.incident
  const itemOf = await readItemOfFile(reader, id, await readLatestCase(reader, id))
  const files = new Map(
    (['footage', 'photos', 'documents'] as const).flatMap((list) =>
      facts[list].map((each) => [`${list}/${each.id}`, each.file] as const),
    ),
  )
  return (named) => {
    const item = itemOf(files.get(`${named.list}/${named.id}`) ?? '')
    return item === undefined ? named : { ...named, item }
  }
}
