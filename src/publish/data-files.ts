import type { BundleFile, StoryMaterial } from '../case/bundle.ts'
import type { Observation } from '../case/case-schema.ts'
import type { SaidBy } from '../case/reading.ts'
import { annotationPage } from './annotations.ts'
import type { Download } from './about-story.ts'
import { leftOutOf } from './cuts.ts'
import { clockEvents } from './timeline.ts'
import type { StoryView } from './view.ts'

interface DataFile extends Download {
  readonly value: unknown
}

/** What the page says, for programs. No file names and no positions: both may lead to a person. */
export function dataFiles(view: StoryView): readonly DataFile[] {
  const { material } = view
  return [
    file('story', 'title, revision, corrections, tool version', storyData(material)),
    file(
      'claims',
      'sources, statements, claims, observations, contradictions',
      claimsData(material),
    ),
    file('questions', 'open questions and their answers', questionsData(material)),
    file('timeline', 'events with their uncertainty', timelineData(view)),
    file(
      'alignment',
      'the clock: rate of each recording, offset and error of each of its pieces',
      alignmentData(material),
    ),
    file(
      'exhibits',
      'files, hashes, recipes and originals of the exhibits',
      exhibitsData(material),
    ),
    file('items', 'originals by hash, and notices on them', itemsData(material)),
    file(
      'annotations',
      'statements and observations as W3C Web Annotations',
      annotationPage(material),
    ),
  ]
}

export function asBundleFile({ path, value }: DataFile): BundleFile {
  return { path, bytes: new TextEncoder().encode(`${JSON.stringify(value, undefined, 1)}\n`) }
}

function file(name: string, what: string, value: unknown): DataFile {
  return { path: `data/${name}.json`, what, value }
}

function storyData(material: StoryMaterial) {
  const { story, case: facts, revision, publishedAt, logOrigin, toolVersion } = material
  const { title, standfirst, byline, warning, corrections } = story
  const { id, place, date, timezone, language } = facts.incident
  return {
    format: 'sightline-story/1',
    incident: { id, title: facts.incident.title, place, date, timezone, language },
    title,
    standfirst,
    byline,
    warning,
    corrections,
    revision,
    publishedAt,
    logOrigin,
    tool: `sightline ${toolVersion}`,
  }
}

function claimsData(material: StoryMaterial) {
  const { case: facts, tables } = material
  return {
    format: 'sightline-claims/1',
    sources: facts.sources.map(({ id, name, kind, about }) => ({ id, name, kind, about })),
    accounts: facts.accounts.map(({ id, source, date, document, footage }) => ({
      id,
      source,
      date,
      document,
      footage,
    })),
    statements: facts.statements.map(({ id, account, quote, from, to, on }) => ({
      id,
      account,
      quote,
      fromSeconds: from,
      toSeconds: to,
      on,
    })),
    claims: tables.claims.map(({ claim, asserted, denied, qualified, observations }) => ({
      id: claim.id,
      text: claim.text,
      about: claim.about,
      asserted: ids(asserted),
      denied: ids(denied),
      qualified: ids(qualified),
      observations: observations.map(observationData),
    })),
    contradictions: tables.contradictions.map((each) =>
      each.kind === 'statements'
        ? {
            id: each.id,
            kind: each.kind,
            claim: each.claim.id,
            asserts: each.asserts.statement.id,
            denies: each.denies.statement.id,
            observations: each.observations.map(({ id }) => id),
          }
        : {
            id: each.id,
            kind: each.kind,
            claim: each.claim.id,
            stance: each.stance,
            statement: each.said.statement.id,
            observation: each.observation.id,
          },
    ),
  }
}

function ids(said: readonly SaidBy[]): readonly string[] {
  return said.map(({ statement }) => statement.id)
}

function observationData({ id, by, date, judgement, moment, note }: Observation) {
  return {
    id,
    by,
    date,
    judgement,
    note,
    moment:
      moment === undefined
        ? undefined
        : { footage: moment.footage, fromSeconds: moment.from, toSeconds: moment.to },
  }
}

function questionsData(material: StoryMaterial) {
  return {
    format: 'sightline-questions/1',
    asOf: material.publishedAt,
    questions: material.tables.questions.map(({ question, to, days, answer }) => ({
      id: question.id,
      text: question.text,
      to: to.id,
      asked: question.asked,
      days,
      wouldAnswer: question['would-answer'],
      answer: answer?.statement.id,
      answeredDate: question.answered?.date,
    })),
  }
}

