import assert from 'node:assert/strict'
import test from 'node:test'
import { alignRecordings } from './align-recordings.ts'
import type { AlignedMember, Alignment, Anchor } from './alignment.ts'
import { happening, heard, randomNumbers } from './fixture-sound.ts'

const street = happening(1, 60)

function memberOf(alignment: Alignment, id: string): AlignedMember {
  const member = alignment.groups.flatMap(({ members }) => members).find((one) => one.id === id)
  assert.ok(member, `${id} is in no group`)
  return member
}

function near(actual: number, expected: number, within: number): void {
  assert.ok(
    Math.abs(actual - expected) <= within,
    `${actual} is not within ${within} of ${expected}`,
  )
}

/** Four phones 0 to 35 m farther from the sound than the nearest: up to 102 ms of travel. */
const phones = [
  { id: 'p1', startSeconds: 0, rate: 1 - 60e-6, travelSeconds: 0.01 },
  { id: 'p2', startSeconds: 4, rate: 1 + 40e-6, travelSeconds: 0.112 },
  { id: 'p3', startSeconds: 7.3, rate: 1 + 90e-6, travelSeconds: 0.05 },
  { id: 'p4', startSeconds: 12, rate: 1 - 70e-6, travelSeconds: 0.03 },
].map((phone) => ({ ...phone, samples: heard(street, { ...phone, seconds: 40 }) }))

const halfFrameSeconds = 1 / 60

/** An event that both phones see, each read off a frame that began up to a frame before it. */
function seen(one: number, two: number, happeningSeconds: number, errors: () => number): Anchor {
  const at = (index: number) => {
    const { id, startSeconds, rate } = phones[index]!
    return { id, atSeconds: (happeningSeconds - startSeconds) / rate }
  }
  const [a, b] = [at(one), at(two)]
  const error = (2 * errors() - 1) * halfFrameSeconds
  return { a: { ...a, atSeconds: a.atSeconds + error }, b, errorSeconds: halfFrameSeconds }
}

function sevenAnchorsPerPair(seed: number): Anchor[] {
  const random = randomNumbers(seed)
  const pairs = [0, 1, 2, 3].flatMap((one) =>
    [0, 1, 2, 3].flatMap((two) => (one < two ? [[one, two] as const] : [])),
  )
  return pairs.flatMap(([one, two]) =>
    Array.from({ length: 7 }, () => seen(one, two, 13 + 25 * random(), random)),
  )
}

/** How far the clock is from the truth at worst, anywhere in the recordings, against the first phone. */
function worstClockError(alignment: Alignment): number {
  const first = memberOf(alignment, 'p1')
  return Math.max(
    ...phones.flatMap(({ id, startSeconds, rate }) =>
      [0, 40].map((own) => {
        const { offsetSeconds, rate: found } = memberOf(alignment, id)
        const happens = startSeconds + rate * own
        const onFirst = first.offsetSeconds + (first.rate * happens) / phones[0]!.rate
        return Math.abs(offsetSeconds + found * own - onFirst)
      }),
    ),
  )
}

test('sound alone is off by its travel, and says that it may be', () => {
  const alignment = alignRecordings(phones)
  // What arrives later seems to come from a recording that started earlier.
  near(memberOf(alignment, 'p2').offsetSeconds, 4 - 0.102, 0.002)
  assert.ok(worstClockError(alignment) > 0.1)
  const { errorSeconds, travelBoundSeconds, method } = memberOf(alignment, 'p2')
  assert.equal(method, 'sound')
  assert.ok(errorSeconds > 0.102 && errorSeconds < 0.4)
  assert.ok(travelBoundSeconds > 0.102)
})

