import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { after, test } from 'node:test'
import type { Finding } from '../case/item-facts.ts'
import { ffmpeg, makeRecording, temporaryFolder } from './fixture.ts'
import { frameTimes } from './frame-times.ts'
import { probeRecording } from './probe.ts'
import { sniffFile } from './sniff.ts'

const folder = temporaryFolder()
after(() => rmSync(folder, { recursive: true, force: true }))

async function probe(file: string) {
  const sniffed = await sniffFile(file)
  assert.equal(sniffed.kind, 'recording')
  return probeRecording(file, sniffed)
}

function codes(findings: readonly Finding[]): readonly string[] {
  return findings.map((finding) => finding.code)
}

test('the frame table is the list of times that ffprobe gives for the decoded frames', async () => {
  const made = [
    await makeRecording(folder, { name: 'even.mp4', frames: 40, framesPerSecond: 30 }),
    await makeRecording(folder, {
      name: 'uneven.mp4',
      frames: 40,
      framesPerSecond: 30,
      times: 'PTS+random(0)*2500',
    }),
    await makeRecording(folder, {
      name: 'stream.ts',
      frames: 40,
      framesPerSecond: 25,
      outputArguments: [],
    }),
  ]
  for (const { path: file, video } of made) {
    const listed = execFileSync('ffprobe', [
      ...'-v error -select_streams v:0 -show_entries frame=best_effort_timestamp'.split(' '),
      '-of',
      'csv=p=0',
      file,
    ])
    assert.deepEqual(
      video.frames.ticks,
      [...listed.toString().matchAll(/-?\d+/g)].map((found) => Number(found[0])),
      file,
    )
  }
})

test('a file cut by an edit list addresses only the frames that are shown', async () => {
  const whole = path.join(folder, 'even.mp4')
  const cut = path.join(folder, 'edited.mp4')
  ffmpeg(['-ss', '0.5', '-i', whole, '-c', 'copy', cut])
  const { facts, findings } = await probe(cut)
  assert.ok(facts.kind === 'recording' && facts.video !== undefined)
  const shown = execFileSync(
    'ffprobe',
    '-v error -select_streams v:0 -show_entries frame=pts -of csv=p=0'.split(' ').concat(cut),
  )
  assert.equal(
    facts.video.frames.ticks.length,
    shown
      .toString()
      .trim()
      .split('\n')
      .filter((line) => !line.startsWith('-')).length,
  )
  assert.ok(codes(findings).includes('edit-list'))
})

test('uneven, dropped and doubled frames are noticed, rounded milliseconds are not', () => {
  const base = { numerator: 1, timescale: 1000 }
  const even = Array.from({ length: 60 }, (_, index) => Math.round((index * 1000) / 30))
  assert.deepEqual(codes(frameTimes(even, base, 33).findings), [])
  const dropped = even.filter((_, index) => index !== 20 && index !== 21)
  const { findings } = frameTimes(dropped, base, 33)
  assert.deepEqual(codes(findings), ['dropped-frames'])
  assert.match(findings[0]?.message ?? '', /^About 2 frames missing in 1 gap/)
  assert.deepEqual(codes(frameTimes([...even, 33, 67], base, 33).findings), ['duplicated-frames'])
  const uneven = even.map((ticks, index) => ticks + (index % 3 === 1 ? 9 : 0))
  assert.deepEqual(codes(frameTimes(uneven, base, 33).findings), ['variable-frame-rate'])
})

test('a time base that is not one over a whole number keeps whole ticks', () => {
  const { table } = frameTimes([0, 1, 2], { numerator: 1001, timescale: 30_000 }, 1)
  assert.deepEqual(table, { timescale: 30_000, ticks: [0, 1001, 2002], endTicks: 3003 })
})

test('rotation, place, date and late sound are reported', async () => {
  const plain = await makeRecording(folder, {
    name: 'turned.mov',
    frames: 30,
    framesPerSecond: 30,
    rotation: 90,
  })
  assert.equal(plain.video.picture.rotationDegrees, 90)
  assert.deepEqual([plain.video.picture.widthPixels, plain.video.picture.heightPixels], [240, 160])
  const tagged = path.join(folder, 'tagged.mov')
  ffmpeg([
    '-i',
    plain.path,
    '-itsoffset',
    '0.4',
    '-i',
    plain.path,
    ...'-map 0:v -map 1:a -c copy -metadata location=+12.3456-045.6789/ -metadata'.split(' '),
    'creation_time=2026-06-07T17:02:11Z',
    tagged,
  ])
  const { facts, findings } = await probe(tagged)
  assert.ok(facts.kind === 'recording')
  assert.equal(facts.containerTime, '2026-06-07T17:02:11.000000Z')
  assert.ok(codes(findings).includes('rotation'))
  assert.ok(codes(findings).includes('metadata-location'))
  assert.ok(codes(findings).includes('sound-starts-late'))
  assert.ok(!JSON.stringify({ facts, findings }).includes('45.6789'))
})

