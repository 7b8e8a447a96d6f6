import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ImpulseShape } from './impulse-shape.ts'
import { impulseCandidates, impulsePieces, type ImpulseRecording } from './impulse-candidates.ts'

type Given =
  | number
  | {
      readonly at: number
      readonly prominence?: number
      readonly level?: number
      readonly rise?: number
      readonly shape?: ImpulseShape
    }

/** Onsets in own time; a bare number is a strong one. */
function recording(
  id: string,
  offsetSeconds: number,
  onsets: readonly Given[],
  more: Partial<ImpulseRecording> = {},
): ImpulseRecording {
  return {
    id,
    clock: { offsetSeconds, rate: 1 },
    errorSeconds: 0.01,
    travelBoundSeconds: 0,
    fromSeconds: 0,
    endSeconds: 60,
    onsets: onsets.map((given) => {
      const {
        at,
        prominence = 15,
        level = -10,
        rise = 15,
        shape = new Int8Array(176),
      } = typeof given === 'number' ? { at: given } : given
      return {
        ownSeconds: at,
        errorSeconds: 0.001,
        prominenceDb: prominence,
        riseDb: rise,
        levelDb: level,
        clipped: false,
        shape,
      }
    }),
    ...more,
  }
}

function corroborated(recordings: readonly ImpulseRecording[]) {
  return impulseCandidates(recordings).filter((candidate) => candidate.corroborated)
}

test('one bang is one candidate, though sound needs a tenth of a second to the farther phone', () => {
  const [candidate, ...others] = impulseCandidates([
    recording('near', 0, [20]),
    recording('far', -5, [25.1]),
  ])
  assert.deepEqual(others, [])
  assert.ok(candidate?.corroborated)
  assert.deepEqual(
    candidate.heardIn.map((heard) => [heard.recording, heard.ownSeconds]),
    [
      ['near', 20],
      ['far', 25.1],
    ],
  )
  assert.ok(Math.abs(candidate.clockSeconds - 20.05) < 1e-9)
  assert.ok(candidate.errorSeconds >= 0.05 && candidate.errorSeconds < 0.08)
})

test('a knock in one phone is never corroborated, and says who ran and did not hear it', () => {
  const knock = impulseCandidates([
    recording('a', 0, [12, 20, 30]),
    recording('b', 0, [20.02, 30.02]),
    recording('c', 15, [5.04, 15.04]),
    recording('d', 0, [20.03, 30.03]),
  ]).filter((candidate) => !candidate.corroborated)
  assert.equal(knock.length, 1)
  assert.deepEqual(
    knock[0]?.heardIn.map((heard) => heard.recording),
    ['a'],
  )
  assert.deepEqual(knock[0]?.silentIn, ['b', 'd'])
})

test('many knocks in two phones do not corroborate each other by chance', () => {
  const knocks = (first: number): Given[] =>
    Array.from({ length: 18 }, (_, index) => ({ at: first + 3.1 * index, prominence: 12 }))
  const found = corroborated([recording('a', 0, knocks(1)), recording('b', 0, knocks(1.12))])
  const chance = corroborated([
    recording('a', 0, knocks(1)),
    recording('b', 0, [
      { at: 4.2, prominence: 12 },
      { at: 8, prominence: 12 },
      { at: 25.6, prominence: 12 },
      33,
      36,
      40,
      52,
    ]),
  ])
  // The same 18 in both are no chance; a few that fall near any of 18 may be.
  assert.equal(found.length, 18)
  assert.deepEqual(chance, [])
})

/** Noise of its own for each seed. */
function shape(seed: number): ImpulseShape {
  let state = seed
  return Int8Array.from({ length: 176 }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state >>> 24
  })
}

test('what chance could bring together stands where both recordings hear the same waveform, and only there', () => {
  const others = (first: number, seed: number): Given[] =>
    Array.from({ length: 18 }, (_, index) => ({
      at: first + 3.3 * index,
      prominence: 12,
      shape: shape(seed + index),
    }))
  const found = (a: ImpulseShape, b: ImpulseShape) =>
    corroborated([
      recording('a', 0, [...others(0.3, 100), { at: 30.996, prominence: 12, shape: a }]),
      recording('b', 0, [...others(1.9, 200), { at: 31, prominence: 12, shape: b }]),
    ])
  assert.equal(found(shape(1), shape(1)).length, 1)
  assert.deepEqual(found(shape(1), shape(2)), [])
})

