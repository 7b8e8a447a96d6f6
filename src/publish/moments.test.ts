import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sampleMaterial } from '../../test/support/sample-story/sample-material.ts'
import { momentText, showingOf, type MomentAddress } from './moments.ts'
import { frameRuns, playersOf, videoSeconds } from './players.ts'

const { material } = sampleMaterial()
const players = playersOf(material)

function shownAt(moment: MomentAddress): string | undefined {
  const showing = showingOf(material, players, moment)
  if (showing === undefined) return undefined
  return `${showing.player.id} ${videoSeconds(showing.player, showing.t).toFixed(3)}`
}

test('a moment on the clock is watched in the composite', () => {
  assert.equal(shownAt({ clock: 0 }), 'together-main 4.000')
})

test('a moment of one recording is watched in its own segment where there is one', () => {
  assert.equal(shownAt({ footage: 'bridge', at: 7.5 }), 'second-main 1.500')
})

test('a moment of one recording outside any segment is watched in the composite', () => {
  assert.equal(shownAt({ footage: 'bakery', at: 4.2 }), 'together-main 1.700')
})

test('a moment that no exhibit shows has a time and no link', () => {
  const moment = { footage: 'nightfall', at: 3.1 }
  assert.equal(shownAt(moment), undefined)
  assert.equal(momentText(material, moment), '0:03.100')
})

test('a moment is printed on the clock where its recording is on it', () => {
  assert.equal(momentText(material, { footage: 'bakery', at: 4.2 }), '−2.30\u00a0s')
})

test('the frames of a clip are listed by how long each stays', () => {
  const slow = players.find(({ id }) => id === 'wheel-slow')
  assert.ok(slow)
  assert.equal(frameRuns(material, slow), '512x30')
})
