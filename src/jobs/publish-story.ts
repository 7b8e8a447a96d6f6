import { createHash } from 'node:crypto'
import { caseTables } from '../accounts/case-tables.ts'
import { findPassages } from '../accounts/find-passages.ts'
import { impulseReading } from '../accounts/impulse-reading.ts'
import type { BundleFile, CaseItem } from '../case/bundle.ts'
import type { RenderedExhibit } from '../case/exhibit.ts'
import { CaseError } from '../case/problem.ts'
import { planExhibits } from '../examine/plan-exhibits.ts'
import { storyBundle } from '../publish/story-bundle.ts'
import { unappliedRedactions } from '../redact/unapplied-redactions.ts'
import { readPublications } from '../store/incidents.ts'
import type { Library } from '../store/library.ts'
import type { PublishedFile } from '../store/publications.ts'
import type { Agent } from '../store/store.ts'
import { alignIncident, type IncidentAlignment } from './align-incident.ts'
import { bundleAssets } from './bundle-assets.ts'
import { importCase, type CaseListener, type ImportedCase } from './import-case.ts'
import { cutNotices } from './incident-clock.ts'
import { undecidedNotices } from './incident-impulses.ts'
import type { Progress } from './progress.ts'
import { renderExhibits } from './render-exhibits.ts'
import { recordPublication, sealEarlier, sealPublication } from './seal-bundle.ts'
import { version } from './version.ts'

export interface PublishedStory {
  readonly incident: string
  readonly revision: number
  readonly publishedAt: string
  readonly manifestSha256: string
  readonly files: readonly PublishedFile[]
  /** Nothing had changed since this revision was published. */
  readonly unchanged: boolean
  /** What the team has still to decide, of which nothing is published; which recordings were cut. */
  readonly notices: readonly string[]
}

/**
 * The whole way: case folder in, published revision in the library. A story
 * whose case, alignment, exhibits and date are those of the last revision is
 * that revision; anything else is the next one.
 * @throws CaseError with every problem at once
 */
export async function publishStory(
  library: Library,
  agent: Agent,
  folder: string,
  now: Date,
  listener: CaseListener,
): Promise<PublishedStory> {
  const imported = await importCase(library, agent, folder, listener)
  return publishCase(library, agent, imported, now, listener.progress)
}

/** The same from a case that the library holds. `now` is the date of its days unanswered. */
export async function publishCase(
  library: Library,
  agent: Agent,
  imported: ImportedCase,
  now: Date,
  progress: Progress,
): Promise<PublishedStory> {
  const alignment = await alignIncident(library, agent, imported.case, imported.items, progress)
  const items = caseItems(imported)
  const { passages, problems: quoteProblems } = findPassages(
    imported.case,
    (id) => items.get(id)?.facts,
    imported.locate,
  )
  const labelOf = (id: string): string =>
    imported.case.footage.find((entry) => entry.id === id)?.label ?? id
  const context = { items, clock: alignment.clock, passages, labelOf }
  const planned = planExhibits(imported.story.places.values(), context)
  const { places } = imported.story
  const uncovered = unappliedRedactions({ case: imported.case, places, items, ...planned })
  const problems = [...quoteProblems, ...planned.problems, ...uncovered]
  if (problems.length > 0) throw new CaseError(problems)

  const { events } = imported.case
  const sounds = impulseReading(events, alignment.impulses, alignment.clock)
  const notices = [...cutNotices(alignment.clock), ...undecidedNotices(sounds)]
  const incident = imported.case.incident.id
  const exhibits = await renderExhibits(library, agent, incident, planned.exhibits, progress)
  const assets = await bundleAssets()
  const contentSha256 = contentHash(imported, alignment, exhibits, assets, now)
  const earlier = await library.read((reader) => readPublications(reader, incident))
  const last = earlier.at(-1)
  const isUnchanged = last?.contentSha256 === contentSha256
  await sealEarlier(library, agent, isUnchanged ? earlier.slice(0, -1) : earlier)
  const reliance = {
    parts: exhibits.flatMap((exhibit) => exhibit.parts),
    items: [...items.values()].map(({ item }) => item),
    alignmentEntries: alignment.entries,
  }
  if (isUnchanged) {
    const files = await sealPublication(library, agent, last, reliance)
    return { ...last, files, notices, unchanged: true }
  }
  progress({ step: 'Writing', done: 0, total: 1, what: 'the story' })
  const revision = (last?.revision ?? 0) + 1
  const publishedAt = now.toISOString()
  const bundle = storyBundle({
    case: imported.case,
    story: imported.story,
    items,
    clock: alignment.clock,
    tables: caseTables(imported.case, now),
    impulses: sounds.confirmed,
    exhibits: new Map(exhibits.map((exhibit) => [exhibit.placeId, exhibit])),
    passages,
    revision,
    publishedAt,
    firstPublishedAt: earlier[0]?.publishedAt ?? publishedAt,
    logOrigin: library.signer.name,
    toolVersion: version,
    assets,
  })
  const { redactions } = imported.case
  const publication = {
    incident,
    revision,
    contentSha256,
    caseRevision: imported.revision,
    redactions,
  }
  const published = await recordPublication(library, agent, publication, bundle, reliance)
  const files = await sealPublication(library, agent, published, reliance)
  return { ...published, files, notices, unchanged: false }
}

function caseItems(imported: ImportedCase): ReadonlyMap<string, CaseItem> {
  return new Map(
    [...imported.items].map(([id, { sha256, sizeBytes, facts, findings, receivedAt }]) => [
      id,
      { item: sha256, sizeBytes, facts, findings, receivedAt },
    ]),
  )
}

/** What decides whether a publication says anything new; days unanswered change with the date. */
function contentHash(
  imported: ImportedCase,
  alignment: IncidentAlignment,
  exhibits: readonly RenderedExhibit[],
  assets: readonly BundleFile[],
  now: Date,
): string {
  const outputs = exhibits.flatMap(({ parts }) => parts.map(({ path, sha256 }) => [path, sha256]))
  const content = [
    version,
    imported.caseSha256,
    imported.storySha256,
    alignment.resultSha256,
    outputs,
    assets.map((asset) => ('blob' in asset ? asset.blob : sha256Hex(asset.bytes))),
    now.toISOString().slice(0, 10),
  ]
  return sha256Hex(JSON.stringify(content))
}

function sha256Hex(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex')
}
