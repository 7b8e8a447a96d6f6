import type { Range } from './search-query.ts'

/** A part of a text with what was found in it: data, never markup. */
export interface Snippet {
  readonly text: string
  /** Within `text`, in UTF-16 units. */
  readonly marks: readonly Range[]
  /** Whether the whole text begins before it, or goes on after it. */
  readonly isCutBefore: boolean
  readonly isCutAfter: boolean
}

const mostUnits = 240
const unitsBefore = 60

/** The part with the most marks; the first of those. */
export function snippetOf(text: string, marks: readonly Range[]): Snippet {
  let best = 0
  let most = 0
  for (const [index, [start]] of marks.entries()) {
    const held = marks.filter(
      ([from, to]) => from >= start && to <= start + mostUnits - unitsBefore,
    )
    if (held.length > most) [best, most] = [index, held.length]
  }
  const first = marks[best]?.[0] ?? 0
  const from =
    text.length <= mostUnits ? 0 : startNear(text, Math.max(0, first - unitsBefore), first)
  const to = endNear(text, from + mostUnits)
  return {
    text: text.slice(from, to),
    marks: marks
      .filter(([start, end]) => start < to && end > from)
      .map(([start, end]) => [Math.max(start, from) - from, Math.min(end, to) - from]),
    isCutBefore: from > 0,
    isCutAfter: to < text.length,
  }
}

/** After a space, if there is one before what was found. */
function startNear(text: string, wish: number, most: number): number {
  if (wish === 0) return 0
  const space = text.slice(wish - 1, most).search(/\s/)
  return space === -1 ? whole(text, wish) : wish + space
}

function endNear(text: string, wish: number): number {
  if (wish >= text.length) return text.length
  const tail = text.slice(wish - unitsBefore, wish + 1)
  const space = tail.search(/\s\S*$/)
  return space === -1 ? whole(text, wish) : wish - unitsBefore + space
}

/** Not between the halves of a surrogate pair. */
function whole(text: string, at: number): number {
  const code = text.charCodeAt(at)
  return code >= 0xdc_00 && code <= 0xdf_ff ? at - 1 : at
}
