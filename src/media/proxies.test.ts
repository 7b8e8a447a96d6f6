import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { after, test } from 'node:test'
import {
  clickTimes,
  decodeGray,
  decodeSound,
  ffmpeg,
  frameNumber,
  makeRecording,
  readRecording,
  samplesOf,
  temporaryFolder,
} from './fixture.ts'
import { peaksPerSecond } from './peaks.ts'
import { probeRecording } from './probe.ts'
import { makeProxies, proxyDraft } from './proxies.ts'
import { sniffFile } from './sniff.ts'
import { decodeSound8k } from './sound.ts'

const folder = temporaryFolder()
after(() => rmSync(folder, { recursive: true, force: true }))

const item = 'a'.repeat(64)

async function proxiesOf(source: Awaited<ReturnType<typeof readRecording>>, name: string) {
  const output = path.join(folder, name)
  mkdirSync(output)
  return makeProxies(source.path, item, source.facts, output)
}

const uneven = 'PTS+if(eq(mod(N,3),1),700,0)+if(gte(N,40),9000,0)+0.5/TB'

test('proxies keep every frame, upright, at its own time, and sound at its own', async () => {
  const fixtures = [
    await makeRecording(folder, {
      name: 'turned.mp4',
      frames: 60,
      framesPerSecond: 30,
      times: uneven,
      rotation: 90,
    }),
    await makeRecording(folder, {
      name: 'stream.ts',
      frames: 60,
      framesPerSecond: 30,
      outputArguments: [],
    }),
    await makeRecording(folder, {
      name: 'vp8.webm',
      frames: 60,
      framesPerSecond: 30,
      times: uneven,
      videoArguments: '-c:v libvpx -auto-alt-ref 1 -lag-in-frames 16 -arnr-maxframes 5'.split(' '),
      soundArguments: ['-c:a', 'libvorbis'],
      outputArguments: [],
    }),
  ]
  for (const fixture of fixtures) {
    const name = path.basename(fixture.path)
    const { files, findings, peaks } = await proxiesOf(fixture, `of-${name}`)
    assert.deepEqual(findings, [], name)
    const proxy = files.find((file) => file.role === 'stepping')
    assert.ok(proxy)
    const { frames, times, width, height } = decodeGray(proxy.path)
    assert.deepEqual([width, height], [240, 160])
    assert.deepEqual(
      frames.map((frame) => frameNumber(frame, width, { x: 0, y: 0, width, height })),
      fixture.video.frames.ticks.map((_, index) => index),
      name,
    )
    for (const [index, ticks] of fixture.video.frames.ticks.entries()) {
      const own = ticks / fixture.video.frames.timescale
      assert.ok(Math.abs((times[index] ?? 0) - own) < 2e-6, `${name}, frame ${index}`)
    }
    const [inSource, inProxy] = [fixture.path, proxy.path].map((file) =>
      clickTimes(decodeSound(file), 48_000),
    )
    assert.ok(inSource !== undefined && inProxy !== undefined && inSource.length > 0)
    for (const [index, time] of inSource.entries()) {
      assert.ok(Math.abs((inProxy[index] ?? 0) - time) < 0.0011, `${name}: ${time}`)
      const peak = peaks?.slice(2 * Math.round(time * peaksPerSecond - 1)).slice(0, 6) ?? []
      assert.ok(Math.max(...new Int8Array(peak)) > 60, `${name}: no peak at ${time}`)
    }
  }
})

test('a recording larger than the proxies is made smaller by its upright height, and replays to the same bytes', async () => {
  const file = path.join(folder, 'large.mp4')
  ffmpeg(
    '-f lavfi -i testsrc2=s=1920x1080:r=30:d=0.5 -c:v libx264 -preset ultrafast'
      .split(' ')
      .concat(file),
  )
  const source = await readRecording(file)
  const first = await proxiesOf(source, 'large-1')
  const second = await proxiesOf(source, 'large-2')
  assert.deepEqual(
    first.files.map(({ role, path: made }) => [role, path.basename(made)]),
    [
      ['stepping', '720p.mp4'],
      ['grid', '360p.mp4'],
      ['poster', 'poster.jpg'],
    ],
  )
  assert.deepEqual([decodeGray(first.files[1]?.path ?? '').width], [640])
  const hash = (made: string): string =>
    createHash('sha256').update(readFileSync(made)).digest('hex')
  assert.deepEqual(
    first.files.map((made) => hash(made.path)),
    second.files.map((made) => hash(made.path)),
  )
  assert.equal(first.peaks, undefined)
  assert.deepEqual(first.recipe, second.recipe)
})

