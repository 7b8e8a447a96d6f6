import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { lagOf } from '../scene/lag.ts'
import { codecNames } from '../scene/phone-channel.ts'
import { noiseFrom } from '../scene/random.ts'
import { ownTime } from '../scene/scene.ts'
import type { Waypoint } from '../scene/scene.ts'
import { decodeSound } from '../scene/sound-files.ts'
import type { SoundTruth } from '../scene/sound-scene-truth.ts'
import type { RecordingPhone } from './phone/phone.ts'
import { physicalScene } from './physical-scene.ts'
import type { PhysicalScene } from './physical-scene.ts'
import { placeKinds } from './place/place.ts'
import { shots } from './place/things.ts'
import { renderPhysicalScene } from './render.ts'
import { lowPass } from './signal/filters.ts'
import { atLevel, silence, whiteNoise } from './signal/samples.ts'
import { soundLibrary } from './sounds/library.ts'
import { writePhysicalScene } from './write.ts'

const decodedHz = 8000

/** Phones that add nothing of their own hear one source in the open that never repeats. */
function oneSource(
  source: readonly Waypoint[],
  phones: readonly Partial<RecordingPhone>[],
): PhysicalScene {
  const scene = physicalScene(3, { level: 'plain', durationSeconds: 12, phones: 1, unrelated: 0 })
  const sound = (): Float32Array => {
    const random = noiseFrom(5)
    return atLevel(lowPass(whiteNoise(random, 14), 3000), 95)
  }
  const place = {
    ...scene.places[0]!,
    images: [],
    reverberation: { seconds: 0.3, cutHz: 3000, criticalMetres: 1e6, reachMetres: 50 },
    sources: [
      {
        id: 'source',
        path: source,
        heightMetres: 1.5,
        emissions: () => [{ atSeconds: -1, samples: sound(), gain: 1 }],
      },
    ],
  }
  const plain = {
    ...scene.phones[0]!,
    startSeconds: 0,
    durationSeconds: 11,
    rate: 1,
    snrDecibels: 20,
    codec: 'pcm-48k',
    directShare: 1,
    microphone: { lowCutHz: 50, highCutHz: 8000, peaks: [], noiseCutHz: 800 },
    wind: 0,
    handledPerMinute: 0,
    hasTalker: false,
    gainControl: undefined,
    noiseSuppression: undefined,
    headroomDecibels: 26,
    muffled: [],
    gaps: [],
    heightMetres: 1.5,
    path: [at(0, 12, 5)],
  } as const
  return {
    ...scene,
    places: [place],
    phones: phones.map((phone, index) => ({ ...plain, id: `phone-${index}`, ...phone })),
  }
}

function at(atSeconds: number, xMetres: number, yMetres: number): Waypoint {
  return { atSeconds, xMetres, yMetres }
}

