/**
 * What somebody typed into a search box: words that must all be there, "words in
 * this order", -words that must not. The last word may be its beginning only.
 * Any text is a query, and none is an error.
 */
import { wordsOf } from './search-words.ts'

interface Asked {
  readonly word: string
  readonly isPrefix: boolean
}

interface Phrase {
  readonly words: readonly Asked[]
  readonly isExcluded: boolean
}

/** In UTF-16 units. */
export type Range = readonly [from: number, to: number]

export interface SearchQuery {
  /** As PostgreSQL reads it; absent where no word was asked for. */
  readonly tsquery?: string
  /** Where a text has what was asked, in order, none touching another. */
  marksIn(text: string): Range[]
}

const mostUnits = 1000
const mostPhrases = 32

const parts = /(?<minus>-?)(?:"(?<quoted>[^"]*)(?:"|$)|(?<plain>[^\s"]+))/gu

export function readSearchQuery(typed: string): SearchQuery {
  const text = typed
    .slice(0, mostUnits)
    .toWellFormed()
    .replaceAll(/[“”„«»]/g, '"')
  const phrases: Phrase[] = []
  for (const match of text.matchAll(parts)) {
    if (phrases.length === mostPhrases) break
    const { minus, quoted, plain } = match.groups ?? {}
    const isExcluded = minus === '-'
    const isTyping =
      plain !== undefined && !isExcluded && match.index + match[0].length === text.length
    const words = askedWords(quoted ?? plain ?? '', isTyping, phrases.length === 0)
    if (words.length > 0) phrases.push({ words, isExcluded })
  }
  const wanted = phrases.filter(({ isExcluded }) => !isExcluded)
  const marksIn = (found: string): Range[] => marksOf(wanted, found)
  return phrases.length === 0
    ? { marksIn }
    : { marksIn, tsquery: phrases.map(tsqueryOf).join(' & ') }
}

/** Of an alphabet: too much begins with so few letters, though less with other words beside it. */
const short = {
  alone: /^[\p{sc=Latn}\p{sc=Grek}\p{sc=Cyrl}\p{Nd}]{1,2}$/u,
  beside: /^[\p{sc=Latn}\p{sc=Grek}\p{sc=Cyrl}\p{Nd}]$/u,
}

function askedWords(text: string, isTyping: boolean, isFirst: boolean): Asked[] {
  const words = [...wordsOf(text)]
  const last = words.at(-1)
  // In a text the pair goes on; asked for, it may end here.
  if (last?.isSingle === true && words.at(-2)?.to === last.to) words.pop()
  const isAlone = isFirst && words.length === 1
  return words.map(({ word, isSingle }, index) => ({
    word,
    isPrefix:
      index === words.length - 1 &&
      (isSingle || (isTyping && !(isAlone ? short.alone : short.beside).test(word))),
  }))
}

function tsqueryOf({ words, isExcluded }: Phrase): string {
  const phrase = words
    .map(({ word, isPrefix }) => (isPrefix ? `'${word}':*` : `'${word}'`))
    .join(' <-> ')
  return isExcluded ? `!(${phrase})` : `(${phrase})`
}

function marksOf(phrases: readonly Phrase[], text: string): Range[] {
  const words = [...wordsOf(text)]
  const ranges: [number, number][] = []
  for (const { words: asked } of phrases) {
    for (const [start, first] of words.entries()) {
      const isThere = asked.every(({ word, isPrefix }, index) => {
        const found = words[start + index]?.word
        return isPrefix ? found?.startsWith(word) === true : found === word
      })
      if (isThere) ranges.push([first.from, words[start + asked.length - 1]?.to ?? first.to])
    }
  }
  ranges.sort(([one], [two]) => one - two)
  const merged: [number, number][] = []
  for (const [from, to] of ranges) {
    const last = merged.at(-1)
    if (last !== undefined && from <= last[1]) last[1] = Math.max(last[1], to)
    else merged.push([from, to])
  }
  return merged
}
