/** Impulsive sounds from end to end: the example as files, and scenes held against the simulator's truth. */
import assert from 'node:assert/strict'
import { cpSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { before, test } from 'node:test'
import { alignRecordings } from '../../src/align/align-recordings.ts'
import type { ImpulseCandidate } from '../../src/case/impulse.ts'
import { impulseCandidates } from '../../src/examine/impulse-candidates.ts'
import { findImpulseOnsets } from '../../src/examine/impulse-onsets.ts'
import { repository, scratchFolder, sightline } from '../support/command-line.ts'
import { isRelated, ownTime, randomScene } from '../support/scene/scene.ts'
import type { Phone, SoundSource } from '../support/scene/scene.ts'
import { renderSound, resampleTo8k } from '../support/scene/sound.ts'
import { arrivalTime } from '../support/scene/travel.ts'
import type { Truth } from '../support/scene/truth.ts'

const example = join(repository, 'examples', 'harbour-street')
const footage = ['bakery.mp4', 'tram-stop.mov', 'balcony.webm', 'car-park.3gp', 'nightfall.mp4']
const truth = JSON.parse(readFileSync(join(example, 'truth.json'), 'utf8')) as Truth

interface Listed {
  readonly clockSeconds: number
  readonly errorSeconds: number
  readonly group: number
  readonly corroborated: boolean
  readonly heardIn: readonly {
    readonly path: string
    readonly ownSeconds: number
    readonly prominenceDb: number
  }[]
  readonly silentIn: readonly string[]
  readonly intervalToNextSeconds?: number
  readonly intervalErrorSeconds?: number
}

async function listed(files: readonly string[]): Promise<readonly Listed[]> {
  const paths = files.map((file) => join(example, 'footage', file))
  const { code, stdout, stderr } = await sightline(['align', '--json', ...paths])
  assert.equal(code, 0, stderr)
  return (JSON.parse(stdout) as { impulses: readonly Listed[] }).impulses
}

/** When the example's sound reached a recording, in its own time. */
function trueOwnSeconds(file: string, sound: Truth['sounds'][number]): number {
  const recording = truth.recordings.find((each) => each.file === file)
  assert.ok(recording)
  const path = [{ atSeconds: 0, ...sound.position }]
  return ownTime(recording, arrivalTime(path, recording.position, sound.atSeconds))
}

const bangs = truth.sounds.filter(({ kind }) => kind === 'bang')

for (const left of [undefined, ...footage]) {
  test(`the ${left === undefined ? 'whole example' : `example without ${left}`}: seven impulsive sounds, each in every recording`, async () => {
    const files = footage.filter((file) => file !== left)
    const related = files.filter((file) => file !== 'nightfall.mp4')
    const found = (await listed(files)).filter(({ corroborated }) => corroborated)
    assert.equal(found.length, 7)
    for (const [index, impulse] of found.entries()) {
      const bang = bangs[index]
      assert.ok(bang)
      assert.deepEqual(impulse.heardIn.map(({ path }) => basename(path)).sort(), related.toSorted())
      assert.deepEqual(impulse.silentIn, [])
      for (const { path, ownSeconds } of impulse.heardIn) {
        const off = ownSeconds - trueOwnSeconds(basename(path), bang)
        assert.ok(Math.abs(off) < 0.003, `${basename(path)}: ${off} s off`)
      }
      const next = bangs[index + 1]
      if (next === undefined) assert.equal(impulse.intervalToNextSeconds, undefined)
      else {
        const off = (impulse.intervalToNextSeconds ?? NaN) - (next.atSeconds - bang.atSeconds)
        assert.ok(Math.abs(off) <= (impulse.intervalErrorSeconds ?? NaN), `interval ${off} s off`)
      }
    }
  })
}

test('knocks against one phone of the example are never corroborated', async () => {
  const alone = (await listed(footage)).filter(({ corroborated }) => !corroborated)
  assert.ok(alone.every(({ heardIn }) => heardIn.length === 1))
  // 5.1 s after the tram stop's microphone starts somebody knocks against it in the scene.
  assert.ok(alone.length <= 3)
})

test('the table lists seven candidates and calls nothing a shot', async () => {
  const paths = footage.map((file) => join(example, 'footage', file))
  const { stdout } = await sightline(['align', ...paths])
  assert.equal(stdout.match(/4 of 4/g)?.length, 7)
  assert.match(stdout, /for a person to confirm or reject/)
  assert.ok(!/shot|gun/i.test(stdout))
})

const work = scratchFolder('impulses')
const caseFolder = join(work, 'case')
const library = join(work, 'library')

before(() => {
  cpSync(example, caseFolder, { recursive: true })
  // Nothing to render: what is counted here is words.
  writeFileSync(
    join(caseFolder, 'story.md'),
    '---\ntitle: Sounds\nstandfirst: For the test.\nbyline: The test\n---\n\nWords.\n\n::timeline\n',
  )
})

async function publish(change: (yaml: string) => string, name: string) {
  const file = join(caseFolder, 'case.yaml')
  writeFileSync(file, change(readFileSync(join(example, 'case.yaml'), 'utf8')))
  const out = join(work, name)
  const { code, stdout, stderr } = await sightline([
    'publish',
    caseFolder,
    '--out',
    out,
    '--library',
    library,
    '--json',
  ])
  assert.equal(code, 0, stderr)
  const texts = readdirSync(out, { recursive: true, encoding: 'utf8' })
    .filter((path) => /^(index\.html|data\/)/.test(path) && path.includes('.'))
    .map((path) => readFileSync(join(out, path), 'utf8').replaceAll('\u00a0', ' '))
  const { notices } = JSON.parse(stdout) as { notices: readonly string[] }
  return {
    page: readFileSync(join(out, 'index.html'), 'utf8').replaceAll('\u00a0', ' '),
    texts,
    notices,
  }
}

test('the example’s page counts its seven confirmed sounds, each heard in 4 of 4 recordings', async () => {
  const { page, notices } = await publish((yaml) => yaml, 'seven')
  assert.match(page, /Seven impulsive sounds, confirmed by/)
  assert.equal(page.match(/Heard in 4 of 4 recordings\./g)?.length, 7)
  assert.match(page, /1\.27 s ± 0\.0\d s to the next impulsive sound/)
  assert.deepEqual(notices, [])
})

test('one rejected, one not decided on, one never entered: four are counted, two are named to the team', async () => {
  const { page, texts, notices } = await publish(
    (yaml) =>
      yaml
        .replace(/(id: sound-2,.*decision: )confirmed/, '$1rejected')
        .replace(/(id: sound-3,.*kind: impulsive sound), decision: .*"( \}|,)/, '$1$2')
        .replace(/\n.*id: sound-5,.*/, ''),
    'four',
  )
  assert.match(page, /Four impulsive sounds, confirmed by/)
  for (const text of texts) assert.ok(!/(?:Second|Third|Fifth) impulsive sound/.test(text))
  assert.equal(notices.filter((notice) => /event "sound-3"/.test(notice)).length, 1)
  assert.equal(notices.filter((notice) => /nobody decided on it/.test(notice)).length, 2)
})

interface Count {
  bangs: number
  found: number
  wrong: number
  seconds: number
}

const counts: Record<'plain' | 'hard', Count> = {
  plain: { bangs: 0, found: 0, wrong: 0, seconds: 0 },
  hard: { bangs: 0, found: 0, wrong: 0, seconds: 0 },
}

for (const [difficulty, seeds] of [
  ['plain', [21, 22, 23]],
  ['hard', [31, 32, 33]],
] as const) {
  for (const seed of seeds) {
    test(`${difficulty} scene ${seed}: knocks stay with their phone, bangs are found in several`, () => {
      const scene = randomScene(seed, { difficulty, phones: 4, unrelated: 0, durationSeconds: 45 })
      const phones = scene.phones.filter((phone) => isRelated(scene, phone))
      const sounds = new Map(
        phones.map((phone) => [
          phone.id,
          resampleTo8k(renderSound(scene, phone), phone.microphone.sampleRateHz),
        ]),
      )
      const found = candidatesOf(sounds).filter(({ corroborated }) => corroborated)
      const reached = scene.sounds.filter(
        (sound) =>
          sound.kind === 'bang' && phones.filter((phone) => runsAt(phone, sound)).length >= 2,
      )
      const count = counts[difficulty]
      const meant = found.map((candidate) => reached.find((bang) => isOf(candidate, bang, phones)))
      count.bangs += reached.length
      count.found += new Set(meant.filter((bang) => bang !== undefined)).size
      count.wrong += found.filter(
        (candidate) => !scene.sounds.some((sound) => isOf(candidate, sound, phones)),
      ).length
      count.seconds += scene.durationSeconds
      for (const { heardIn } of found) {
        const knocked = heardIn.filter(({ recording, ownSeconds }) =>
          phones
            .find(({ id }) => id === recording)
            ?.microphone.handling.some(({ atSeconds }) => Math.abs(atSeconds - ownSeconds) < 0.005),
        )
        assert.ok(knocked.length < heardIn.length, 'knocks alone are corroborated')
      }
    })
  }
}

test('at least 95 % of bangs in two recordings or more, at most one false candidate a minute', () => {
  console.table(counts)
  const all = Object.values(counts)
  const sum = (pick: (count: Count) => number) =>
    all.reduce((total, count) => total + pick(count), 0)
  assert.ok(sum(({ bangs: number }) => number) >= 15)
  assert.ok(sum(({ found }) => found) >= 0.95 * sum(({ bangs: number }) => number))
  assert.ok(sum(({ wrong }) => wrong) <= sum(({ seconds }) => seconds) / 60)
})

function candidatesOf(sounds: ReadonlyMap<string, Float32Array>): readonly ImpulseCandidate[] {
  const { groups } = alignRecordings([...sounds].map(([id, samples]) => ({ id, samples })))
  return groups.flatMap(({ members }) =>
    impulseCandidates(
      members.map(({ id, offsetSeconds, rate, errorSeconds, travelBoundSeconds }) => {
        const samples = sounds.get(id) ?? new Float32Array(0)
        return {
          id,
          clock: { offsetSeconds, rate },
          errorSeconds,
          travelBoundSeconds,
          fromSeconds: 0,
          endSeconds: samples.length / 8000,
          onsets: findImpulseOnsets(samples),
        }
      }),
    ),
  )
}

function hearingSeconds(phone: Phone, sound: SoundSource): number {
  return ownTime(phone, arrivalTime(sound.path, phone.position, sound.atSeconds))
}

function runsAt(phone: Phone, sound: SoundSource): boolean {
  const own = hearingSeconds(phone, sound)
  return own > phone.microphone.startSeconds + 0.1 && own < ownTime(phone, phone.endSeconds) - 0.15
}

/** Two of its recordings hear it when this sound reaches them. */
function isOf(candidate: ImpulseCandidate, sound: SoundSource, phones: readonly Phone[]): boolean {
  return (
    candidate.heardIn.filter(({ recording, ownSeconds }) => {
      const phone = phones.find(({ id }) => id === recording)
      return phone !== undefined && Math.abs(hearingSeconds(phone, sound) - ownSeconds) < 0.012
    }).length >= 2
  )
}