async function written(
  scene: PhysicalScene,
  check: (truth: SoundTruth, sounds: ReadonlyMap<string, Float32Array>) => void,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'sightline-physical-'))
  try {
    const truth = await writePhysicalScene(scene, folder)
    const sounds = new Map<string, Float32Array>()
    for (const { id, file } of truth.recordings) {
      sounds.set(id, await decodeSound(join(folder, file), decodedHz))
    }
    check(truth, sounds)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Of b's sound after a's around a scene time, by the two files, less what the truth says. */
function errorAround(
  truth: SoundTruth,
  sounds: ReadonlyMap<string, Float32Array>,
  { a, b, moments }: SoundTruth['pairs'][number],
  moment: 0 | 1 | 2,
  seconds: number,
): number {
  const [one, other] = [a, b].map((id) =>
    truth.recordings.find((recording) => recording.id === id)!,
  )
  const { atSeconds, travelSeconds } = moments[moment]
  assert.equal(travelSeconds.length, 1)
  const middles = [one!, other!].map((recording) => ownTime(recording, atSeconds))
  const starts = middles.map((middle) => Math.round((middle - seconds / 2) * decodedHz))
  const [early, late] = [a, b].map((id, index) => {
    const start = Math.max(0, starts[index]!)
    return sounds.get(id)!.subarray(start, start + Math.round(seconds * decodedHz))
  })
  const lag = lagOf(early!, late!, decodedHz)
  const cut = [0, 1].map((index) => Math.max(0, starts[index]!) / decodedHz)
  return lag - (cut[0]! - middles[0]! - (cut[1]! - middles[1]!)) - travelSeconds[0]!
}

test('by every codec, what two files have in common lies where the truth says', async () => {
  const phones = codecNames.map((codec, index) => ({
    codec,
    startSeconds: 0.004 * index,
    path: [at(0, 12 - 1.5 * index, 5 + index)],
  }))
  await written(oneSource([at(0, 0, 0)], phones), (truth, sounds) => {
    const withFirst = truth.pairs.filter(({ a }) => a === 'phone-0')
    assert.equal(withFirst.length, codecNames.length - 1)
    for (const pair of withFirst) {
      const error = errorAround(truth, sounds, pair, 1, 6)
      const codec = truth.recordings.find(({ id }) => id === pair.b)!.codec
      assert.ok(Math.abs(error) < 0.0003, `${codec}: ${(1e3 * error).toFixed(3)} ms`)
    }
  })
})

test('a clock that drifts, a phone that walks and a source that drives are where the truth says', async () => {
  const phones = [
    {},
    { rate: 1 + 300e-6, path: [at(0, -10, 3)] },
    { path: [at(0, -18, -4), at(12, -1.2, -4)] },
    // Short ones, so that the middle of an overlap is early or late, too.
    { durationSeconds: 5.2 },
    { startSeconds: 5.7, durationSeconds: 5.2, path: [at(0, 2, 9)] },
  ]
  const driving = [at(-1, -40, -60), at(13, 100, -60)]
  const standing = [at(0, 0, 0)]
  for (const path of [standing, driving]) {
    await written(oneSource(path, phones), (truth, sounds) => {
      assert.equal(truth.pairs.length, 9)
      for (const pair of truth.pairs) {
        // lagOf leaves 100 ms out at both ends: 40 ms, in which what moves goes less than half a metre.
        const error = errorAround(truth, sounds, pair, 1, 0.24)
        assert.ok(Math.abs(error) < 0.0003, `${pair.a} ${pair.b}: ${(1e3 * error).toFixed(3)} ms`)
      }
    })
  }
})

test('a physical scene is the same for the same seed, to the last sample, and another for another', () => {
  const options = { kind: 'night', durationSeconds: 15, phones: 2, unrelated: 1 } as const
  const [one, again, other] = [7, 7, 8].map((seed) => physicalScene(seed, options))
  const sounds = [one, again, other].map((scene) => renderPhysicalScene(scene!).sounds)
  assert.deepEqual(one!.phones, again!.phones)
  assert.deepEqual(sounds[0], sounds[1])
  assert.notDeepEqual(sounds[0], sounds[2])
})

test('at every kind of place each phone hears something and stays within full scale', () => {
  for (const kind of placeKinds) {
    const options = { kind, durationSeconds: 12, phones: 1, unrelated: 0 }
    for (const [id, sound] of renderPhysicalScene(physicalScene(2, options)).sounds) {
      assert.ok(
        sound.some((sample) => Math.abs(sample) > 0.003),
        `${kind}: ${id} is silent`,
      )
      assert.ok(
        sound.every((sample) => Math.abs(sample) <= 1),
        `${kind}: ${id} is too loud`,
      )
    }
  }
})

test('what repeats in the world is the same wherever it is played, and silence is not of it', () => {
  const [here, there] = [soundLibrary(), soundLibrary()]
  for (const kind of ['chant', 'siren', 'alarm', 'announcement'] as const) {
    assert.deepEqual(here[kind](1), there[kind](1))
    assert.notDeepEqual(here[kind](1), here[kind](2))
    assert.ok(here[kind](1).length > silence(1).length)
  }
})

test('a shot is heard where the truth says, by a phone that walks too', async () => {
  const plain = oneSource(
    [at(0, 0, 0)],
    [{ path: [at(0, 12, 5)] }, { path: [at(0, -30, 4), at(11, -22, 4)] }],
  )
  const making = { durationSeconds: 11, seed: 4 }
  const source = shots(making, 'shots', plain.places[0]!.sources[0]!, [3, 7.5])
  const scene = { ...plain, places: [{ ...plain.places[0]!, sources: [source] }] }
  await written(scene, ({ impulses }, sounds) => {
    assert.deepEqual(
      impulses.map(({ kind, heard }) => [kind, heard.length]),
      [
        ['bang', 2],
        ['bang', 2],
      ],
    )
    for (const { recording, ownSeconds } of impulses.flatMap(({ heard }) => heard)) {
      const sound = sounds.get(recording)!
      const from = Math.round((ownSeconds - 0.5) * decodedHz)
      const level = Math.max(...sound.subarray(from, from + decodedHz).map(Math.abs))
      const first = sound.findIndex(
        (sample, index) => index >= from && Math.abs(sample) > 0.3 * level,
      )
      const off = first / decodedHz - ownSeconds
      // A bullet's crack may come up to 15 ms before the blast.
      assert.ok(off > -0.017 && off < 0.003, `${recording}: ${off} s`)
    }
  })
})
