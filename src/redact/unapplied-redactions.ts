/**
 * Redact: in come the redactions of a case and what its story shows, out comes what would go
 * out uncovered. Nothing here covers a pixel yet, so every exhibit that shows what is to be
 * covered, or lets hear what is to be silenced, blocks publishing. Guaranteed: whatever cannot be
 * shown to lie outside a redaction counts as within it. Redactions are of items: the same file
 * under another id of the case is covered with it, and so are the same words as another document.
 */
import type { CaseItem } from '../case/bundle.ts'
import type { Case, Redaction } from '../case/case-schema.ts'
import { storyFileName } from '../case/directive-attributes.ts'
import type { PlannedExhibit } from '../case/exhibit.ts'
import type { VideoFacts } from '../case/item-facts.ts'
import type { CaseProblem } from '../case/problem.ts'
import { redactedInterval, redactedItem, type Interval } from '../case/redaction.ts'
import type { Place } from '../case/story.ts'
import { timecode } from '../time/text.ts'
import { isShown } from './is-shown.ts'
import { shownBy, type Shown } from './shown.ts'

export interface ToPublish {
  readonly case: Pick<Case, 'redactions' | 'documents'>
  readonly places: ReadonlyMap<string, Place>
  readonly exhibits: readonly PlannedExhibit[]
  /** By the case's id of footage, photo or document. */
  readonly items: ReadonlyMap<string, CaseItem>
}

/** At each exhibit, in the story's order, one problem for each redaction that it shows uncovered. */
export function unappliedRedactions(given: ToPublish): CaseProblem[] {
  const redactions = given.case.redactions.map((redaction) => ({
    redaction,
    ...itemsOf(redaction, given),
  }))
  if (redactions.length === 0) return []
  const videos = videosByItem(given.items)
  return given.exhibits.flatMap(({ placeId, parts }) => {
    const place = given.places.get(placeId)
    if (place === undefined) return []
    const shown = parts.flatMap(({ draft }) => shownBy(draft, (item) => videos.get(item)))
    const all = [...shown, ...shownAsText(place, parts.length, given)]
    return redactions.flatMap(({ redaction, item, sameWords }) => {
      const found = all.find(
        (each) =>
          (each.item === item && isShown(redaction, each)) ||
          (each.kind === 'picture' && sameWords.has(each.item)),
      )
      return found === undefined ? [] : [problemAt(place, redaction, found)]
    })
  })
}

/** The item, and those that hold the same words, of which nobody said where. */
function itemsOf(redaction: Redaction, { case: facts, items }: ToPublish) {
  const item = items.get(redactedItem(redaction).id)?.item
  // By items, not by ids: "text-of" may name any id of the file.
  const same = new Set([item])
  for (let before = 0; before < same.size;) {
    before = same.size
    for (const { id, 'text-of': of } of facts.documents) {
      const [words, original] = [items.get(id)?.item, of && items.get(of)?.item]
      if (of !== undefined && (same.has(words) || same.has(original))) same.add(words).add(original)
    }
  }
  same.delete(item)
  return { item, sameWords: same }
}

/** A document that looks like nothing stands in the page as its text, which no recipe makes. */
function shownAsText(place: Place, parts: number, { items }: ToPublish): Shown[] {
  const item = place.kind === 'facsimile' ? items.get(place.document)?.item : undefined
  return item === undefined || parts > 0 ? [] : [{ kind: 'picture', item }]
}

function videosByItem(items: ReadonlyMap<string, CaseItem>): ReadonlyMap<string, VideoFacts> {
  return new Map(
    [...items.values()].flatMap(({ item, facts }) =>
      facts.kind === 'recording' && facts.video !== undefined ? [[item, facts.video]] : [],
    ),
  )
}

function problemAt({ kind, id, line, column }: Place, redaction: Redaction, shown: Shown) {
  const { action, reason } = redaction
  const of = redactedItem(redaction).id
  const does = action === 'cover' ? 'covers' : 'silences'
  return {
    code: 'redaction-not-applied',
    file: storyFileName,
    line,
    column,
    message:
      `${kind}: "${id}" would show ${shownWords(shown)} as received, and the redaction ` +
      `"${redaction.id}" (${reason}) ${does} "${of}", ${redactedWords(redaction)}; this version ` +
      `cannot ${action} yet: ${remedy(redaction)}, take the exhibit out, or remove the redaction ` +
      'where it no longer holds',
  } as const
}

function remedy({ footage, action, page }: Redaction): string {
  if (action === 'silence') {
    return 'show another part, a still or slow motion, which are silent, or a grid with other sound'
  }
  if (footage !== undefined) return 'show another part, or a crop clear of the region'
  return page === undefined ? 'show another item' : 'show another page'
}

function shownWords(shown: Shown): string {
  if (shown.kind === 'sound') return `the sound of ${intervalWords(shown.interval)}`
  const { interval, page, crop } = shown
  if (page !== undefined) return `page ${page}`
  if (interval === undefined) return 'the whole'
  return `${crop === undefined ? 'the picture' : 'a crop'} of ${intervalWords(interval)}`
}

function redactedWords(redaction: Redaction): string {
  if (redaction.footage === undefined) {
    return redaction.page === undefined ? 'the whole' : `page ${redaction.page}`
  }
  return intervalWords(redactedInterval(redaction))
}

function intervalWords({ fromSeconds, toSeconds }: Interval): string {
  return Number.isFinite(fromSeconds) && Number.isFinite(toSeconds)
    ? `${timecode(fromSeconds)} to ${timecode(toSeconds)}`
    : 'all of its time'
}
