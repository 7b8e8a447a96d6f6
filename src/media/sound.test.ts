import assert from 'node:assert/strict'
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { after, test } from 'node:test'
import { clicks, ffmpeg, makeRecording, samplesOf, temporaryFolder } from './fixture.ts'
import { probeRecording } from './probe.ts'
import { sniffFile } from './sniff.ts'
import { decodeSound8k, hearRecording } from './sound.ts'

const folder = temporaryFolder()
after(() => rmSync(folder, { recursive: true, force: true }))
const sounds = path.join(folder, 'sounds')
mkdirSync(sounds)

/** A file of 4 s of clicks, and what `words` add to or take from it. */
function made(name: string, words: string, ...more: readonly string[]): string {
  const file = path.join(folder, name)
  ffmpeg(['-f', 'lavfi', '-t', '4', '-i', clicks, ...words.split(' '), ...more, file])
  return file
}

const picture = '-f lavfi -i color=s=64x64:r=10:d=4'
const late = () => made('late.mov', `-itsoffset 0.7 ${picture} -c:a pcm_s16le`)
const plain = () => made('plain.mp4', `${picture} -c:a aac`)

async function hear(file: string) {
  const sniffed = await sniffFile(file)
  assert.equal(sniffed.kind, 'recording', file)
  return hearRecording(file, sniffed.container, sounds)
}

async function probeAndDecode(file: string) {
  const sniffed = await sniffFile(file)
  assert.equal(sniffed.kind, 'recording', file)
  const { facts } = await probeRecording(file, sniffed)
  assert.equal(facts.kind, 'recording', file)
  return { facts, sound: await decodeSound8k(file, facts, sounds) }
}

test('a plain file is heard without a probe, and as with one: sound, beginning, end, date', async () => {
  const date = ['-metadata', 'creation_time=2026-06-07T17:02:11Z']
  for (const file of [
    plain(),
    late(),
    made('dated.mp4', `${picture} -c:a aac`, ...date),
    made('apple.mov', '-c:a aac -movflags use_metadata_tags', ...date, '-metadata', apple),
    made('gap.mkv', `${picture} -c:a pcm_s16le -af aselect=not(between(t\\,0.5\\,1.5))`),
    made('stream.ts', `${picture} -c:a aac`),
    made('offset.ts', `${picture} -c:a aac -output_ts_offset 30`),
    made('plain.webm', `${picture} -c:v libvpx-vp9 -c:a libopus`),
    made('plain.mp3', '-c:a libmp3lame'),
    made('plain.wav', '-c:a pcm_u8 -ar 8000'),
    made('plain.ogg', '-c:a libvorbis'),
    made('plain.flac', '-c:a flac'),
    made('plain.aac', '-c:a aac'),
    made('plain.gsm', '-c:a libgsm -ar 8000'),
    made('plain.spx', '-c:a libspeex -ar 16000'),
    made('plain.avi', `${picture} -c:v mpeg4 -c:a mp3`),
  ]) {
    const heard = await hear(file)
    assert.ok(heard, `${file} is not heard`)
    const { facts, sound } = await probeAndDecode(file)
    assert.deepEqual(samplesOf(heard.sound), samplesOf(sound), file)
    assert.equal(heard.containerTime, facts.containerTime, file)
    assert.ok(Math.abs(heard.endSeconds - facts.scannedDurationSeconds) < 0.1, file)
    const starts = [facts.sound?.startSeconds ?? NaN, facts.video?.frames.ticks[0] ?? Infinity]
    starts[1]! /= facts.video?.frames.timescale ?? 1
    assert.ok(Math.abs(heard.startSeconds - Math.min(...starts)) < 0.1, file)
  }
})

const apple = 'com.apple.quicktime.creationdate=2026-06-07T17:02:05+0200'

test('what is odd about a file is left to the probe', async () => {
  const short = made('short.mp4', '-f lavfi -i color=s=64x64:r=10:d=8 -c:a aac')
  const streams = Array.from({ length: 65 }, () => ['-map', '0:a']).flat()
  const many = made('many.mkv', '-c:a pcm_u8 -ar 8000', ...streams)
  const far = made('far.ts', '-c:a aac -output_ts_offset 50000')
  const foreign = made('foreign.mkv', '-c:a wavpack')
  const early = made('early.ts', '-c:a mp2 -muxdelay 0 -output_ts_offset 95441.7176')
  const mute = path.join(folder, 'mute.mp4')
  ffmpeg([...picture.split(' '), mute])
  const hidden = path.join(folder, 'hidden.mp4')
  const whole = readFileSync(plain())
  writeFileSync(hidden, Buffer.from(whole.toString('latin1').replace('mp4a', 'enca'), 'latin1'))
  const cut = path.join(folder, 'cut.mp4')
  const front = readFileSync(made('front.mp4', `${picture} -c:a aac -movflags +faststart`))
  writeFileSync(cut, front.subarray(0, Math.round(front.length * 0.6)))
  for (const file of [short, many, far, foreign, early, mute, hidden, cut]) {
    assert.equal(await hear(file), undefined, file)
  }
})

