/**
 * kill -9 of `ingest` and `publish` at random instants: SIGHTLINE_KILLS of them,
 * 200 unless said otherwise; SIGHTLINE_SEED repeats a sweep. After each, nothing
 * acknowledged is lost and fsck finds nothing wrong; run again, the work
 * completes as if it had never been interrupted.
 */
import assert from 'node:assert/strict'
import { randomInt } from 'node:crypto'
import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'

import { bundleFolder } from '../../src/jobs/bundle-folder.ts'
import { verifyBundle } from '../../src/verify/verify-bundle.ts'
import { scratchFolder, sightline, type CommandResult } from '../support/command-line.ts'
import { runAndEndMedia, runAndKill, type Instant } from '../support/killed-command.ts'
import {
  checkKept,
  readAcknowledged,
  type Acknowledged,
  type LibraryState,
} from '../support/library-state.ts'
import { writeLooseFiles, writeQuayCase, writeStory } from '../support/quay-case.ts'
import { randomFrom, seedFor, type Random } from '../support/scene/random.ts'

const kills = Number(process.env['SIGHTLINE_KILLS'] ?? 200)
const seed = Number(process.env['SIGHTLINE_SEED'] ?? randomInt(2 ** 31))
const work = scratchFolder('kill-sweep')
const caseFolder = join(work, 'case')
writeQuayCase(caseFolder)
const looseFiles = writeLooseFiles(join(work, 'loose'), caseFolder)
/** Of ingest: the damaged file and the playlist are taken in with problems. */
const problemsFound = 3

/** A command that is killed again and again, on one library, until it may complete. */
interface Sweep {
  readonly args: readonly string[]
  /** Lines that acknowledge something in an uninterrupted run. */
  readonly lines: number
  /** How long a run may take, from an empty library and on one that has seen it all. */
  readonly longSeconds: number
  readonly shortSeconds: number
  phaseOf(lines: number, state: LibraryState): string
}

class Tally {
  readonly phases = new Map<string, number>()
  kills = 0
  acknowledged = 0
  finishedFirst = 0
  /** How much faster than the first run the machine is now: follows how many kills come too late. */
  pace = 1
  longestOpenSeconds = 0
  longestRunSeconds = 0
  longestOrphanSeconds = 0

  count(phase: string): void {
    this.phases.set(phase, (this.phases.get(phase) ?? 0) + 1)
  }

  summary(): string {
    const phases = [...this.phases].map(([phase, number]) => `${phase} ${number}`).join(', ')
    return (
      `${this.kills} kills (${phases}); ${this.finishedFirst} runs were done before their kill; ` +
      `${this.acknowledged} acknowledgements checked; longest reopening ${this.longestOpenSeconds.toFixed(1)} s, ` +
      `longest completing run ${this.longestRunSeconds.toFixed(1)} s, longest-lived orphan ${this.longestOrphanSeconds.toFixed(2)} s; seed ${seed}`
    )
  }
}

/** Half at any time of the run, half soon after one of its acknowledgements. */
function randomInstant(sweep: Sweep, isFirst: boolean, pace: number, random: Random): Instant {
  const whom = random.pick<Instant['whom']>(['everything', 'program'])
  if (random.chance(0.5)) {
    const seconds = isFirst ? sweep.longSeconds : sweep.shortSeconds
    return { afterLines: 0, milliseconds: random.between(0, 1000 * pace * seconds), whom }
  }
  // The last is told most often: what comes after it is short.
  const afterLines = random.chance(0.3) ? sweep.lines : random.integer(1, sweep.lines)
  return { afterLines, milliseconds: random.between(0, 400 * pace), whom }
}

/**
 * Kills the command a few times, then lets it complete. Returns its last run
 * and how many were cut off.
 */
async function killAndComplete(
  library: string,
  sweep: Sweep,
  acknowledged: Acknowledged,
  tally: Tally,
  random: Random,
  afterKill: () => Promise<void> = () => Promise.resolve(),
): Promise<{ readonly last: Pick<CommandResult, 'code' | 'stderr'>; readonly killed: number }> {
  const wanted = random.integer(2, 7)
  let killed = 0
  while (killed < wanted) {
    const isFirst = !existsSync(library)
    const run = await runAndKill(sweep.args, randomInstant(sweep, isFirst, tally.pace, random))
    readAcknowledged(run.lines, acknowledged)
    if (run.code !== undefined) {
      tally.finishedFirst++
      tally.pace *= 0.85
      return { last: { code: run.code, stderr: run.stderr }, killed }
    }
    assert.equal(run.stderr, '')
    killed++
    tally.kills++
    tally.pace = Math.min(1.5, tally.pace * 1.03)
    tally.longestOrphanSeconds = Math.max(tally.longestOrphanSeconds, run.orphanedSeconds)
    if (random.chance(0.2)) {
      // The next run finds what two kills in a row leave.
      tally.count('not looked at before the next')
      continue
    }
    const making = existsSync(join(library, 'creating'))
    const kept = await checkKept(library, acknowledged)
    tally.count(
      kept === undefined || making
        ? 'making the library'
        : sweep.phaseOf(run.lines.length, kept.state),
    )
    tally.longestOpenSeconds = Math.max(tally.longestOpenSeconds, kept?.openSeconds ?? 0)
    await afterKill()
  }
  const startedAt = performance.now()
  const last = await sightline(sweep.args)
  tally.longestRunSeconds = Math.max(
    tally.longestRunSeconds,
    (performance.now() - startedAt) / 1000,
  )
  readAcknowledged(last.stdout.split('\n').slice(0, -1), acknowledged)
  return { last, killed }
}