test('anchors between all phones take the travel out, and sound keeps the rates', () => {
  for (const seed of [1, 2, 3]) {
    const alignment = alignRecordings(phones, { anchors: sevenAnchorsPerPair(seed) })
    assert.ok(worstClockError(alignment) < 0.006, `${worstClockError(alignment)} s`)
    const [p1, p3] = [memberOf(alignment, 'p1'), memberOf(alignment, 'p3')]
    near((p3.rate / p1.rate - 1) * 1e6, 150, 10)
    assert.equal(p3.method, 'sound and anchors')
    assert.equal(p3.travelBoundSeconds, 0)
    assert.ok(p3.errorSeconds < 0.012)
    const sound = alignment.groups[0]!.links.filter(({ kind }) => kind === 'sound')
    assert.equal(sound.length, 6)
    assert.ok(
      sound.every(({ accepted, residualSeconds }) => accepted && Math.abs(residualSeconds) < 0.002),
    )
  }
})

test('an anchored pair leaves the other phones with their travel', () => {
  const random = randomNumbers(4)
  const anchors = Array.from({ length: 7 }, () => seen(0, 1, 15 + 20 * random(), random))
  const alignment = alignRecordings(phones, { anchors })
  near(memberOf(alignment, 'p2').offsetSeconds, 4, 0.008)
  const [anchored, other] = [memberOf(alignment, 'p2'), memberOf(alignment, 'p3')]
  assert.ok(anchored.errorSeconds < 0.02)
  assert.ok(other.errorSeconds > 0.05)
  assert.equal(other.method, 'sound')
  assert.ok(Math.abs(other.offsetSeconds - 7.3) <= other.errorSeconds)
})

test('a single anchor against clear sound is rejected and says by how much', () => {
  const anchor = {
    a: { id: 'p1', atSeconds: 20 },
    b: { id: 'p2', atSeconds: 10 },
    errorSeconds: 0.02,
  }
  const alignment = alignRecordings(phones, { anchors: [anchor] })
  const rejected = alignment.groups[0]!.links.filter(({ accepted }) => !accepted)
  assert.equal(rejected.length, 1)
  assert.equal(rejected[0]!.kind, 'anchor')
  assert.match(
    rejected[0]!.reason ?? '',
    /Contradicts stronger evidence of its group by 6\.10\d s\./,
  )
  near(memberOf(alignment, 'p2').offsetSeconds, 3.898, 0.002)
})

test('two agreeing anchors win over sound', () => {
  const anchors = [20, 24].map((atSeconds) => ({
    a: { id: 'p1', atSeconds },
    b: { id: 'p2', atSeconds: atSeconds - 10 },
    errorSeconds: 0.02,
  }))
  const alignment = alignRecordings(phones.slice(0, 2), { anchors })
  near(memberOf(alignment, 'p2').offsetSeconds, 10, 0.01)
  const sound = alignment.groups[0]!.links.find(({ kind }) => kind === 'sound')
  assert.equal(sound?.accepted, false)
})

test('an anchor at odds with the others of its pair is set aside', () => {
  const random = randomNumbers(6)
  const good = Array.from({ length: 3 }, () => seen(0, 1, 15 + 20 * random(), random))
  const wrong = { ...good[0]!, b: { id: 'p2', atSeconds: good[0]!.b.atSeconds + 3 } }
  const alignment = alignRecordings(phones, { anchors: [wrong, ...good] })
  const rejected = alignment.groups[0]!.links.filter(({ accepted }) => !accepted)
  assert.equal(rejected.length, 1)
  assert.match(rejected[0]!.reason ?? '', /from 3 other anchors of these two recordings/)
  near(memberOf(alignment, 'p2').offsetSeconds, 4, halfFrameSeconds)
})

test('a recording without sound is placed by its anchors, either way round', () => {
  const silent = { id: 'a-silent', samples: new Float32Array(0) }
  const anchors: Anchor[] = [
    { a: { id: 'p1', atSeconds: 15 }, b: { id: 'a-silent', atSeconds: 2 }, errorSeconds: 0.02 },
    { a: { id: 'a-silent', atSeconds: 9 }, b: { id: 'p1', atSeconds: 22 }, errorSeconds: 0.02 },
  ]
  const alignment = alignRecordings([silent, ...phones.slice(0, 2)], { anchors })
  const placed = memberOf(alignment, 'a-silent')
  near(placed.offsetSeconds, 13, 0.01)
  assert.equal(placed.method, 'anchors')
  assert.ok(placed.errorSeconds < 0.05)
  assert.deepEqual(alignment.apart, [])
})
