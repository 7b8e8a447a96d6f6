/** What `align` shows: its table and timeline, the page it writes, the calendar time of a clock. */
import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { before, test } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import type { CalendarClaim } from '../../src/align/calendar-time.ts'
import { repository, scratchFolder, sightline } from '../support/command-line.ts'
import { smallDisk, whyNoSmallDisk } from '../support/small-disk.ts'

const work = scratchFolder('align-faces')
const commandLine = join(repository, 'src', 'cli', 'main.ts')
const footage = join(repository, 'examples', 'harbour-street', 'footage')
const bakery = join(work, 'bakery.mp4')
const tramStop = join(work, 'tram-stop.mov')
const both = [bakery, tramStop]
/** The true time of the clock's zero in the example is what the test decides it to be. */
const stated = 'bakery.mp4@12.3=2026-06-07T17:02:10+02:00±1'

before(() => {
  // The end of the recording, as Android writes it; local time written as UTC.
  for (const [file, time] of [
    ['bakery.mp4', '2026-06-07T15:03:04Z'],
    ['tram-stop.mov', '2026-06-07T17:02:05Z'],
  ] as const) {
    const tags = ['-c', 'copy', '-metadata', `creation_time=${time}`]
    ffmpeg('-i', join(footage, file), ...tags, join(work, file))
  }
})

function ffmpeg(...args: readonly string[]): void {
  const { status, stderr } = spawnSync('ffmpeg', ['-v', 'error', ...args], { encoding: 'utf8' })
  assert.equal(status, 0, stderr)
}

interface Printed {
  readonly groups: readonly {
    readonly members: readonly {
      readonly path: string
      readonly offsetSeconds: number
      readonly method: string
    }[]
    readonly calendar?: CalendarClaim
  }[]
  readonly apart: readonly {
    readonly path: string
    readonly code: string
    readonly calendar?: CalendarClaim
  }[]
  readonly unheard: readonly { readonly path: string; readonly seconds: number }[]
}

async function align(...args: readonly string[]): Promise<Printed> {
  const { code, stdout, stderr } = await sightline(['align', '--json', ...args])
  assert.equal(code, 0, stderr)
  return JSON.parse(stdout) as Printed
}

test('a stated time makes one claim; containers agree or contradict it by how much', async () => {
  const { groups } = await align(...both, '--time', stated)
  const claim = groups[0]?.calendar
  assert.ok(claim)
  const offset = groups[0]?.members.find(({ path }) => path === bakery)?.offsetSeconds ?? NaN
  const zero = Date.parse(claim.clockZeroAt) / 1000
  const expected = Date.parse('2026-06-07T17:02:10+02:00') / 1000 - (12.3 + offset)
  assert.ok(Math.abs(zero - expected) < 0.002, claim.clockZeroAt)
  assert.ok(claim.uncertaintySeconds >= 1 && claim.uncertaintySeconds < 1.3)
  assert.equal(claim.basis.length, 1)
  const { agreeing, contradicting } = claim.agreement
  assert.deepEqual(
    agreeing.map(({ kind, at }) => [kind, at]),
    [['container', '2026-06-07T15:03:04.000000Z']],
  )
  assert.equal(contradicting.length, 1)
  assert.ok(Math.abs((contradicting[0]?.differsBySeconds ?? 0) - 7200) < 120)
})

test('containers alone make a weak claim; recordings apart have their own', async () => {
  const night = join(footage, 'nightfall.mp4')
  const time = 'nightfall.mp4@0=2026-06-07T22:00:00+02:00±60'
  const { groups, apart } = await align(...both, night, '--time', time)
  assert.equal(groups[0]?.calendar?.strength, 'weak')
  assert.ok((groups[0]?.calendar?.uncertaintySeconds ?? 0) > 3600)
  assert.equal(apart[0]?.calendar?.clockZeroAt, '2026-06-07T22:00:00.000+02:00')
})

test('without any word on the time of day there is no claim', async () => {
  const files = ['bakery.mp4', 'tram-stop.mov'].map((name) => join(footage, name))
  const { groups } = await align(...files)
  assert.equal(groups.length, 1)
  assert.equal(groups[0]?.calendar, undefined)
})