async function timed<T>(run: () => Promise<T>): Promise<{ result: T; seconds: number }> {
  const startedAt = performance.now()
  const result = await run()
  return { result, seconds: (performance.now() - startedAt) / 1000 }
}

async function stateOf(library: string): Promise<LibraryState> {
  const kept = await checkKept(library, { received: [], published: [] })
  assert.ok(kept)
  return kept.state
}

async function assertSound(library: string): Promise<void> {
  const checked = await sightline(['fsck', '--library', library, '--json'])
  assert.equal(checked.code, 0, checked.stdout + checked.stderr)
  assert.deepEqual((JSON.parse(checked.stdout) as { findings: unknown }).findings, [])
}

test('ingest loses nothing it has acknowledged and completes after any kill', async (t) => {
  const random = randomFrom(seedFor(seed, 'ingest'))
  const tally = new Tally()
  const argumentsFor = (library: string): string[] => [
    'ingest',
    ...looseFiles,
    '--incident',
    'ferry-quay',
    '--library',
    library,
  ]
  const calm = join(work, 'ingest-calm')
  const first = await timed(() => sightline(argumentsFor(calm)))
  assert.equal(first.result.code, problemsFound, first.result.stderr)
  const again = await timed(() => sightline(argumentsFor(calm)))
  const expected = await stateOf(calm)
  assert.equal(expected.findings.filter((finding) => / truncated /.test(finding)).length, 1)

  for (let turn = 0; tally.kills < kills / 2; turn++) {
    const library = join(work, `ingest-${turn}`)
    const acknowledged: Acknowledged = { received: [], published: [] }
    const sweep: Sweep = {
      args: argumentsFor(library),
      lines: looseFiles.length,
      longSeconds: first.seconds,
      shortSeconds: 0.7 * first.seconds + 0.3 * again.seconds,
      phaseOf: (lines, state) => {
        if (lines === 0) return 'starting'
        if (lines < looseFiles.length) return 'receiving'
        return state.facts.length < looseFiles.length ? 'examining' : 'ending'
      },
    }
    let killed = 0
    for (const seconds of [sweep.shortSeconds, again.seconds]) {
      const round = { ...sweep, shortSeconds: seconds }
      const done = await killAndComplete(library, round, acknowledged, tally, random)
      killed += done.killed
      assert.equal(done.last.code, problemsFound, done.last.stderr)
      const kept = await checkKept(library, acknowledged)
      assert.ok(kept)
      const { items, sightings, facts, findings, derivatives } = kept.state
      assert.deepEqual(
        [items, facts, findings],
        [expected.items, expected.facts, expected.findings],
      )
      assert.deepEqual(derivatives, expected.derivatives)
      // Handed in again is seen again; at most one arrival a kill was not yet acknowledged.
      const more = sightings.length - acknowledged.received.length
      assert.ok(more >= 0 && more <= killed, `${more} arrivals more than acknowledged`)
    }
    await assertSound(library)
    tally.acknowledged += acknowledged.received.length
    rmSync(library, { recursive: true })
  }
  t.diagnostic(tally.summary())
})

for (const signal of ['SIGKILL', 'SIGTERM'] as const) {
  test(`a media program ended by ${signal} is never held against the file`, async (t) => {
    const calm = join(work, `media-calm-${signal}`)
    const argumentsFor = (library: string): string[] => [
      'ingest',
      ...looseFiles,
      '--incident',
      'ferry-quay',
      '--library',
      library,
    ]
    assert.equal((await sightline(argumentsFor(calm))).code, problemsFound)
    const expected = await stateOf(calm)
    const library = join(work, `media-${signal}`)
    const acknowledged: Acknowledged = { received: [], published: [] }
    const met: string[] = []
    for (let which = 0; ; which++) {
      const { run, ended } = await runAndEndMedia(argumentsFor(library), which, signal)
      readAcknowledged(run.stdout.split('\n').slice(0, -1), acknowledged)
      if (ended === undefined) {
        assert.equal(run.code, problemsFound, run.stderr)
        break
      }
      met.push(`${ended} ${run.code}`)
      if (run.code !== problemsFound) {
        assert.equal(run.code, 1)
        assert.match(run.stderr, /^sightline: \[(?:killed|sandbox-unavailable)\]$/m)
      }
      const kept = await checkKept(library, acknowledged)
      for (const finding of kept?.state.findings ?? [])
        assert.ok(expected.findings.includes(finding))
      for (const facts of kept?.state.facts ?? []) assert.ok(expected.facts.includes(facts))
    }
    const { state } = (await checkKept(library, acknowledged)) ?? assert.fail()
    assert.deepEqual({ ...state, sightings: [] }, { ...expected, sightings: [] })
    t.diagnostic(met.join(', '))
  })
}

