const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' })
const wide =
  /^(?:[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\u3000-\u303F\uFF01-\uFF60]|\p{Emoji_Presentation}|.*\uFE0F)/u

function cellsOfGrapheme(grapheme: string): number {
  if (/^\p{M}/u.test(grapheme)) return 0
  return wide.test(grapheme) ? 2 : 1
}

/** How many columns of a terminal a printable text takes. */
export function cellsOf(text: string): number {
  let cells = 0
  for (const { segment } of graphemes.segment(text)) cells += cellsOfGrapheme(segment)
  return cells
}

/** The text padded to so many columns, or with its middle left out where it is longer. */
export function fitted(text: string, cells: number, ellipsis: string): string {
  const missing = cells - cellsOf(text)
  if (missing >= 0) return text + ' '.repeat(missing)
  const all = [...graphemes.segment(text)].map(({ segment }) => segment)
  const room = cells - ellipsis.length
  if (room < 2) return taken(all, cells)
  // Endings tell recordings apart more often than beginnings do.
  const tail = taken(all.toReversed(), Math.ceil(room / 2), true)
  const cut = taken(all, room - cellsOf(tail)) + ellipsis + tail
  return cut + ' '.repeat(cells - cellsOf(cut))
}

function taken(graphemes: readonly string[], cells: number, fromEnd = false): string {
  const kept: string[] = []
  let used = 0
  for (const grapheme of graphemes) {
    used += cellsOfGrapheme(grapheme)
    if (used > cells) break
    kept.push(grapheme)
  }
  return (fromEnd ? kept.reverse() : kept).join('')
}

/** Words broken into lines of at most so many columns, after `first` and then after `indent`. */
export function wrapped(
  text: string,
  cells: number,
  first: string,
  indent: string,
): readonly string[] {
  const lines: string[] = []
  let line = first
  let empty = true
  for (let rest of text.split(/ +/)) {
    if (!empty && cellsOf(line) + 1 + cellsOf(rest) > cells) {
      lines.push(line)
      line = indent
      empty = true
    }
    if (!empty) line += ' '
    while (cellsOf(line) + cellsOf(rest) > cells) {
      const all = [...graphemes.segment(rest)].map(({ segment }) => segment)
      const part = taken(all, cells - cellsOf(line))
      if (part === '') break
      lines.push(line + part)
      rest = rest.slice(part.length)
      line = indent
    }
    line += rest
    empty = false
  }
  return [...lines, line]
}
