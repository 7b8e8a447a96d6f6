/** `collect --with`: what the operator's own program brings, and what becomes of one that misbehaves. */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseCanonicalJson } from '../../src/custody/canonical-json.ts'
import { parseRecord } from '../../src/custody/record.ts'
import { collectByProgram } from '../../src/ingest/collect-by-program.ts'
import { logSize, readEntries } from '../../src/store/custody-log.ts'
import {
  agent,
  emptyLibraryFolder,
  fixedEffects,
  openTestLibrary,
} from '../../src/store/fixture.ts'
import { checkLibrary } from '../../src/store/fsck.ts'
import type { Library } from '../../src/store/library.ts'
import { scratchFolder, sightline } from '../support/command-line.ts'

const work = scratchFolder('collector')
const address = 'https://videos.example/w/8f2?a=1&b=$(touch x);"\''

/** A program of that shell script; `$1` is the address, `$2` the folder. */
function program(name: string, script: string): string {
  const path = join(work, name)
  const version = '[ "$1" = --version ] && { printf "collector 7\\nmore"; exit; }'
  writeFileSync(path, `#!/bin/sh\n${version}\n${script}\n`, { mode: 0o755 })
  return path
}

async function inLibrary<T>(use: (library: Library) => Promise<T>): Promise<T> {
  const library = await openTestLibrary(await emptyLibraryFolder())
  try {
    return await use(library)
  } finally {
    await library.close()
  }
}

const collect = (
  library: Library,
  path: string,
  more: { seconds?: number; maxBytes?: number } = {},
) =>
  collectByProgram(
    library,
    agent,
    { incident: 'quay', address, program: path },
    { effects: fixedEffects(), limits: { seconds: 30, maxBytes: 1 << 20, ...more } },
  )

async function recordsOf(library: Library, hashes: readonly string[]) {
  const said: unknown[] = []
  for (const hash of hashes) {
    const parts: Uint8Array[] = []
    for await (const part of library.blobs.read(hash)) parts.push(part)
    said.push(parseCanonicalJson(Buffer.concat(parts).toString()))
  }
  return said as Record<string, unknown>[]
}

test('each file it leaves is an item with a record that says which program brought it', async () => {
  const path = program(
    'good',
    'printf %s "$1" > "$2/address.txt"; mkdir "$2/sub"; env > "$2/sub/environment.txt"; ls -A "$HOME" > "$2/home.txt"; echo home >> "$2/home.txt"',
  )
  await inLibrary(async (library) => {
    const { files, leftOut } = await collect(library, path)
    assert.deepEqual(leftOut, [])
    assert.deepEqual(
      files.map(({ name }) => name),
      ['address.txt', 'home.txt', 'sub/environment.txt'],
    )
    const content = async (index: number) =>
      library.blobs.lend(files[index]?.item.sha256 ?? '', (path) => readFile(path, 'utf8'))
    assert.equal(await content(0), new URL(address).href)
    assert.equal(await content(1), 'home\n')
    const names = (await content(2))
      .trim()
      .split('\n')
      .map((line) => line.replace(/=.*/, ''))
    assert.deepEqual(names.filter((name) => name !== 'PWD' && name !== '_').toSorted(), [
      'HOME',
      'LANG',
      'PATH',
      'TMPDIR',
    ])
    const [record] = await recordsOf(
      library,
      files.map(({ collectionSha256 }) => collectionSha256),
    )
    assert.deepEqual(record, {
      format: 'sightline-collection/1',
      method: 'program',
      tool: agent.tool,
      asked: address,
      program: {
        name: 'good',
        version: 'collector 7',
        sha256: createHash('sha256').update(readFileSync(path)).digest('hex'),
      },
      name: 'address.txt',
      startedAt: '2031-05-04T17:00:00.000Z',
      endedAt: '2031-05-04T17:00:01.000Z',
      item: files[0]?.item.sha256,
      sizeBytes: new URL(address).href.length,
    })
    const types = await library.read(async (reader) =>
      (await readEntries(reader, { from: 0, to: await logSize(reader) })).map(
        (entry) => parseRecord(entry.record).type,
      ),
    )
    assert.equal(types.filter((type) => type === 'item-collected').length, 3)
    const { findings, notes } = await checkLibrary(library)
    assert.deepEqual([findings, notes], [[], []])
  })
})

