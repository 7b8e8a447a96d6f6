/**
 * The words of a text in any language, the same for what is indexed and what is
 * asked: case, width, accents and vowel points folded. Scripts that put no spaces
 * between words give each pair of neighbouring characters, and the last one alone.
 */

export interface Word {
  readonly word: string
  /** Where it stands in the text, in UTF-16 units. */
  readonly from: number
  readonly to: number
  /** One character of a script without spaces, which any pair may begin with. */
  readonly isSingle: boolean
}

/** An index with words of another version is made again. */
export const wordsVersion = 1

const mostCharacters = 64

const unspacedOrSpaced =
  /(?<unspaced>[[\p{L}\p{M}\p{N}]&&[\p{scx=Hani}\p{scx=Hira}\p{scx=Kana}\p{scx=Bopo}\p{scx=Yiii}\p{scx=Thai}\p{scx=Laoo}\p{scx=Khmr}\p{scx=Mymr}]]+)|[[\p{L}\p{M}\p{N}]--[\p{scx=Hani}\p{scx=Hira}\p{scx=Kana}\p{scx=Bopo}\p{scx=Yiii}\p{scx=Thai}\p{scx=Laoo}\p{scx=Khmr}\p{scx=Mymr}]]+/gv

export function* wordsOf(text: string): Generator<Word> {
  for (const match of text.matchAll(unspacedOrSpaced)) {
    const [source] = match
    const from = match.index
    const to = from + source.length
    const folded = fold(source)
    if (match.groups?.['unspaced'] !== undefined) yield* pairsOf(source, folded, from)
    // A sign may unfold into several words.
    else {
      for (const word of folded.match(/[\p{L}\p{M}\p{N}]+/gu) ?? []) {
        yield { word: shortened(word), from, to, isSingle: false }
      }
    }
  }
}

function* pairsOf(source: string, folded: string, from: number): Generator<Word> {
  // A sign may unfold into some with brackets around them.
  const characters = folded.match(/[\p{L}\p{M}\p{N}]/gu) ?? []
  const originals = Array.from(source)
  const isSameLength = characters.length === originals.length
  let at = from
  for (const [index, character] of characters.entries()) {
    const next = characters[index + 1]
    const own = originals[index]?.length ?? 0
    const end = at + own + (originals[index + 1]?.length ?? 0)
    yield {
      word: character + (next ?? ''),
      from: isSameLength ? at : from,
      to: isSameLength ? end : from + source.length,
      isSingle: next === undefined,
    }
    at += own
  }
}

/** Accents of Latin, Greek and Cyrillic, points of Hebrew and Arabic; the vowels of other scripts stay. */
const marks =
  /[\u{300}-\u{36F}]|[\u{591}-\u{5BD}\u{5BF}-\u{5C7}]|[\u{610}-\u{61A}\u{64B}-\u{65F}\u{670}]|\u{640}/gu

const letters: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ħ: 'h',
  ı: 'i',
  ŧ: 't',
  ς: 'σ',
}

function fold(text: string): string {
  // oxlint-disable-next-line no-control-regex -- ASCII, and most text is.
  if (/^[\0-\x7F]*$/.test(text)) return text.toLowerCase()
  return text
    .normalize('NFKD')
    .replace(marks, '')
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[ßæœøłđðþħıŧς]/g, (letter) => letters[letter] ?? letter)
}

function shortened(word: string): string {
  return word.length <= mostCharacters ? word : Array.from(word).slice(0, mostCharacters).join('')
}

/** A weight as PostgreSQL ranks by. */
export type Weight = 'A' | 'B' | 'C' | 'D'

/** As PostgreSQL reads a tsvector: nothing but letters, marks and digits stands between the quotes. */
export function tsvectorOf(text: string, weight: Weight): string {
  const places = new Map<string, number[]>()
  let position = 0
  for (const { word } of wordsOf(text)) {
    position++
    const known = places.get(word)
    if (known === undefined) places.set(word, [position])
    else known.push(position)
  }
  return [...places]
    .map(([word, at]) => `'${word}':${at.map((position) => position + weight).join(',')}`)
    .join(' ')
}
