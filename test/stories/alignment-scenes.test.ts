import assert from 'node:assert/strict'
import test from 'node:test'
import { alignRecordings } from '../../src/align/align-recordings.ts'
import type { AlignedMember } from '../../src/align/alignment.ts'
import { isRelated, ownTime, randomScene } from '../support/scene/scene.ts'
import type { Phone, Scene } from '../support/scene/scene.ts'
import { renderSound, resampleTo8k } from '../support/scene/sound.ts'
import { acousticOffsetRange } from '../support/scene/travel.ts'

const toleranceSeconds = 0.02

interface Row {
  readonly seed: number
  readonly recordings: number
  readonly 'worst error ms': string
  readonly 'drift error ppm': string
}

const rows: Row[] = []

for (let seed = 1; seed <= 10; seed++) {
  test(`scene ${seed}: every phone within 20 ms of what sound allows, the stranger alone`, () => {
    const scene = randomScene(seed, { durationSeconds: 45 })
    const alignment = alignRecordings(
      scene.phones.map((phone) => ({
        id: phone.id,
        samples: resampleTo8k(renderSound(scene, phone), phone.microphone.sampleRateHz),
      })),
    )
    const related = scene.phones.filter((phone) => isRelated(scene, phone))
    const strangers = scene.phones.filter((phone) => !isRelated(scene, phone))
    assert.ok(related.length >= 4 && strangers.length === 1)

    const [group] = alignment.groups
    assert.ok(group && alignment.groups.length === 1)
    assert.deepEqual(group.members.map(({ id }) => id).sort(), related.map(({ id }) => id).sort())
    assert.deepEqual(
      alignment.apart.map(({ id, code }) => ({ id, code })),
      strangers.map(({ id }) => ({ id, code: 'no-shared-sound' })),
    )
    assert.ok(alignment.apart.every(({ reason }) => reason.length > 20))

    const pairs = related.flatMap((a, index) => related.slice(index + 1).map((b) => ({ a, b })))
    const members = new Map(group.members.map((member) => [member.id, member]))
    const errors = pairs.map(({ a, b }) =>
      errorBeyondTravel(scene, a, b, members.get(a.id)!, members.get(b.id)!),
    )
    const drifts = pairs.map(({ a, b }) => {
      const found = members.get(b.id)!.rate / members.get(a.id)!.rate
      return Math.abs(found / (b.rate / a.rate) - 1) * 1e6
    })
    rows.push({
      seed,
      recordings: scene.phones.length,
      'worst error ms': (1000 * Math.max(...errors)).toFixed(1),
      'drift error ppm': Math.max(...drifts).toFixed(1),
    })
    assert.ok(Math.max(...errors) <= toleranceSeconds, `${Math.max(...errors)} s`)
  })
}

test.after(() => console.table(rows))

/** At the start and the end of what both recorded: how far their clocks differ beyond sound's travel. */
function errorBeyondTravel(
  scene: Scene,
  a: Phone,
  b: Phone,
  memberA: AlignedMember,
  memberB: AlignedMember,
): number {
  const { trueSeconds, minimumSeconds, maximumSeconds } = acousticOffsetRange(scene, a.id, b.id)
  const moments = [Math.max(a.startSeconds, b.startSeconds), Math.min(a.endSeconds, b.endSeconds)]
  return Math.max(
    ...moments.map((moment) => {
      const onClock = (phone: Phone, { offsetSeconds, rate }: AlignedMember) =>
        offsetSeconds + rate * ownTime(phone, moment)
      const off = onClock(b, memberB) - onClock(a, memberA)
      return Math.max(0, minimumSeconds - trueSeconds - off, off - (maximumSeconds - trueSeconds))
    }),
  )
}
