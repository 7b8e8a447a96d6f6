import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { editRecording, writeEdits } from './edited-recording.ts'
import { lagOf } from './lag.ts'
import { highPass, lowPass } from './microphone.ts'
import { codec, codecNames } from './phone-channel.ts'
import { randomFrom } from './random.ts'
import { sceneTime } from './scene.ts'
import { decodeSound, encodeSound, writeSoundScene } from './sound-files.ts'
import { soundScene } from './sound-scene.ts'
import type { SoundPhone, SoundScene } from './sound-scene.ts'
import { renderSoundPhone } from './sound-scene-render.ts'
import { soundSceneRateHz, talker } from './sound-scene-sources.ts'
import type { Emitter } from './sound-scene-sources.ts'
import { truePairs } from './sound-scene-truth.ts'
import type { TrueSoundRecording } from './sound-scene-truth.ts'

async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'sightline-scene-'))
  try {
    await work(folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

const short = { durationSeconds: 30, phones: 2, unrelated: 1, unrelatedSeconds: [8, 12] } as const

/** One source in the open and two phones, 30 m apart, that add nothing of their own. */
function oneSource(kind: Emitter['kind'], phone: Partial<SoundPhone> = {}): SoundScene {
  const scene = soundScene(4, { durationSeconds: 60, phones: 2, unrelated: 0, difficulty: 1 })
  const emitter = scene.places[0]!.emitters.find((one) => one.kind === kind)!
  const heard = { ...emitter, atSeconds: kind === 'shout' ? 4 : 0 }
  return {
    ...scene,
    places: [{ ...scene.places[0]!, emitters: [heard], walls: [], diffuseShare: 0 }],
    phones: scene.phones.map((one, index) => ({
      ...one,
      position: { xMetres: index === 0 ? 12 : -18, yMetres: 5 },
      startSeconds: 0.02 * index,
      endSeconds: 12,
      rate: 1,
      snrDecibels: 60,
      loudness: 0.02,
      nearTalker: undefined,
      microphone: {
        ...one.microphone,
        lowCutHz: 60,
        highCutHz: 7000,
        gainControl: { kind: 'none' },
        windLevel: 0,
        handling: [],
      },
      ...phone,
    })),
  }
}

function recordingOf(phone: SoundPhone): TrueSoundRecording {
  const { id, place, startSeconds, endSeconds, rate, position, snrDecibels, codec: name } = phone
  const durationSeconds = (endSeconds - startSeconds) / rate
  const file = `${id}.wav`
  const facts = { id, file, place, startSeconds, rate, durationSeconds, position, snrDecibels }
  return { ...facts, codec: name, sampleRateHz: 16000 }
}

test('a sound scene is the same for the same seed, to the last sample, and another for another', () => {
  const [one, again, other] = [7, 7, 8].map((seed) => soundScene(seed, short))
  const sounds = [one, again, other].map((scene) =>
    scene!.phones.map((phone) => renderSoundPhone(scene!, phone)),
  )
  assert.deepEqual(one!.phones, again!.phones)
  assert.deepEqual(sounds[0], sounds[1])
  assert.notDeepEqual(sounds[0], sounds[2])
  for (const sound of sounds[0]!) {
    assert.ok(sound.some((sample) => Math.abs(sample) > 0.01))
    assert.ok(sound.every((sample) => Math.abs(sample) <= 1))
  }
})

test("every codec's own time 0 is where the truth has it, within 0.3 ms", async () => {
  await inFolder(async (folder) => {
    const random = randomFrom(3)
    const sound = talker(21, 1.6).map((sample) => 0.1 * sample + 0.004 * (random.next() - 0.5))
    for (const name of codecNames) {
      const path = join(folder, `${name}.${codec(name).ending}`)
      await encodeSound(sound, name, path)
      const decoded = await decodeSound(path, soundSceneRateHz)
      const off = lagOf(sound, decoded, soundSceneRateHz) - codec(name).delaySeconds
      assert.ok(Math.abs(off) < 3e-4, `${name} is ${(1000 * off).toFixed(3)} ms off`)
    }
  })
})

test('one source is heard as far apart as the truth of the pair says', () => {
  for (const kind of ['babble', 'shout'] as const) {
    const scene = oneSource(kind)
    const [a, b] = scene.phones
    const [inA, inB] = [a!, b!].map((phone) =>
      renderSoundPhone(scene, phone).subarray(3 * soundSceneRateHz, 6 * soundSceneRateHz),
    )
    const lag = lagOf(inA!, inB!, soundSceneRateHz)
    const [pair] = truePairs(scene, [recordingOf(a!), recordingOf(b!)])
    const heard = lag + b!.startSeconds - a!.startSeconds
    for (const { minimumSeconds, maximumSeconds, travelSeconds } of pair!.moments) {
      assert.deepEqual(travelSeconds, [minimumSeconds])
      assert.equal(minimumSeconds, maximumSeconds)
      assert.ok(Math.abs(heard - minimumSeconds) < 5e-5, `${kind}: ${heard}, ${minimumSeconds}`)
    }
  }
})

test("a phone's clock runs at the rate that the truth gives it", () => {
  const scene = oneSource('babble')
  const steady = { ...scene.phones[0]!, rate: 1 }
  const sound = renderSoundPhone(scene, steady)
  const drifting = renderSoundPhone(scene, { ...steady, rate: 1 + 3e-4 })
  // With a faster rate the same sound comes at an earlier own time, by 3 ms in 10 s.
  for (const at of [1, 5, 9]) {
    const [from, to] = [at * soundSceneRateHz, (at + 0.5) * soundSceneRateHz]
    const lag = lagOf(sound.slice(from, to), drifting.slice(from, to), soundSceneRateHz)
    assert.ok(Math.abs(lag + 3e-4 * (at + 0.25)) < 5e-5, `${lag} at ${at} s`)
  }
})

test('the signal to noise ratio is what the phone says', () => {
  const heard = (snrDecibels: number): Float32Array => {
    const scene = oneSource('babble', { snrDecibels })
    const sound = renderSoundPhone(scene, scene.phones[0]!)
    highPass(sound, 200 / soundSceneRateHz)
    lowPass(sound, 3700 / soundSceneRateHz)
    return sound
  }
  const clean = heard(60)
  const dot = (a: Float32Array, b: Float32Array): number =>
    a.reduce((sum, sample, index) => sum + sample * b[index]!, 0)
  for (const wanted of [-10, 0, 10]) {
    const noisy = heard(wanted)
    const likeness = dot(clean, noisy) ** 2 / (dot(clean, clean) * dot(noisy, noisy))
    const measured = 10 * Math.log10(likeness / (1 - likeness))
    assert.ok(Math.abs(measured - wanted) < 2, `${measured.toFixed(1)} dB for ${wanted}`)
  }
})

test('strangers hear the same songs and sirens, and share no pair', () => {
  const scenes = [1, 2, 3, 4].map((seed) =>
    soundScene(seed, { difficulty: 4, durationSeconds: 200 }),
  )
  const loops = (scene: SoundScene, ofIncident: boolean): string[] =>
    scene.places
      .filter(({ id }) => (id === 'incident') === ofIncident)
      .flatMap(({ emitters }) => emitters.filter(({ repeats }) => repeats))
      .map((emitter) => `${emitter.kind} ${emitter.signal().slice(0, 4000).join()}`)
  for (const scene of scenes) {
    const incident = new Set(loops(scene, true))
    assert.ok(
      loops(scene, false).some((loop) => incident.has(loop)),
      `seed ${scene.seed}`,
    )
    const pairs = truePairs(scene, scene.phones.map(recordingOf))
    assert.ok(pairs.length > 0)
    assert.ok(pairs.every(({ a, b }) => a.startsWith('phone') && b.startsWith('phone')))
  }
})

test('hard scenes hold long, short and missing overlaps, each in the truth if it lasts 5 s', () => {
  const shared: number[] = []
  for (let seed = 1; seed <= 10; seed++) {
    const { phones, ...scene } = soundScene(seed, { difficulty: 4, unrelated: 0 })
    const pairs = truePairs({ ...scene, phones }, phones.map(recordingOf))
    phones.forEach((a, index) => {
      for (const b of phones.slice(index + 1)) {
        const seconds =
          Math.min(a.endSeconds, b.endSeconds) - Math.max(a.startSeconds, b.startSeconds)
        const pair = pairs.find((known) => known.a === a.id && known.b === b.id)
        assert.equal(pair !== undefined, seconds >= 5)
        if (pair !== undefined)
          assert.ok(Math.abs(pair.toSeconds - pair.fromSeconds - seconds) < 1e-6)
        shared.push(seconds)
      }
    })
  }
  const share = (keep: (seconds: number) => boolean): number =>
    shared.filter(keep).length / shared.length
  assert.ok(share((seconds) => seconds >= 5 && seconds < 20) > 0.05)
  assert.ok(share((seconds) => seconds >= 60) > 0.2)
  assert.ok(share((seconds) => seconds < 0) > 0.15)
})

test('an edited recording holds what the truth of its pieces says, in order, without gaps of 2 s', () => {
  const original = talker(5, 70)
  const recording = { startSeconds: 100, rate: 1.0002 }
  for (let cuts = 1; cuts <= 6; cuts++) {
    const { samples, pieces } = editRecording(original, recording, cuts, randomFrom(cuts))
    assert.equal(pieces.length, cuts + 1)
    pieces.forEach((piece, index) => {
      assert.ok(piece.toSeconds - piece.fromSeconds > 4.999)
      for (const own of [piece.fromSeconds, piece.toSeconds - 1 / soundSceneRateHz]) {
        const from = (sceneTime(piece, own) - recording.startSeconds) / recording.rate
        const place = Math.round(own * soundSceneRateHz)
        assert.equal(samples[place], original[Math.round(from * soundSceneRateHz)])
      }
      const next = pieces[index + 1]
      if (next !== undefined) assert.ok(next.startSeconds - piece.startSeconds > 1.999)
    })
  }
})

test('uploads of the same recording again lie where the truth has them', async () => {
  await inFolder(async (folder) => {
    const scene = soundScene(11, { ...short, difficulty: 2 })
    const truth = await writeSoundScene(scene, folder)
    const edits = { seed: 5, edits: 2, reuploads: 1, instead: false }
    const { recordings } = await writeEdits(scene, truth, folder, edits)
    const derived = recordings.filter((recording) => recording.of !== undefined)
    assert.equal(derived.length, 3)
    for (const recording of derived) {
      const original = recordings.find(({ id }) => id === recording.of)!
      const sound = await decodeSound(join(folder, original.file), soundSceneRateHz)
      const again = await decodeSound(join(folder, recording.file), soundSceneRateHz)
      const whole = { ...recording, fromSeconds: 0, toSeconds: recording.durationSeconds }
      for (const piece of recording.pieces ?? [whole]) {
        // Two seconds from the middle of the piece, found in the original.
        const own = Math.round(((piece.fromSeconds + piece.toSeconds) / 2 - 1) * soundSceneRateHz)
        const there =
          (sceneTime(piece, own / soundSceneRateHz) - original.startSeconds) / original.rate
        const at = Math.round(there * soundSceneRateHz)
        const off =
          lagOf(
            sound.slice(at, at + 2 * soundSceneRateHz),
            again.slice(own, own + 2 * soundSceneRateHz),
            soundSceneRateHz,
          ) +
          (at / soundSceneRateHz - there)
        assert.ok(Math.abs(off) < 3e-4, `${recording.id}: ${(1000 * off).toFixed(3)} ms`)
      }
    }
  })
})

test('a bang stands in both files where the truth says', async () => {
  await inFolder(async (folder) => {
    const scene = oneSource('babble')
    const bang = soundScene(4, { difficulty: 1 }).places[0]!.emitters.find(
      ({ kind }) => kind === 'bang',
    )!
    const place = { ...scene.places[0]!, emitters: [{ ...bang, atSeconds: 5 }] }
    const at = { ...scene, places: [place] }
    const { recordings, impulses } = await writeSoundScene(at, folder)
    assert.deepEqual(
      impulses.map(({ kind, heard }) => [kind, heard.length]),
      [['bang', 2]],
    )
    for (const { recording, ownSeconds } of impulses[0]!.heard) {
      const { file } = recordings.find(({ id }) => id === recording)!
      const sound = await decodeSound(join(folder, file), 8000)
      const level = Math.max(...sound.map(Math.abs))
      const first = sound.findIndex((sample) => Math.abs(sample) > 0.3 * level)
      const off = first / 8000 - ownSeconds
      assert.ok(Math.abs(off) < 0.003, `${recording}: ${off} s`)
    }
  })
})