test('a recording without sound is placed by anchors, and is apart without them', async () => {
  const mute = join(work, 'mute.mp4')
  ffmpeg('-i', bakery, '-an', '-c', 'copy', mute)
  const anchor = 'mute.mp4@20=bakery.mp4@20±0.02'
  const { groups } = await align(bakery, tramStop, mute, '--anchor', anchor)
  const member = (path: string) => groups[0]?.members.find((each) => each.path === path)
  assert.equal(member(mute)?.method, 'anchors')
  const apart = (member(mute)?.offsetSeconds ?? NaN) - (member(bakery)?.offsetSeconds ?? NaN)
  assert.ok(Math.abs(apart) < 0.005, `${apart}`)
  const { code, stdout } = await sightline(['align', '--json', ...both, mute])
  assert.equal(code, 3)
  const [alone] = (JSON.parse(stdout) as Printed).apart
  assert.deepEqual([alone?.path, alone?.code], [mute, 'no-audio'])
})

test('an anchor or a time that names what is no recording is an error', async () => {
  const notes = join(work, 'notes.txt')
  writeFileSync(notes, 'a note')
  for (const [option, value] of [
    ['--anchor', 'notes.txt@1=bakery.mp4@2±0.02'],
    ['--time', 'notes.txt@1=2026-06-07T17:02:10+02:00±1'],
  ] as const) {
    const { code, stdout } = await sightline(['align', '--json', ...both, notes, option, value])
    assert.equal(code, 1)
    const { error } = JSON.parse(stdout) as { error: { code: string; message: string } }
    assert.equal(error.code, 'names-no-recording')
    assert.ok(error.message.startsWith(`${option} names ${notes}`), error.message)
    assert.match(error.message, /document.*leave the option out/)
  }
})

test('sound before own time 0 is said to be left out', async () => {
  const early = join(work, 'early.ts')
  // The 33 bits of its times run over two seconds after it begins.
  const times = ['-muxdelay', '0', '-output_ts_offset', '95441.7176']
  ffmpeg('-i', bakery, '-vn', '-c:a', 'mp2', ...times, early)
  const { code, stdout } = await sightline(['align', bakery, early])
  assert.equal(code, 0)
  assert.match(stdout, /^Not listened to: 2\.0\d\d s of .*early\.ts before its own time 0$/m)
  const { unheard } = await align(bakery, early)
  assert.deepEqual(
    unheard.map(({ path, seconds }) => [path, Math.round(seconds)]),
    [[early, 2]],
  )
})

test('a temporary folder that is missing is an error that says what to do', async () => {
  await refusesTemporaryFolder(join(work, 'nowhere'), 'temporary-folder-unusable')
})

test(
  'a full temporary folder is an error that says what to do',
  { skip: whyNoSmallDisk() ?? false },
  async () => {
    const disk = smallDisk(256 * 1024)
    await refusesTemporaryFolder(disk.folder, 'temporary-folder-full')
    assert.deepEqual(readdirSync(disk.folder), [])
    disk.unmount()
  },
)

async function refusesTemporaryFolder(folder: string, expected: string): Promise<void> {
  const environment = { TMPDIR: folder }
  const { code, stdout } = await sightline(['align', '--json', ...both], { environment })
  assert.equal(code, 1)
  const { error } = JSON.parse(stdout) as { error: { code: string; message: string } }
  assert.equal(error.code, expected)
  assert.ok(error.message.startsWith(`${folder} cannot take the sound`), error.message)
  assert.match(error.message, /58 MB for each hour .* set TMPDIR to a folder with room$/)
}

test('an interrupt ends the command, the programs it started and the decoded sound', async () => {
  const temporary = join(work, 'temporary')
  mkdirSync(temporary)
  const long = join(work, 'long.wav')
  ffmpeg('-f', 'lavfi', '-i', 'anoisesrc=r=48000:d=3000', long)
  const command = spawn(process.execPath, [commandLine, 'align', long, bakery], {
    env: { ...process.env, TMPDIR: temporary },
  })
  const ended = once(command, 'exit')
  const sandboxes = () => childrenOf(command.pid ?? 0)
  while (sandboxes().length === 0) await setTimeout(10)
  const started = sandboxes()
  command.kill('SIGINT')
  assert.deepEqual(await ended, [130, null])
  const isAlive = (pid: number) => {
    try {
      return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.[0] !== 'Z'
    } catch {
      return false
    }
  }
  for (let tries = 0; started.some(isAlive) && tries < 2000; tries++) await setTimeout(10)
  assert.deepEqual(started.filter(isAlive), [])
  assert.deepEqual(readdirSync(temporary), [])
})