test('Apple’s date is taken for its zone, and a date of 1904 or 1970 for none', async () => {
  const timeOf = async (name: string, ...outputArguments: readonly string[]) => {
    const file = path.join(folder, name)
    ffmpeg(['-i', path.join(folder, 'even.mp4'), '-c', 'copy', ...outputArguments, file])
    const { facts } = await probe(file)
    assert.ok(facts.kind === 'recording')
    return facts.containerTime
  }
  const created = (at: string) => ['-metadata', `creation_time=${at}`]
  const apple = 'com.apple.quicktime.creationdate=2026-06-07T17:02:05+0200'
  assert.equal(
    await timeOf(
      'apple.mov',
      ...created('2026-06-07T15:02:05Z'),
      '-movflags',
      'use_metadata_tags',
      '-metadata',
      apple,
    ),
    '2026-06-07T17:02:05+0200',
  )
  assert.equal(
    await timeOf('utc.mov', ...created('2026-06-07T15:02:05Z')),
    '2026-06-07T15:02:05.000000Z',
  )
  assert.equal(await timeOf('unset.mov', ...created('1970-01-01T00:00:05Z')), undefined)
  assert.equal(await timeOf('zero.mov', ...created('1904-01-01T00:00:05Z')), undefined)
})

test('a declared duration of a thousand million seconds changes nothing but a notice', async () => {
  const webm = await makeRecording(folder, {
    name: 'liar.webm',
    frames: 30,
    framesPerSecond: 30,
    sound: false,
    videoArguments: ['-c:v', 'libvpx'],
    outputArguments: [],
  })
  const bytes = readFileSync(webm.path)
  // Matroska's Duration: id 4489, eight bytes of floating point, in milliseconds.
  bytes.writeDoubleBE(1e12, bytes.indexOf(Buffer.from([0x44, 0x89, 0x88])) + 3)
  writeFileSync(webm.path, bytes)
  const { facts, findings } = await probe(webm.path)
  assert.ok(facts.kind === 'recording')
  assert.equal(facts.declaredDurationSeconds, 1e9)
  assert.ok(Math.abs(facts.scannedDurationSeconds - 1) < 0.02)
  assert.deepEqual(facts.video, webm.video)
  assert.deepEqual(codes(findings), ['no-sound', 'durations-disagree'])
})

test('times beyond twelve hours are refused with a finding', async () => {
  const file = path.join(folder, 'far.ts')
  ffmpeg(['-i', path.join(folder, 'even.mp4'), '-c', 'copy', '-output_ts_offset', '50000', file])
  const { facts, findings } = await probe(file)
  assert.equal(facts.kind, 'other')
  assert.ok(codes(findings).includes('limit-exceeded'))
})

test('a recording cut off before its index was written is called truncated', async () => {
  const whole = readFileSync(path.join(folder, 'even.mp4'))
  const file = path.join(folder, 'cut.mp4')
  writeFileSync(file, whole.subarray(0, whole.indexOf('moov') - 4))
  const { facts, findings } = await probe(file)
  assert.equal(facts.kind, 'other')
  assert.deepEqual(codes(findings), ['truncated'])
})

test('a recording whose end is missing keeps the frames it has and is called truncated', async () => {
  for (const [name, more] of [
    ['front.mp4', { outputArguments: ['-movflags', '+faststart'] }],
    ['front.webm', { videoArguments: ['-c:v', 'libvpx'], soundArguments: ['-c:a', 'libopus'] }],
  ] as const) {
    const { path: file, video } = await makeRecording(folder, {
      name,
      frames: 120,
      framesPerSecond: 30,
      outputArguments: [],
      ...more,
    })
    const bytes = readFileSync(file)
    writeFileSync(file, bytes.subarray(0, Math.round(bytes.length * 0.6)))
    const { facts, findings } = await probe(file)
    assert.ok(facts.kind === 'recording' && facts.video !== undefined, name)
    const kept = facts.video.frames.ticks
    assert.ok(kept.length > 20 && kept.length < 120, name)
    assert.ok(kept.every((ticks) => video.frames.ticks.includes(ticks)))
    assert.ok(codes(findings).includes('truncated'), `${name}: ${codes(findings).join()}`)
  }
})

test('a file that is all header is without frames, not an error', async () => {
  const file = path.join(folder, 'empty.webm')
  const whole = readFileSync(path.join(folder, 'front.webm'))
  writeFileSync(file, whole.subarray(0, whole.indexOf(Buffer.from([0x1f, 0x43, 0xb6, 0x75]))))
  const { facts, findings } = await probe(file)
  assert.equal(facts.kind, 'other')
  assert.ok(findings.some((finding) => finding.severity === 'problem'))
})