test('links, pipes and empty files are left out, and lead nowhere', async () => {
  const secret = join(work, 'secret')
  writeFileSync(secret, 'secret')
  const path = program(
    'links',
    `cd "$2"; echo good > good.txt; ln -s ${secret} soft; ln ${secret} hard; ln -s ${work} folder; mkfifo pipe; : > empty`,
  )
  await inLibrary(async (library) => {
    const { files, leftOut } = await collect(library, path)
    assert.deepEqual(
      files.map(({ name }) => name),
      ['good.txt'],
    )
    assert.deepEqual(leftOut, ['empty', 'folder', 'hard', 'pipe', 'soft'])
  })
  assert.equal(readFileSync(secret, 'utf8'), 'secret')
})

test('of one that fails, hangs, is killed or brings too much nothing is kept', async () => {
  const some = 'echo some > "$2/some"'
  const late = join(work, 'late')
  await inLibrary(async (library) => {
    for (const [name, script, code, message, limits] of [
      [
        'fails',
        `${some}; echo "no such video" >&2; exit 4`,
        'collector-failed',
        /status 4 \(no such video\)/,
      ],
      ['killed', `${some}; kill -9 $$`, 'collector-failed', /by SIGKILL/],
      [
        'hangs',
        `${some}; (sleep 4; echo late > ${late}) & sleep 600`,
        'too-slow',
        /1 s/,
        { seconds: 1 },
      ],
      ['large', 'head -c 3000000 /dev/zero > "$2/large"', 'too-large', /1048576 bytes/],
      ['endless', 'while :; do head -c 100000 /dev/zero >> "$2/large"; done', 'too-large', /bytes/],
      ['many', 'for i in $(seq 1100); do echo $i > "$2/$i"; done', 'too-large', /1000 files/],
      ['nothing', 'ln -s / "$2/root"', 'incomplete', /1 link/],
    ] as const) {
      await assert.rejects(collect(library, program(name, script), limits), { code, message }, name)
    }
    for (const path of [join(work, 'absent'), work, '/etc/passwd']) {
      await assert.rejects(collect(library, path), { code: 'collector-unusable' }, path)
    }
    assert.equal(await library.read(logSize), 0)
    const { notes } = await checkLibrary(library)
    assert.deepEqual(notes, [])
  })
  await sleep(4500)
  assert.equal(existsSync(late), false, 'what a collector had started went on')
})

test('what it leaves beyond what the incident may take in is not kept', async () => {
  const path = program('forty', 'head -c 40 /dev/zero > "$2/forty"')
  await inLibrary(async (library) => {
    const within = (incidentBytes: number) =>
      collectByProgram(
        library,
        agent,
        { incident: 'quay', address, program: path },
        { effects: fixedEffects(), limits: { seconds: 30, maxBytes: 1 << 20 }, incidentBytes },
      )
    await assert.rejects(within(39), { code: 'incident-full' })
    assert.equal(await library.read(logSize), 0)
    assert.equal((await within(40)).files.length, 1)
    await assert.rejects(within(40), { code: 'incident-full' })
  })
})

test('what it says is read, however much, and one that it leaves running holds nobody up', async () => {
  const path = program('talks', 'yes | head -c 50000000; yes >&2 & echo one > "$2/one"')
  await inLibrary(async (library) => {
    const { files } = await collect(library, path)
    assert.equal(files.length, 1)
  })
})

test('the command: a program is run only where it is asked for, and no other address is handed to it', async () => {
  const library = join(work, 'library')
  const path = program('by-name', 'echo text > "$2/page.txt"')
  const run = (...args: string[]) =>
    sightline(['collect', ...args, '--incident', 'quay', '--library', library], {
      environment: { SIGHTLINE_COLLECTOR: path },
    })
  const kept = await run(address, '--with')
  assert.equal(kept.code, 0, kept.stderr)
  assert.match(kept.stdout, /^received [0-9a-f]{64} page\.txt\n$/)
  const json = await run(address, '--with', path, '--json')
  const { files } = JSON.parse(json.stdout) as { files: { name: string; seenBefore: boolean }[] }
  assert.deepEqual(
    files.map(({ name, seenBefore }) => [name, seenBefore]),
    [['page.txt', true]],
  )
  for (const [odd, code] of [
    ['file:///etc/passwd', 'address-unsupported'],
    ['https://me:secret@videos.example/', 'address-unsupported'],
    ['nonsense', 'address-unsupported'],
  ] as const) {
    const { code: status, stderr } = await run(odd, '--with')
    assert.equal(status, 1)
    assert.match(stderr, new RegExp(code))
    assert.doesNotMatch(stderr, /secret/)
  }
  const alone = await run('https://127.0.0.1/')
  assert.match(alone.stderr, /address-not-public/)
  const none = await sightline([
    'collect',
    address,
    '--incident',
    'quay',
    '--library',
    library,
    '--with',
  ])
  assert.equal(none.code, 2)
})