function childrenOf(pid: number): readonly number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
    .split(' ')
    .filter((text) => text.trim() !== '')
    .map(Number)
    .flatMap((child) => [child, ...childrenOf(child)])
}

test('the terminal shows table, timeline and claim, in ASCII bars where the locale has no more', async () => {
  const args = ['align', ...both, '--time', stated]
  const rich = await sightline(args, { environment: { LC_ALL: 'C.UTF-8' } })
  assert.match(rich.stdout, /^ {2}bakery\.mp4 .*━━.*┿/m)
  assert.match(rich.stdout, /Clock zero: 2026-06-07T17:01:5\d\.\d{3}\+02:00 ± 1\.\d\d s, as stated/)
  assert.match(rich.stdout, /^ {4}tram-stop\.mov: the file says .*; contradicts it: 1\.99 h later/m)
  // oxlint-disable-next-line no-control-regex
  assert.doesNotMatch(rich.stdout, /\u001B/)
  const plain = await sightline(args, { environment: { LC_ALL: 'C' } })
  assert.match(plain.stdout, /^ {2}bakery\.mp4 .*==.*\|/m)
  assert.doesNotMatch(plain.stdout, /[━┿]/)
})

test('--html replaces a file, through a link too, and leaves nothing else behind', async () => {
  const folder = join(work, 'pages')
  mkdirSync(folder)
  const [page, link] = [join(folder, 'clock.html'), join(folder, 'latest.html')]
  writeFileSync(page, 'old')
  symlinkSync('clock.html', link)
  const { code, stdout } = await sightline(['align', ...both, '--html', link])
  assert.equal(code, 0)
  assert.match(stdout, /^Group 1/)
  assert.match(readFileSync(page, 'utf8'), /^<!DOCTYPE html><html lang="en">[^]*bakery\.mp4/)
  assert.deepEqual(readdirSync(folder).sort(), ['clock.html', 'latest.html'])
})

test('--html will not write over a folder, a recording, or into a folder that is not there', async () => {
  const link = join(work, 'link.html')
  symlinkSync(bakery, link)
  const bytes = readFileSync(bakery)
  for (const [file, code] of [
    [work, 'output-is-a-folder'],
    [bakery, 'output-is-an-input'],
    [link, 'output-is-an-input'],
    ['/dev/null', 'output-not-a-file'],
    [join(work, 'nowhere', 'clock.html'), 'output-folder-missing'],
  ] as const) {
    const result = await sightline(['align', ...both, '--html', file, '--json'])
    assert.equal(result.code, 1)
    assert.equal((JSON.parse(result.stdout) as { error: { code: string } }).error.code, code)
  }
  assert.ok(readFileSync(bakery).equals(bytes))
})

test('--resume goes on from what is in the file, and says the same as without', async () => {
  const files = [...both, join(footage, 'nightfall.mp4')]
  const pairs = join(work, 'square.pairs')
  const said = async (...more: readonly string[]): Promise<string> => {
    const { code, stdout, stderr } = await sightline(['align', '--json', ...files, ...more])
    assert.equal(code, 0, stderr)
    return stdout
  }
  const without = await said()
  assert.equal(await said('--resume', pairs), without)
  const whole = readFileSync(pairs, 'utf8')
  const lines = whole.split('\n')
  // The header, three pairs, the link of the one that is clear, what was asked of the two that
  // are not, and the last line's end.
  assert.equal(lines.length, 8)
  const second = lines[2] ?? ''
  const ofAnotherEngine = whole.replace('sightline-align/', 'sightline-align/0')
  for (const before of [
    whole,
    // Cut in the middle of the second pair.
    whole.slice(0, whole.indexOf(second) + second.length / 2),
    // Cut in the middle of the header.
    whole.slice(0, 20),
    ofAnotherEngine,
  ]) {
    writeFileSync(pairs, before)
    assert.equal(await said('--resume', pairs), without)
    assert.equal(readFileSync(pairs, 'utf8'), whole)
  }
})

test('--resume leaves a file of other content as it is', async () => {
  const notes = join(work, 'resume-notes.txt')
  writeFileSync(notes, 'a note\n')
  const { code, stdout } = await sightline(['align', '--json', ...both, '--resume', notes])
  assert.equal(code, 1)
  const { error } = JSON.parse(stdout) as { error: { code: string } }
  assert.equal(error.code, 'not-a-pairs-file')
  assert.equal(readFileSync(notes, 'utf8'), 'a note\n')
})