/** As in the library of nobody who interrupts: what is expected after each edition. */
async function publishCalmly(args: readonly string[], library: string, editions: number) {
  const states: LibraryState[] = []
  const seconds: number[] = []
  for (let edition = 0; edition < editions; edition++) {
    writeStory(caseFolder, edition)
    const run = await timed(() => sightline(args))
    assert.equal(run.result.code, 0, run.result.stderr)
    seconds.push(run.seconds)
    states.push(await stateOf(library))
  }
  return { states, seconds }
}

test('publish loses nothing it has acknowledged and completes after any kill', async (t) => {
  const random = randomFrom(seedFor(seed, 'publish'))
  const tally = new Tally()
  const editions = 2
  const calm = join(work, 'publish-calm')
  const argumentsFor = (library: string): string[] => [
    'publish',
    caseFolder,
    '--out',
    `${library}-out`,
    '--library',
    library,
  ]
  const { states, seconds } = await publishCalmly(argumentsFor(calm), calm, editions)
  const items = states[0]?.items.length ?? 0
  assert.equal(items, 5)

  for (let turn = 0; tally.kills < kills / 2; turn++) {
    const library = join(work, `publish-${turn}`)
    const out = `${library}-out`
    const acknowledged: Acknowledged = { received: [], published: [] }
    const startedOn = today()
    for (const [edition, expected] of states.entries()) {
      writeStory(caseFolder, edition)
      const sweep: Sweep = {
        args: argumentsFor(library),
        lines: items + 1,
        longSeconds: seconds[0] ?? 0,
        shortSeconds: edition === 0 ? 0.8 * (seconds[0] ?? 0) : (seconds[edition] ?? 0),
        phaseOf: (lines, state) => publishingPhase(lines, items, edition, state, expected),
      }
      const afterKill = () => assertWholeOrUnfinished(out)
      const done = await killAndComplete(library, sweep, acknowledged, tally, random, afterKill)
      assert.equal(done.last.code, 0, done.last.stderr)
      const kept = await checkKept(library, acknowledged)
      assert.ok(kept)
      const { state } = kept
      assert.deepEqual(
        [state.items, state.sightings, state.facts, state.findings, state.alignments],
        [
          expected.items,
          expected.sightings,
          expected.facts,
          expected.findings,
          expected.alignments,
        ],
      )
      assert.deepEqual(state.derivatives, expected.derivatives)
      if (startedOn === today()) {
        assert.equal(state.publications.length, edition + 1)
        assert.equal(state.sealed, edition + 1)
      }
      const verified = await sightline(['verify', out])
      assert.equal(verified.code, 0, verified.stdout + verified.stderr)
      assert.ok(!existsSync(join(out, '.sightline-partial')))
    }
    await assertSound(library)
    tally.acknowledged += acknowledged.received.length + acknowledged.published.length
    rmSync(library, { recursive: true })
    rmSync(out, { recursive: true })
  }
  t.diagnostic(tally.summary())
})

/** Days unanswered are counted anew at midnight, and that is another revision. */
const today = (): string => new Date().toISOString().slice(0, 10)

function publishingPhase(
  lines: number,
  items: number,
  edition: number,
  state: LibraryState,
  expected: LibraryState,
): string {
  if (lines === 0) return 'starting'
  if (lines > items) return 'writing out'
  if (lines < items) return 'receiving'
  if (state.facts.length < items) return 'examining'
  if (state.alignments.length === 0) return 'aligning'
  if (state.derivatives.length < expected.derivatives.length) return 'rendering'
  if (state.publications.length <= edition) return 'recording'
  return state.sealed <= edition ? 'sealing' : 'sealed'
}

/** Killed while it writes, the output folder is a whole bundle or shows that it is unfinished. */
async function assertWholeOrUnfinished(out: string): Promise<void> {
  if (!existsSync(join(out, 'index.html')) || existsSync(join(out, '.sightline-partial'))) return
  const { findings } = await verifyBundle(bundleFolder(out))
  assert.deepEqual(findings, [])
}