test('what rises no faster than a voice is no impulsive sound, however many hear it', () => {
  const hearing = (rise: number): Given[] => [{ at: 20, rise }]
  const found = (...rises: readonly number[]) =>
    impulseCandidates(rises.map((rise, index) => recording(`${index}`, 0, hearing(rise))))
  assert.deepEqual(found(5, 6, 5), [])
  assert.deepEqual(found(5), [])
  // Codecs and echoes smear it in some: the two steepest count.
  assert.equal(found(5, 5, 5, 8, 9).length, 1)
})

/** Evenly spread over the time, the same for the same seed. */
function randomKnocks(seed: number, count: number, seconds: number): readonly Given[] {
  let state = seed
  const next = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
  return Array.from({ length: count }, () => ({
    at: next() * seconds,
    prominence: 3 + 13 * next(),
    level: -25 + 15 * next(),
    shape: shape(state),
  })).sort((a, b) => a.at - b.at)
}

for (const [phones, mostAMinute] of [
  [2, 0.1],
  [5, 0.3],
  [8, 0.3],
] as const) {
  test(`six knocks a minute in each of ${phones} phones: at most ${mostAMinute} a minute fall together so that they stand`, () => {
    const scenes = 60
    let accidents = 0
    for (let scene = 0; scene < scenes; scene++) {
      const recordings = Array.from({ length: phones }, (_, phone) =>
        recording(`${phone}`, 0, randomKnocks(7919 * scene + 131 * phone + 1, 6, 60), {
          errorSeconds: 0.15,
          travelBoundSeconds: 0.146,
        }),
      )
      accidents += corroborated(recordings).length
    }
    assert.ok(accidents <= mostAMinute * scenes, `${accidents} in ${scenes} minutes`)
  })
}

test('four bangs that two of eight knocked phones hear stand out from the knocks', () => {
  const knocked = Array.from({ length: 8 }, (_, phone) => randomKnocks(131 * phone + 5, 6, 60))
  const bangs = [20, 23.1, 31.4, 40.9].map((at): Given => ({ at, prominence: 18 }))
  const recordings = knocked.map((knocks, phone) => {
    const own = phone < 2 ? [...knocks, ...bangs] : knocks
    return recording(
      `${phone}`,
      0,
      own.toSorted((a, b) => atOf(a) - atOf(b)),
    )
  })
  const found = corroborated(recordings).filter(({ heardIn }) =>
    bangs.some((bang) => heardIn.every(({ ownSeconds }) => ownSeconds === atOf(bang))),
  )
  assert.equal(found.length, 4)
})

function atOf(given: Given): number {
  return typeof given === 'number' ? given : given.at
}

test('phones 100 m apart hear one sound 0.29 s apart as one, whoever says where they stood or not', () => {
  const found = corroborated([recording('near', 0, [20]), recording('far', 0, [20.28])])
  assert.equal(found.length, 1)
})

test('a second sound a tenth of a second later that all hear, nearly as loud, is no echo', () => {
  const second = (at: number): Given => ({ at, level: -14 })
  const found = corroborated([
    recording('a', 0, [20, second(20.09)]),
    recording('b', 0, [20.05, second(20.162)]),
    recording('c', 0, [20.02, second(20.12)]),
  ])
  assert.equal(found.length, 2)
})

test('an echo that phones hear after different delays is kept with its sound', () => {
  const [candidate, ...others] = impulseCandidates([
    recording('a', 0, [20, { at: 20.21, level: -18 }]),
    recording('b', 0, [20.05, { at: 20.16, level: -16 }]),
    recording('c', 0, [20.02]),
  ])
  assert.deepEqual(others, [])
  assert.equal(candidate?.heardIn.length, 3)
  assert.deepEqual(
    candidate?.echoes.map(({ recording: id, delaySeconds }) => [
      id,
      Math.round(delaySeconds * 1000),
    ]),
    [
      ['a', 210],
      ['b', 110],
    ],
  )
})

test('a weaker second sound that all hear after the same delay is a sound of its own', () => {
  const second = (at: number): Given => ({ at, level: -16 })
  const found = corroborated([
    recording('a', 0, [20, second(20.41)]),
    recording('b', 0, [20.05, second(20.462)]),
    recording('c', 0, [20.02, second(20.427)]),
  ])
  assert.deepEqual(
    found.map(({ heardIn, echoes }) => [heardIn.length, echoes.length]),
    [
      [3, 0],
      [3, 0],
    ],
  )
})