function timelineData(view: StoryView) {
  const { clock, case: facts } = view.material
  const onClock = clockEvents(view)
  const placed = new Set(onClock.map(({ event }) => event.id))
  return {
    format: 'sightline-timeline/1',
    zero: clock.zeroLabel,
    impulsiveSounds: {
      count: view.material.impulses.length,
      confirmed: view.material.impulses.map(({ event, heard, toNext }) => ({
        event: event.id,
        by: event.by,
        heardIn: heard?.recordings,
        recordingsAtTheTime: heard?.of,
        toNextSeconds: toNext === undefined ? undefined : rounded(toNext.seconds),
        toNextPlusMinusSeconds: toNext === undefined ? undefined : rounded(toNext.errorSeconds),
      })),
    },
    onClock: onClock.map(({ event, footage, seconds, endSeconds, plusMinusSeconds }) => ({
      id: event.id,
      label: event.label,
      kind: event.kind,
      footage,
      seconds: rounded(seconds),
      endSeconds: rounded(endSeconds),
      plusMinusSeconds: rounded(plusMinusSeconds),
      leftOutOf: leftOutOf(view.material, seconds),
      sources: event.sources,
      note: event.note,
    })),
    others: facts.events
      .filter((event) => !placed.has(event.id))
      .map(({ id, label, kind, footage, at, date, sources, note }) => ({
        id,
        label,
        kind,
        footage,
        ownSeconds: at,
        date,
        sources,
        note,
      })),
  }
}

function alignmentData(material: StoryMaterial) {
  const { clock, case: facts } = material
  const claimed = facts.incident['clock-time']
  return {
    format: 'sightline-alignment/2',
    meaning:
      'within a piece: clock = offsetSeconds + rate × own time; errorSeconds is a 95 % half-width',
    zero: clock.zeroLabel,
    claimedTimeAtZero:
      claimed === undefined
        ? undefined
        : {
            at: claimed.at,
            basis: claimed.basis,
            plusMinusSeconds: claimed['plus-minus-seconds'],
          },
    recordings: clock.recordings.map((each) => ({
      footage: each.footage,
      label: facts.footage.find(({ id }) => id === each.footage)?.label,
      item: material.items.get(each.footage)?.item,
      rate: each.rate,
      method: each.method,
      pieces: each.pieces.map((piece) => ({
        ownFromSeconds: roundedBorder(piece.fromSeconds),
        ownToSeconds: roundedBorder(piece.toSeconds),
        offsetSeconds: rounded(piece.offsetSeconds),
        errorSeconds: rounded(piece.errorSeconds),
        travelBoundSeconds: rounded(piece.travelBoundSeconds),
      })),
    })),
    apart: clock.apart,
  }
}

/** Absent where a piece begins or ends with its recording. */
function roundedBorder(seconds: number): number | undefined {
  return Number.isFinite(seconds) ? rounded(seconds) : undefined
}

/** To the microsecond: floating-point noise says nothing. */
function rounded(seconds: number): number {
  return Math.round(seconds * 1e6) / 1e6
}

function exhibitsData(material: StoryMaterial) {
  return {
    format: 'sightline-exhibits/1',
    exhibits: [...material.exhibits.values()].map(({ placeId, parts }) => {
      const place = material.story.places.get(placeId)
      return {
        id: placeId,
        kind: place?.kind,
        caption: place?.caption,
        parts: parts.map((part) => ({
          role: part.role,
          path: part.path,
          mediaType: part.mediaType,
          widthPixels: part.widthPixels,
          heightPixels: part.heightPixels,
          durationSeconds: part.durationSeconds,
          sizeBytes: part.sizeBytes,
          treatment: part.treatment,
          sha256: part.sha256,
          recipe: `proof/recipes/${part.recipeSha256}.json`,
          recipeSha256: part.recipeSha256,
          originals: part.recipe.inputs.map(({ item }) => item),
        })),
      }
    }),
  }
}

function itemsData(material: StoryMaterial) {
  const { case: facts } = material
  return {
    format: 'sightline-items/1',
    items: [...material.items].map(
      ([id, { item, sizeBytes, facts: found, findings, receivedAt }]) => ({
        id,
        name:
          facts.footage.find((each) => each.id === id)?.label ??
          facts.photos.find((each) => each.id === id)?.label ??
          facts.documents.find((each) => each.id === id)?.title,
        sha256: item,
        sizeBytes,
        kind: found.kind,
        mediaType: found.mediaType,
        receivedAt,
        containerTime: found.kind === 'recording' ? found.containerTime : undefined,
        findings,
      }),
    ),
  }
}
