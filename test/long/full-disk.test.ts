/**
 * `ingest` and `publish` on a disk that fills, at a dozen different points: each
 * ends with a clear error, nothing acknowledged is lost, nothing is held against
 * the recording, and once there is room the work completes.
 */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { before, describe, test } from 'node:test'

import { scratchFolder, sightline, type CommandResult } from '../support/command-line.ts'
import {
  checkKept,
  readAcknowledged,
  type Acknowledged,
  type LibraryState,
} from '../support/library-state.ts'
import { writeLooseFiles, writeQuayCase, writeStory } from '../support/quay-case.ts'
import { smallDisk, whyNoSmallDisk, type SmallDisk } from '../support/small-disk.ts'

const mebibyte = 1 << 20
const roomy = 384 * mebibyte
const work = scratchFolder('full-disk')
const caseFolder = join(work, 'case')
/** Of ingest: the damaged file and the playlist are taken in with problems. */
const problemsFound = 3
const skip = whyNoSmallDisk() ?? false
let looseFiles: readonly string[] = []
/** Of a library that never met a full disk. */
let calm: LibraryState
let calmMilliseconds = 0
let originalBytes = 0

const ingest = (library: string): string[] => [
  'ingest',
  ...looseFiles,
  '--incident',
  'ferry-quay',
  '--library',
  library,
]
const publish = (library: string, out: string): string[] => [
  'publish',
  caseFolder,
  '--out',
  out,
  '--library',
  library,
]

/** What a library keeps free: docs/formats/library.md, rule 5. */
const reserveBytes = 8 * mebibyte

/** A recording whose proxy is larger than that reserve. */
function writeNoise(path: string): void {
  const noise = '-f rawvideo -pix_fmt gray -s 480x270 -r 25 -t 15 -i /dev/urandom'
  const coded = '-c:v libx264 -preset ultrafast -crf 32 -pix_fmt yuv420p'
  const options = `-nostdin -v error -y ${noise} ${coded}`.split(' ')
  execFileSync('ffmpeg', [...options, path])
}

async function stateOf(library: string): Promise<LibraryState> {
  const kept = await checkKept(library, { received: [], published: [] })
  assert.ok(kept)
  return kept.state
}

/** Everything but how often a file was handed in. */
function lasting(state: LibraryState): Partial<LibraryState> {
  return { ...state, sightings: [] }
}

async function emptyLibrary(disk: SmallDisk): Promise<string> {
  const library = join(disk.folder, 'library')
  const refused = await sightline(['ingest', 'absent', '--incident', 'x', '--library', library])
  assert.match(refused.stdout, /\[file-missing\]/)
  return library
}

async function assertSound(library: string): Promise<void> {
  const checked = await sightline(['fsck', '--library', library, '--json'])
  assert.equal(checked.code, 0, checked.stdout + checked.stderr)
}

function assertStorageFull(run: CommandResult): void {
  assert.equal(run.code, 1, run.stdout + run.stderr)
  assert.match(run.stderr, /^sightline: \[storage-full\]$/m)
  assert.match(run.stderr, /[Ff]ree some space|has free space/)
  assert.doesNotMatch(run.stderr, /^ {4}at /m)
}

/**
 * Runs what does not fit, or fills the disk while it runs; then makes room and
 * lets it complete. Returns what it had come to.
 */
async function fillThenComplete(
  disk: SmallDisk,
  args: readonly string[],
  expectedCode: number,
  filledAfterMilliseconds?: number,
) {
  const library = join(disk.folder, 'library')
  const acknowledged: Acknowledged = { received: [], published: [] }
  const filling =
    filledAfterMilliseconds === undefined
      ? undefined
      : setTimeout(() => disk.fill(), filledAfterMilliseconds)
  const run = await sightline(args)
  clearTimeout(filling)
  readAcknowledged(run.stdout.split('\n').slice(0, -1), acknowledged)
  const said = run.stderr.replaceAll('\n', ' ')
  const had = { code: run.code, received: acknowledged.received.length, said }
  if (run.code !== expectedCode) {
    assertStorageFull(run)
    // Still full: a look at the library works, or says why not.
    const looked = await sightline(['fsck', '--library', library])
    if (looked.code !== 0) assert.match(looked.stderr, /\[(?:storage-full|no-library)\]/)
  }
  disk.resize(roomy)
  await checkKept(library, acknowledged)
  const again = await sightline(args)
  assert.equal(again.code, expectedCode, again.stderr)
  readAcknowledged(again.stdout.split('\n').slice(0, -1), acknowledged)
  const kept = await checkKept(library, acknowledged)
  assert.ok(kept)
  assert.deepEqual(readdirSync(join(library, 'scratch')), [])
  await assertSound(library)
  return { had, state: kept.state }
}