test('a burst of ten a second, 0.12 s of travel between two phones, is told apart shot by shot', () => {
  const at = [20, 20.1, 20.2, 20.31, 20.4, 20.5, 20.61]
  const found = corroborated([
    recording('a', 0, at),
    recording(
      'b',
      0,
      at.map((seconds) => seconds + 0.12),
    ),
  ])
  assert.equal(found.length, at.length)
  for (const [index, { heardIn }] of found.entries()) {
    assert.deepEqual(
      heardIn.map(({ ownSeconds }) => Math.round(ownSeconds * 1000)),
      [at[index]! * 1000, at[index]! * 1000 + 120].map(Math.round),
    )
  }
})

test('the interval to the next comes from each recording’s own time, and its error holds them all', () => {
  const [first] = corroborated([
    recording('a', 0, [20, 21.27], { errorSeconds: 0.15, travelBoundSeconds: 0.146 }),
    recording('b', 3, [17.05, 18.326], { errorSeconds: 0.15, travelBoundSeconds: 0.146 }),
  ])
  assert.ok(first?.toNext)
  assert.equal(first.toNext.heardInBoth, 2)
  assert.ok(Math.abs(first.toNext.seconds - 1.273) < 1e-6)
  assert.ok(Math.abs(first.toNext.errorSeconds - 0.008) < 1e-6)
})

test('phones known to stand a few metres apart cannot hear one sound 0.2 s apart', () => {
  const at = (xMetres: number) => ({ position: { xMetres, yMetres: 0, errorMetres: 2 } })
  const clock = { errorSeconds: 0.146, travelBoundSeconds: 0.146 }
  const onsets = [recording('a', 0, [20], clock), recording('b', 0, [20.2], clock)]
  assert.equal(corroborated(onsets).length, 1)
  assert.equal(corroborated(onsets.map((each, index) => ({ ...each, ...at(8 * index) }))).length, 0)
})

test('the order of recordings changes nothing, nor does one that hears nothing', () => {
  const all = [
    recording('a', 0, [12, 20, { at: 20.2, level: -20 }, 30]),
    recording('b', -3, [23.02, 33.02, 41]),
    recording('c', 15, [5.04, 15.04]),
  ]
  const found = impulseCandidates(all)
  assert.deepEqual(impulseCandidates(all.toReversed()), found)
  const more = impulseCandidates([...all, recording('deaf', 0, [])])
  assert.deepEqual(
    more.map(({ heardIn, clockSeconds }) => ({ heardIn, clockSeconds })),
    found.map(({ heardIn, clockSeconds }) => ({ heardIn, clockSeconds })),
  )
})

test('a recording stands in a candidate once, and without recordings there is none', () => {
  assert.deepEqual(impulseCandidates([]), [])
  const found = impulseCandidates([
    recording('a', 0, [20, 20.03, 20.06]),
    recording('b', 0, [20.01, 20.05]),
  ])
  for (const { heardIn } of found) {
    assert.equal(new Set(heardIn.map((heard) => heard.recording)).size, heardIn.length)
  }
})

test('of a recording that was cut, each piece hears at its own place; across the cut it tells no interval', () => {
  const { onsets } = recording('c', 0, [20, 31, 32.5])
  const piece = { errorSeconds: 0.01, travelBoundSeconds: 0 }
  const pieces = [
    { ...piece, fromSeconds: -Infinity, toSeconds: 30, offsetSeconds: 0 },
    { ...piece, fromSeconds: 30, toSeconds: Infinity, offsetSeconds: 10 },
  ]
  const found = corroborated([
    recording('a', 0, [20, 35, 41.01, 42.51]),
    recording('b', 5, [15.01, 30, 36]),
    ...impulsePieces({ id: 'c', rate: 1, pieces, onsets }, 50),
  ])
  assert.deepEqual(
    found.map(({ heardIn, silentIn }) => [heardIn.map((heard) => heard.recording), silentIn]),
    [
      [['a', 'c', 'b'], []],
      [['a', 'b'], []],
      [['b', 'c', 'a'], []],
      [['c', 'a'], ['b']],
    ],
  )
  assert.deepEqual(
    found.map(({ toNext }) => toNext?.heardInBoth),
    [2, 2, 2, undefined],
  )
  assert.ok(Math.abs((found[0]?.toNext?.seconds ?? NaN) - 15) < 0.02)
})
