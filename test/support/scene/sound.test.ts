import assert from 'node:assert/strict'
import { test } from 'node:test'
import { randomScene } from './scene.ts'
import type { Microphone, Phone, Scene, SoundSource } from './scene.ts'
import { renderSound, resampleTo8k } from './sound.ts'
import { acousticOffsetRange, arrivalTime, soundMetresPerSecond } from './travel.ts'

const quiet: Microphone = {
  sampleRateHz: 48000,
  startSeconds: 0,
  noiseLevel: 1e-5,
  ambienceLevel: 0,
  lowCutHz: 50,
  highCutHz: 12000,
  gain: 1,
  gainControl: { kind: 'none' },
  windLevel: 0,
  handling: [],
}

/** One bang in the open, heard by two phones; more sounds and other microphones as given. */
function twoPhones(sound: Partial<SoundSource> = {}, microphone: Partial<Microphone> = {}): Scene {
  const base = randomScene(1, { phones: 2, unrelated: 0, durationSeconds: 4 })
  const phones = base.phones.map((phone, index): Phone => {
    const nearby = { ...phone, startSeconds: 0.25 * index, endSeconds: 4, rate: 1 - 8e-5 * index }
    return {
      ...nearby,
      position: { xMetres: index === 0 ? 10 : -75, yMetres: 4 },
      microphone: { ...quiet, sampleRateHz: index === 0 ? 48000 : 44100, ...microphone },
    }
  })
  return {
    ...base,
    places: base.places.map((place) => ({ ...place, walls: [] })),
    phones,
    sounds: [
      {
        id: 'bang',
        place: 'street',
        kind: 'bang',
        level: 5,
        seed: 9,
        atSeconds: 1.5,
        durationSeconds: 0.3,
        path: [{ atSeconds: 0, xMetres: 2, yMetres: -1 }],
        ...sound,
      },
    ],
  }
}

/** Own time of the first sample above a third of the loudest. */
function onsetSeconds(samples: Float32Array, rateHz: number): number {
  const loudest = samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0)
  return samples.findIndex((sample) => Math.abs(sample) > loudest / 3) / rateHz
}

/** The lag of b behind a, in seconds, at which the two agree best. */
function bestLagSeconds(a: Float32Array, b: Float32Array, rateHz: number, reach: number): number {
  let best = { lag: 0, sum: -Infinity }
  for (let lag = -reach; lag <= reach; lag++) {
    let sum = 0
    for (let index = Math.max(0, -lag); index < a.length && index + lag < b.length; index++) {
      sum += a[index]! * b[index + lag]!
    }
    if (sum > best.sum) best = { lag, sum }
  }
  return best.lag / rateHz
}

function phonesOf(scene: Scene): [Phone, Phone] {
  const [a, b] = scene.phones
  assert.ok(a && b)
  return [a, b]
}

test('a bang reaches each phone after its distance at 343 m/s, on that phone’s own clock', () => {
  const scene = twoPhones()
  const [bang] = scene.sounds
  assert.ok(bang)
  for (const phone of phonesOf(scene)) {
    const rateHz = phone.microphone.sampleRateHz
    const arrival = arrivalTime(bang.path, phone.position, bang.atSeconds)
    const expected = (arrival - phone.startSeconds) / phone.rate
    const heard = onsetSeconds(renderSound(scene, phone), rateHz)
    assert.ok(Math.abs(heard - expected) < 0.0003, `${heard} against ${expected}`)
  }
})

test('two phones cross-correlated at 8 kHz lie apart by their starts and the difference in travel', () => {
  const scene = twoPhones()
  const [a, b] = phonesOf(scene)
  const [soundA, soundB] = [a, b].map((phone) =>
    resampleTo8k(renderSound(scene, phone), phone.microphone.sampleRateHz),
  )
  const distances = [a, b].map((phone) => Math.hypot(phone.position.xMetres - 2, 5))
  const travel = (distances[1]! - distances[0]!) / soundMetresPerSecond
  const expected = travel - 0.25
  const lag = bestLagSeconds(soundA!, soundB!, 8000, 8000)
  assert.ok(Math.abs(lag - expected) < 0.0005, `${lag} against ${expected}`)
  const range = acousticOffsetRange(scene, a.id, b.id)
  assert.equal(range.trueSeconds, 0.25)
  assert.ok(-lag > range.minimumSeconds - 0.001 && -lag < range.maximumSeconds + 0.001)
})

test('a source that comes nearer is heard higher than one that stands', () => {
  const moving = [
    { atSeconds: 0, xMetres: -75, yMetres: 300 },
    { atSeconds: 4, xMetres: -75, yMetres: 180 },
  ]
  const siren = { kind: 'siren', atSeconds: 0, durationSeconds: 4, level: 40 } as const
  // The whole wail, as its pitch goes up and down: so many waves in the time in which it is heard.
  const crossings = [moving, moving.slice(1)].map((path) => {
    const scene = twoPhones({ ...siren, path })
    const sound = renderSound(scene, phonesOf(scene)[1])
    const isWave = (sample: number, index: number) => sample > 0 && (sound[index - 1] ?? 0) <= 0
    const waves = [...sound].flatMap((sample, index) => (isWave(sample, index) ? [index] : []))
    return (44100 * waves.length) / (waves.at(-1)! - waves[0]!)
  })
  assert.ok(crossings[0]! > 1.04 * crossings[1]!, `${crossings[0]} against ${crossings[1]}`)
})

test('the same seed gives the same samples, another seed others', () => {
  const first = randomScene(5, { durationSeconds: 6 })
  const again = randomScene(5, { durationSeconds: 6 })
  const other = randomScene(6, { durationSeconds: 6 })
  assert.deepEqual(first, again)
  assert.deepEqual(renderSound(first, first.phones[0]!), renderSound(again, again.phones[0]!))
  assert.notDeepEqual(renderSound(first, first.phones[0]!), renderSound(other, other.phones[0]!))
})

test('before the microphone starts there is exact silence, and nothing passes full scale', () => {
  const scene = twoPhones({ level: 5000 }, { startSeconds: 0.5, gain: 4 })
  const [phone] = phonesOf(scene)
  const sound = renderSound(scene, phone)
  assert.ok(sound.subarray(0, 24000).every((sample) => sample === 0))
  assert.ok(sound.subarray(24000, 24400).some((sample) => sample !== 0))
  assert.equal(
    sound.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0),
    1,
  )
})

test('a phone elsewhere hears nothing of the incident', () => {
  const scene = randomScene(8, { phones: 2, durationSeconds: 6 })
  const stranger = scene.phones.at(-1)!
  const without = { ...scene, sounds: scene.sounds.filter((source) => source.place !== 'street') }
  assert.notEqual(without.sounds.length, scene.sounds.length)
  assert.deepEqual(renderSound(scene, stranger), renderSound(without, stranger))
})

test('resampling to 8 kHz keeps 1 kHz in place and removes 6 kHz', () => {
  for (const rateHz of [44100, 48000]) {
    const tone = (hertz: number): Float32Array =>
      Float32Array.from({ length: rateHz }, (_, index) =>
        Math.sin((2 * Math.PI * hertz * index) / rateHz),
      )
    const kept = resampleTo8k(tone(1000), rateHz)
    assert.equal(kept.length, 8000)
    for (let index = 200; index < 7800; index++) {
      assert.ok(Math.abs(kept[index]! - Math.sin((2 * Math.PI * 1000 * index) / 8000)) < 0.001)
    }
    const removed = resampleTo8k(tone(6000), rateHz).subarray(200, 7800)
    assert.ok(removed.every((sample) => Math.abs(sample) < 0.001))
  }
})
