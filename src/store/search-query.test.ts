import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { readSearchQuery } from './search-query.ts'
import { snippetOf } from './search-snippet.ts'
import { tsvectorOf, wordsOf } from './search-words.ts'

const words = (text: string): string[] => [...wordsOf(text)].map(({ word }) => word)
const marked = (asked: string, text: string): string[] =>
  readSearchQuery(asked)
    .marksIn(text)
    .map(([from, to]) => text.slice(from, to))

test('case, accents, width and letters of their own are folded, vowels of other scripts are not', () => {
  assert.deepEqual(words('Élan ÜBER Straße Łódź ﬁn'), ['elan', 'uber', 'strasse', 'lodz', 'fin'])
  assert.deepEqual(words('İstanbul ısı ＡＢＣ１２'), ['istanbul', 'isi', 'abc12'])
  assert.deepEqual(words('Ёлка ΟΔΌΣ οδός'), ['елка', 'οδοσ', 'οδοσ'])
  assert.deepEqual(words('كِتَاب أحمد שָׁלוֹם'), ['كتاب', 'احمد', 'שלום'])
  assert.notDeepEqual(words('किताब'), words('कितब'))
  assert.deepEqual(words('2026/117, A. “b-c”…'), ['2026', '117', 'a', 'b', 'c'])
  assert.deepEqual(words('한국어'), ['한국어'])
})

test('scripts without spaces give pairs, and the last character', () => {
  assert.deepEqual(words('七発の銃声'), ['七発', '発の', 'の銃', '銃声', '声'])
  assert.deepEqual(words('ab漢字12'), ['ab', '漢字', '字', '12'])
  assert.deepEqual(words('ｶﾞ'), words('ガ'))
  assert.deepEqual(words('㈠'), ['一'])
  assert.deepEqual(marked('銃声', '七発の銃声'), ['銃声'])
  assert.deepEqual(marked('銃', '七発の銃声'), ['銃声'])
  assert.deepEqual(marked('声', '七発の銃声'), ['声'])
  assert.deepEqual(marked('発銃', '七発の銃声'), [])
  assert.deepEqual(marked('漢字12', 'ab漢字12'), ['漢字12'])
  const astral = '\u{20BB7}野家'
  assert.deepEqual(marked(astral, `x ${astral} y`), [astral])
})

test('words, words in order, words that must not be, and the beginning of the last', () => {
  assert.equal(readSearchQuery('').tsquery, undefined)
  assert.equal(readSearchQuery(' -- "" :*&|!() ').tsquery, undefined)
  assert.equal(readSearchQuery('Seven sh').tsquery, `('seven') & ('sh':*)`)
  assert.equal(readSearchQuery('seven sh ').tsquery, `('seven') & ('sh')`)
  assert.equal(readSearchQuery('“your hands” -once').tsquery, `('your' <-> 'hands') & !('once')`)
  assert.equal(readSearchQuery('2026/117').tsquery, `('2026' <-> '117':*)`)
  assert.equal(readSearchQuery("o'brien' | xy:*").tsquery, `('o' <-> 'brien') & ('xy':*)`)
  assert.deepEqual(marked('seven -shots', 'Seven shots'), ['Seven'])
  assert.deepEqual(marked('"b c" b', 'a b c b'), ['b c', 'b'])
})

test('any text is a query: words are letters and digits, marks lie in order inside the text', () => {
  const text = fc.string({ unit: 'binary', maxLength: 60 })
  fc.assert(
    fc.property(text, text, (asked, found) => {
      const query = readSearchQuery(asked)
      assert.match(query.tsquery ?? '', /^(?:[ ()&!]|<->|'[\p{L}\p{M}\p{N}]+'(?::\*)?)*$/u)
      assert.match(tsvectorOf(found, 'B'), /^(?:(?:^| )'[\p{L}\p{M}\p{N}]+':\d+B(?:,\d+B)*)*$/u)
      let last = -1
      for (const [from, to] of query.marksIn(found)) {
        assert.ok(from > last && to > from && to <= found.length)
        last = to
      }
    }),
    { numRuns: 10_000 },
  )
})

test('what a text has is found in it, by each of its words', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 40 }), (text) => {
      for (const { from, to } of wordsOf(text)) {
        const word = text.slice(from, to)
        assert.ok(readSearchQuery(`"${word}"`).marksIn(text).length > 0, JSON.stringify(word))
      }
    }),
    { numRuns: 1000 },
  )
})

test('a query of any length is read in no time, and its rest is left out', () => {
  const from = performance.now()
  const { tsquery = '' } = readSearchQuery('"a" -b 漢 '.repeat(100_000))
  assert.ok(performance.now() - from < 1000)
  assert.equal(tsquery.split(' & ').length, 32)
  assert.ok((readSearchQuery('x'.repeat(100_000)).tsquery ?? '').length < 100)
})

test('a snippet is the part with the most marks, cut between words and never in a character', () => {
  const long = `${'alpha beta '.repeat(100)}seven shots and seven more ${'gamma '.repeat(100)}`
  const snippet = snippetOf(long, readSearchQuery('seven').marksIn(`seven ${long}`.slice(6)))
  assert.deepEqual(
    snippet.marks.map(([from, to]) => snippet.text.slice(from, to)),
    ['seven', 'seven'],
  )
  assert.ok(snippet.text.length <= 240 && snippet.isCutBefore && snippet.isCutAfter)
  assert.match(snippet.text, /^(?:alpha|beta) .*gamma$/)
  assert.deepEqual(snippetOf('short', []), {
    text: 'short',
    marks: [],
    isCutBefore: false,
    isCutAfter: false,
  })
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary', minLength: 200, maxLength: 600 }),
      fc.nat(),
      (text, at) => {
        const [word] = [...wordsOf(text)].slice(at % 50)
        const { text: part, marks } = snippetOf(
          text,
          word === undefined ? [] : [[word.from, word.to]],
        )
        assert.ok(part.length <= 241 && text.includes(part))
        if (text.isWellFormed()) assert.ok(part.isWellFormed())
        for (const [from, to] of marks) assert.ok(from >= 0 && to > from && to <= part.length)
      },
    ),
  )
})
