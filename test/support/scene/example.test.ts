import assert from 'node:assert/strict'
import { readFile, stat } from 'node:fs/promises'
import path from 'node:path'
import { test } from 'node:test'
import { harbourStreetScene } from '../../../examples/harbour-street/footage.ts'
import { visualAnchors } from './anchors.ts'
import { isRelated, ownTime, sceneTime } from './scene.ts'
import { truthOf } from './truth.ts'

const example = path.join(import.meta.dirname, '../../../examples/harbour-street')
const scene = harbourStreetScene()
const related = scene.phones.filter((phone) => isRelated(scene, phone))

test('the example’s truth is what its description says', async () => {
  const written: unknown = JSON.parse(await readFile(path.join(example, 'truth.json'), 'utf8'))
  assert.deepEqual(written, JSON.parse(JSON.stringify(truthOf(scene))))
})

test('seven impulsive sounds reach all four phones while all of them record', () => {
  assert.deepEqual(
    related.map((phone) => phone.id),
    ['bakery', 'tram-stop', 'balcony', 'car-park'],
  )
  const from = Math.max(...related.map((phone) => phone.startSeconds))
  const to = Math.min(...related.map((phone) => phone.endSeconds))
  const impulsive = scene.sounds.filter((sound) => sound.place === related[0]?.place)
  const bangs = impulsive.filter((sound) => sound.kind === 'bang' || sound.kind === 'thump')
  assert.equal(bangs.length, 7)
  assert.ok(bangs.every(({ atSeconds }) => atSeconds > from + 5 && atSeconds < to - 5))
})

test('no picture shows a flash of the first sound, and each later one is seen by some phone', () => {
  const seen = new Set(visualAnchors(scene).map((anchor) => anchor.event))
  assert.deepEqual(
    scene.sounds.flatMap((sound) => (sound.kind === 'bang' && !seen.has(sound.id) ? sound.id : [])),
    ['sound-1'],
  )
})

test('each visual anchor’s interval holds the event, on the phone’s own clock', () => {
  const lights = scene.actors.find((actor) => actor.id === 'car')
  assert.ok(lights?.kind === 'vehicle' && lights.lightsFromSeconds !== undefined)
  const anchors = visualAnchors(scene)
  assert.ok(anchors.length >= 20)
  for (const anchor of anchors) {
    const sound = scene.sounds.find((candidate) => candidate.id === anchor.event)
    const at = sound?.atSeconds ?? lights.lightsFromSeconds
    const phone = related.find((candidate) => candidate.id === anchor.phone)
    assert.ok(phone)
    const distance = Math.abs(ownTime(phone, at) - anchor.ownSeconds)
    assert.ok(distance <= anchor.uncertaintySeconds, `${anchor.event} in ${anchor.phone}`)
    assert.ok(Math.abs(sceneTime(phone, anchor.ownSeconds) - at) < 0.04)
  }
})

test('the committed footage stays under 14 MB', async () => {
  const sizes = await Promise.all(
    truthOf(scene).recordings.map(({ file }) => stat(path.join(example, 'footage', file))),
  )
  assert.ok(sizes.reduce((sum, { size }) => sum + size, 0) < 14e6)
})
