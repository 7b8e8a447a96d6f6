import assert from 'node:assert/strict'
import { test } from 'node:test'
import { StoreError } from '../store/store-error.ts'
import { createLog, type LogFields, type LogLevel } from './log.ts'

function listen(level: LogLevel = 'debug', readable = false) {
  const lines: string[] = []
  return { lines, log: createLog((line) => lines.push(line), { level, readable }) }
}

const secret = 'Jane Roe, 12 Quay Lane'

test('an event is one line of JSON with what it is allowed to say', () => {
  const { lines, log } = listen()
  log('request', { method: 'GET', route: '/api/incidents/:incident', status: 200, bytes: 5 })
  assert.equal(lines.length, 1)
  assert.match(lines[0] ?? '', /^[^\n]+\n$/)
  const { time, ...rest } = JSON.parse(lines[0] ?? '') as Record<string, unknown>
  assert.match(String(time), /^\d{4}-\d\d-\d\dT[\d:.]+Z$/)
  const said = { method: 'GET', route: '/api/incidents/:incident', status: 200, bytes: 5 }
  assert.deepEqual(rest, { level: 'info', event: 'request', ...said })
})

test('a field that is not on the list, or not in its form, does not get through', () => {
  const { lines, log } = listen()
  const hostile = { path: secret, title: secret, route: `/${secret}`, method: secret, kind: secret }
  log('request', { ...hostile, bytes: secret, requestId: `${secret}\n` } as unknown as LogFields)
  assert.doesNotMatch(lines.join(''), /Jane|Quay/)
  assert.deepEqual((JSON.parse(lines[0] ?? '') as LogFields).route, '(not in its form)')
})

test('an error shows its class, codes and places, and nothing that a message quotes', () => {
  const { lines, log } = listen()
  const inner = Object.assign(new Error(`duplicate key (title)=(${secret})`), { code: '23505' })
  const evil = `${secret}\n    at ${secret} (${import.meta.filename}:1:1)\n    at x`
  log('request-failed', { error: new StoreError('storage-full', evil, { cause: inner }) })
  log('request-failed', { error: secret })
  log('request-failed', { error: Object.assign(new Error(''), { name: secret, code: secret }) })
  const changed = new Error(`${secret} first`)
  changed.message = 'another'
  log('request-failed', { error: changed })
  assert.doesNotMatch(lines.join(''), /Jane|Quay/)
  const said = lines.map((line) => JSON.parse(line) as Record<string, unknown>)
  const { stack, ...rest } = said[0] ?? {}
  assert.deepEqual(
    [rest['error'], rest['code'], rest['causes']],
    ['StoreError', 'storage-full', ['Error 23505']],
  )
  const frames = stack as readonly string[]
  assert.match(frames[0] ?? '', /src\/observe\/log\.test\.ts:\d+:\d+$/)
  assert.ok(
    frames.every((frame) => !frame.includes(process.cwd())),
    'no folder of this machine',
  )
  assert.equal(said[1]?.['error'], 'thrown string')
  assert.equal(said[2]?.['error'], 'Error')
})

test('what is below the level is not written, and a person reads short lines', () => {
  const quiet = listen('warn')
  quiet.log('request', { status: 200 })
  quiet.log('connections-cut', { connections: 2 })
  assert.equal(quiet.lines.length, 1)
  const terminal = listen('info', true)
  terminal.log('request', { method: 'GET', route: '/', status: 200, milliseconds: 3 })
  terminal.log('request-failed', { error: new Error(secret) })
  assert.match(
    terminal.lines[0] ?? '',
    /^\d\d:\d\d:\d\dZ info {2}request GET \/ 200 milliseconds=3\n$/,
  )
  assert.match(terminal.lines[1] ?? '', /^\S+ error request-failed error=Error\n {4}at .*log\.test/)
})