test('a recording of sound alone becomes one proxy of sound', async () => {
  const file = path.join(folder, 'memo.ogg')
  ffmpeg('-f lavfi -i sine=f=440:d=2 -c:a libopus'.split(' ').concat(file))
  const sniffed = await sniffFile(file)
  assert.equal(sniffed.kind, 'recording')
  const { facts } = await probeRecording(file, sniffed)
  assert.equal(facts.kind, 'recording')
  assert.equal(facts.video, undefined)
  const output = path.join(folder, 'memo')
  mkdirSync(output)
  const { files, peaks } = await makeProxies(file, item, facts, output)
  assert.deepEqual(
    files.map((made) => [made.role, path.basename(made.path)]),
    [['sound', 'sound.m4a']],
  )
  assert.ok(peaks !== undefined && Math.abs(peaks.length / 2 - 200) <= 2)
  assert.deepEqual(proxyDraft(item, facts).parameters.heightsPixels, [])
})

test('frames that cannot be decoded are counted, not hidden', async () => {
  const whole = await makeRecording(folder, {
    name: 'cut.mp4',
    frames: 120,
    framesPerSecond: 30,
    outputArguments: ['-movflags', '+faststart'],
  })
  truncateSync(whole.path, Math.round(readFileSync(whole.path).length * 0.6))
  const cut = await readRecording(whole.path)
  assert.ok(cut.video.frames.ticks.length < 120)
  const { files, findings } = await proxiesOf(cut, 'cut')
  const decoded = decodeGray(files[0]?.path ?? '').frames.length
  const missing = cut.video.frames.ticks.length - decoded
  assert.deepEqual(
    findings.map((finding) => finding.code),
    missing === 0 ? [] : ['undecodable-frames'],
  )
  if (missing > 0) assert.match(findings[0]?.message ?? '', new RegExp(`^${missing} of`))
})

test('sound for alignment starts at own time 0, to the sample, also where the track starts late or has a gap', async () => {
  const late = path.join(folder, 'late-sound.mp4')
  ffmpeg([
    '-f',
    'lavfi',
    '-i',
    'color=s=64x64:r=10:d=4',
    '-itsoffset',
    '0.7',
    '-f',
    'lavfi',
    '-i',
    "aevalsrc='if(between(t,1.3,1.302)+between(t,2.5,2.502),0.9,0)':s=48000:d=3",
    '-c:a',
    'pcm_s16le',
    '-f',
    'mov',
    late,
  ])
  const gap = path.join(folder, 'gap.mkv')
  ffmpeg(
    '-f lavfi -i color=s=64x64:r=10:d=4 -f lavfi -i'
      .split(' ')
      .concat(
        "aevalsrc='if(between(t,2,2.002)+between(t,3.2,3.202),0.9,0)':s=48000:d=4,aselect='not(between(t,0.5,1.5))'",
        '-c:a pcm_s16le'.split(' '),
        gap,
      ),
  )
  const found = await Promise.all(
    [late, gap].map(async (file) =>
      clickTimes(
        samplesOf(await decodeSound8k(file, (await readRecording(file)).facts, folder)),
        8000,
      ),
    ),
  )
  for (const [index, expected] of [
    [2, 3.2],
    [2, 3.2],
  ].entries()) {
    assert.equal(found[index]?.length, 2)
    for (const [click, time] of expected.entries()) {
      assert.ok(
        Math.abs((found[index]?.[click] ?? 0) - time) <= (index === 0 ? 2 / 8000 : 0.001),
        `${index === 0 ? 'late' : 'gap'}: ${found[index]?.[click]}, not ${time}`,
      )
    }
  }
})

test('AMR sound in a 3GP file lies where its packets say, to the sample', async () => {
  // 50 frames of AMR-NB at 12.2 kbit/s, 20 ms each, of arbitrary but fixed bits.
  const frames = Array.from({ length: 50 }, (_, frame) => [
    0x3c,
    ...Array.from({ length: 31 }, (_, index) => (frame * 37 + index * index * 11 + 5) & 0xff),
  ])
  const amr = path.join(folder, 'voice.amr')
  writeFileSync(amr, Buffer.concat([Buffer.from('#!AMR\n'), Buffer.from(frames.flat())]))
  const late = path.join(folder, 'late.3gp')
  ffmpeg(
    `-f lavfi -i color=s=176x144:r=10:d=3 -itsoffset 0.7 -f amr -i ${amr} -c:v mpeg4 -c:a copy ${late}`.split(
      ' ',
    ),
  )
  const alone = ffmpeg(`-f amr -i ${amr} -f f32le -`.split(' '))
  const expected = new Float32Array(new Uint8Array(alone).buffer)
  assert.equal(expected.length, 8000)
  assert.ok(expected.some((sample) => Math.abs(sample) > 0.01))
  const { facts } = await readRecording(late)
  assert.equal(facts.sound?.codec, 'amr_nb')
  const found = samplesOf(await decodeSound8k(late, facts, folder))
  assert.equal(found.length, 8000 + 5600)
  assert.ok(found.subarray(0, 5600).every((sample) => sample === 0))
  for (const [index, sample] of expected.entries()) {
    // More than twice full scale is cut off.
    const kept = Math.max(-2, Math.min(2, sample))
    assert.ok(Math.abs((found[5600 + index] ?? Number.NaN) - kept) <= 2 ** -14, `sample ${index}`)
  }
})
