import assert from 'node:assert/strict'
import { test } from 'node:test'
import { visibleText } from './visible-text.ts'

test('a right-to-left override in a name is spelled out, not obeyed', () => {
  assert.equal(visibleText('photo\u202Egpj.exe'), 'photo⟨U+202E⟩gpj.exe')
})

test('isolates, control characters and a byte order mark are spelled out', () => {
  assert.equal(
    visibleText('a\u2067b\u0000c\u001B[31m\uFEFF'),
    'a⟨U+2067⟩b⟨U+0000⟩c⟨U+001B⟩[31m⟨U+FEFF⟩',
  )
})

test('letters of any script, line breaks and tabs stay as they are', () => {
  const text = 'שלום — مرحبا\n\tŘež 東京 👩‍👩‍👧'
  assert.equal(visibleText(text), text)
})

test('a lone surrogate becomes the replacement character', () => {
  assert.equal(visibleText('a\uD800b'), 'a\uFFFDb')
})