describe('on a disk that fills', { skip }, () => {
  before(async () => {
    writeQuayCase(caseFolder)
    const loose = join(work, 'loose')
    looseFiles = writeLooseFiles(loose, caseFolder)
    writeNoise(join(loose, 'noise.mp4'))
    looseFiles = [...looseFiles, join(loose, 'noise.mp4')]
    originalBytes = looseFiles.reduce((sum, path) => sum + statSync(path).size, 0)
    const library = join(work, 'calm')
    const startedAt = performance.now()
    const ingested = await sightline(ingest(library))
    calmMilliseconds = performance.now() - startedAt
    assert.equal(ingested.code, problemsFound, ingested.stderr)
    calm = await stateOf(library)
  })

  for (const sizeMebibytes of [0.0625, 12, 30, 36, 42]) {
    test(`a new library on ${sizeMebibytes} MiB`, async (t) => {
      const disk = smallDisk(sizeMebibytes * mebibyte)
      const args = ingest(join(disk.folder, 'library'))
      const { had, state } = await fillThenComplete(disk, args, problemsFound)
      assert.equal(had.code, 1)
      assert.deepEqual(lasting(state), lasting(calm))
      t.diagnostic(`${had.received} of ${looseFiles.length} files acknowledged before it was full`)
      disk.unmount()
    })
  }

  // The last three: every original fits, what is made of them does not.
  for (const [share, moreMebibytes] of [
    [0, 0.03],
    [0, 0.3],
    [0.1, 0],
    [0.5, 0],
    [0.95, 0],
    [1, 0.5],
    [1, 2],
    [1, 4],
  ] as const) {
    const named = `${share * 100} % of the originals and ${moreMebibytes} MiB`
    test(`ingest with room for ${named}`, async (t) => {
      const disk = smallDisk(roomy)
      const library = await emptyLibrary(disk)
      const room = reserveBytes + share * originalBytes + moreMebibytes * mebibyte
      disk.resize(disk.usedBytes() + room)
      const { had, state } = await fillThenComplete(disk, ingest(library), problemsFound)
      assert.equal(had.code, 1)
      assert.equal(had.received === looseFiles.length, share === 1)
      assert.deepEqual(lasting(state), lasting(calm))
      t.diagnostic(`${had.received} of ${looseFiles.length} files acknowledged before it was full`)
      disk.unmount()
    })
  }

  for (let turn = 0; turn < 8; turn++) {
    const share = (turn + Math.random()) / 8
    test(`another program takes the rest of the disk after ${(100 * share).toFixed()} % of the time`, async (t) => {
      const disk = smallDisk(roomy / 2)
      const args = ingest(join(disk.folder, 'library'))
      const after = share * calmMilliseconds
      const { had, state } = await fillThenComplete(disk, args, problemsFound, after)
      assert.deepEqual(lasting(state), lasting(calm))
      t.diagnostic(
        `exit ${had.code}, ${had.received} of ${looseFiles.length} files acknowledged: ${had.said}`,
      )
      disk.unmount()
    })
  }

  for (const roomMebibytes of [1, 7, 8.1, 8.4, 8.8, 9.2, 9.6, 10]) {
    test(`publish with ${roomMebibytes} MiB left`, async (t) => {
      const disk = smallDisk(roomy)
      const library = await emptyLibrary(disk)
      const out = join(work, `out-${roomMebibytes}`)
      disk.resize(disk.usedBytes() + roomMebibytes * mebibyte)
      const { had, state } = await fillThenComplete(disk, publish(library, out), 0)
      assert.equal(state.sightings.length, 5)
      assert.deepEqual(state.findings, [])
      assert.equal(state.publications.length, 1)
      assert.equal((await sightline(['verify', out])).code, 0)
      t.diagnostic(`exit ${had.code}, ${had.received} of 5 files acknowledged before it was full`)
      disk.unmount()
    })
  }

  test('a script reads the code of the error as JSON', async () => {
    const disk = smallDisk(3 * mebibyte)
    const run = await sightline([...ingest(join(disk.folder, 'library')), '--json'])
    const { error } = JSON.parse(run.stdout) as { error: { code: string; message: string } }
    assert.equal(error.code, 'storage-full')
    assert.match(error.message, /Free some space/)
    disk.unmount()
  })

  test('an output folder that is too small leaves library and earlier bundle as they were', async () => {
    const disk = smallDisk(mebibyte / 2)
    const library = join(work, 'library')
    const out = join(disk.folder, 'out')
    const first = await sightline(publish(library, out))
    assert.equal(first.code, 1)
    assert.match(first.stdout, /^published ferry-quay revision 1$/m)
    assert.match(first.stderr, /free some space or choose another folder with --out/)
    assert.match(first.stderr, /^sightline: \[output-full\]$/m)
    assert.deepEqual(readdirSync(out), [])
    await assertSound(library)

    const elsewhere = join(work, 'elsewhere')
    const second = await sightline(publish(library, elsewhere))
    assert.equal(second.code, 0, second.stderr)
    assert.match(second.stdout, /^published ferry-quay revision 1 \(unchanged\)$/m)
    assert.equal((await sightline(['verify', elsewhere])).code, 0)

    disk.resize(roomy)
    assert.equal((await sightline(publish(library, out))).code, 0)
    disk.resize(disk.usedBytes() + mebibyte / 4)
    writeStory(caseFolder, 1)
    const third = await sightline(publish(library, out))
    assert.equal(third.code, 1)
    assert.match(third.stderr, /^sightline: \[output-full\]$/m)
    assert.match((await sightline(['verify', out])).stdout, /revision 1,/)
    disk.resize(roomy)
    assert.equal((await sightline(publish(library, out))).code, 0)
    assert.match((await sightline(['verify', out])).stdout, /revision 2,/)
    assert.ok(!existsSync(join(out, '.sightline-partial')))
    await assertSound(library)
    writeStory(caseFolder, 0)
    disk.unmount()
  })
})
