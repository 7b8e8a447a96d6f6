import assert from 'node:assert/strict'
import { test } from 'node:test'
import { printJson, processTerminal } from './terminal.ts'

test('what --json prints moves no cursor, turns no line round, and reads as the same value', () => {
  let printed = ''
  const value = {
    'csi \u009b31m': 'escape \u001b[2J, delete \u007f, next line \u0085',
    name: 'report-\u202etxt.exe',
    tag: 'hidden \u{e0041} \ud83d line \u2028 end',
    lines: ['kept\nas two', 'Škoda, 現場, 👩🏽'],
  }
  printJson({ ...processTerminal(), out: (text) => (printed += text) }, value)
  assert.deepEqual(JSON.parse(printed), value)
  assert.doesNotMatch(printed.replaceAll('\n', ''), /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u)
  assert.match(printed, /"kept\\nas two",\n {4}"Škoda, 現場, 👩🏽"/)
})