test('a declared duration of a thousand million seconds is not believed', async () => {
  const { path: file } = await makeRecording(folder, {
    name: 'liar.webm',
    frames: 30,
    framesPerSecond: 30,
    videoArguments: ['-c:v', 'libvpx'],
    soundArguments: ['-c:a', 'libopus'],
    outputArguments: [],
  })
  assert.ok(await hear(file))
  const bytes = readFileSync(file)
  // Matroska's Duration: id 4489, eight bytes of floating point, in milliseconds.
  bytes.writeDoubleBE(1e12, bytes.indexOf(Buffer.from([0x44, 0x89, 0x88])) + 3)
  writeFileSync(file, bytes)
  assert.equal(await hear(file), undefined)
})

test('sound of −70 dB keeps its form, sound above full scale its tops', async () => {
  const tone = (name: string, level: number) => {
    const file = path.join(folder, name)
    const source = `aevalsrc=${level}*sin(2*PI*440*t)*sin(t):s=8000:d=3`
    ffmpeg(['-f', 'lavfi', '-i', source, '-c:a', 'pcm_f32le', file])
    return file
  }
  for (const level of [10 ** (-70 / 20), 10 ** (-100 / 20), 0.5, 1.5]) {
    const heard = await hear(tone(`level-${level}.wav`, level))
    assert.ok(heard)
    const samples = samplesOf(heard.sound)
    let [error, loudest] = [0, 0]
    for (const [index, sample] of samples.entries()) {
      const time = index / 8000
      const expected = level * Math.sin(2 * Math.PI * 440 * time) * Math.sin(time)
      error = Math.max(error, Math.abs(sample - expected))
      loudest = Math.max(loudest, Math.abs(sample))
    }
    assert.ok(error < level * 0.003, `${level}: off by ${error / level}`)
    assert.ok(loudest > level * 0.99)
  }
})

test('sound outside what was recorded is silence', async () => {
  const heard = await hear(plain())
  assert.ok(heard)
  const all = samplesOf(heard.sound)
  const around = new Float32Array(all.length + 20).fill(1)
  heard.sound.read(-10, around)
  assert.deepEqual(around.subarray(10, -10), all)
  assert.ok([...around.subarray(0, 10), ...around.subarray(-10)].every((sample) => sample === 0))
  const beyond = new Float32Array(5).fill(1)
  heard.sound.read(all.length + 3, beyond)
  assert.deepEqual(beyond, new Float32Array(5))
  const { wholes } = heard.sound
  const [floats, stored] = [new Float32Array(300), new Int16Array(300)]
  for (const from of [-100, 0, 31_900, 32_500]) {
    heard.sound.read(from, floats)
    wholes.read(from, stored)
    assert.deepEqual(
      Float32Array.from(stored, (whole) => whole * wholes.scale),
      floats,
    )
  }
})

test('decoded sound has no name on the disk, and cannot be read once it is closed', async () => {
  const heard = await hear(plain())
  assert.ok(heard)
  assert.deepEqual(readdirSync(sounds), [])
  assert.ok(samplesOf(heard.sound).some((sample) => sample !== 0))
  heard.sound.close()
  heard.sound.close()
  assert.throws(() => samplesOf(heard.sound))
})

test('a folder that is not there is trouble of this machine, not of the file', async () => {
  const nowhere = path.join(folder, 'nowhere')
  await assert.rejects(hearRecording(plain(), 'mov', nowhere), { code: 'folder-unusable' })
})

test('samples that are no numbers are silence, whatever the sample rate', async () => {
  for (const sampleRateHz of [8000, 48_000]) {
    const file = path.join(folder, `not-a-number-${sampleRateHz}.wav`)
    const source = `aevalsrc=0.3*sin(2*PI*440*t):s=${sampleRateHz}:d=3`
    ffmpeg(['-f', 'lavfi', '-i', source, '-c:a', 'pcm_f32le', file])
    const bytes = readFileSync(file)
    const samples = bytes.indexOf('data') + 8
    for (const [second, value] of [NaN, Infinity].entries()) {
      bytes.writeFloatLE(value, samples + 4 * (second + 1) * sampleRateHz)
    }
    writeFileSync(file, bytes)
    const heard = await hear(file)
    assert.ok(heard)
    const all = samplesOf(heard.sound)
    assert.deepEqual([all[8000], all[16_000]], [0, 0])
    assert.ok(all.every((sample) => Math.abs(sample) < 0.31))
    // The resampler's filter is 4 ms long.
    const error = all.map((sample, at) =>
      Math.abs(
        at % 8000 < 20 || at % 8000 > 7980 ? 0 : sample - 0.3 * Math.sin(0.11 * Math.PI * at),
      ),
    )
    assert.ok(Math.max(...error.subarray(20, -20)) < 0.001)
  }
})
