/** What a script sees of the commands: output, errors, exit codes. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { repository, scratchFolder, sightline } from '../support/command-line.ts'

const work = scratchFolder('commands')
const example = join(repository, 'examples', 'harbour-street')
const library = join(work, 'library')

test('every command has help with examples', async () => {
  for (const command of [
    'serve',
    'ingest',
    'import',
    'collect',
    'align',
    'publish',
    'verify',
    'search',
    'people',
    'fsck',
  ]) {
    const { code, stdout } = await sightline([command, '--help'])
    assert.equal(code, 0, command)
    assert.match(stdout, /Examples:/, command)
  }
  const { code, stdout } = await sightline(['--help'])
  assert.equal(code, 0)
  assert.match(stdout, /Exit codes/)
})

test('what is not understood is a usage error, exit code 2', async () => {
  for (const args of [
    ['publsh'],
    ['publish'],
    ['publish', example],
    ['verify', work, '--reproduce'],
    ['ingest', 'x.mp4'],
    ['ingest', 'x.mp4', '--incident', '../x'],
    ['align', join(example, 'footage', 'bakery.mp4'), '--anchor', 'nonsense'],
    ['fsck', '--colour'],
  ]) {
    const { code, stderr } = await sightline([
      ...args,
      ...(args[0] === 'ingest' ? ['--library', library] : []),
    ])
    assert.equal(code, 2, args.join(' '))
    assert.notEqual(stderr, '', args.join(' '))
    if (args[0] === 'publsh') assert.match(stderr, /no command "publsh"/)
  }
})

/** The example's texts with a change, and no footage: shape is checked before any file is read. */
function brokenCase(
  name: string,
  change: (texts: { case: string; story: string }) => { case: string; story: string },
) {
  const folder = join(work, name)
  mkdirSync(folder)
  const texts = change({
    case: readFileSync(join(example, 'case.yaml'), 'utf8'),
    story: readFileSync(join(example, 'story.md'), 'utf8'),
  })
  writeFileSync(join(folder, 'case.yaml'), texts.case)
  writeFileSync(join(folder, 'story.md'), texts.story)
  return folder
}

test('every problem of a case is listed with file, line and column, and nothing is written', async () => {
  const folder = brokenCase('broken', ({ case: facts, story }) => ({
    case: facts
      .replace('stance: asserts', 'stance: insists')
      .replace('kind: authority', 'kind: court'),
    story,
  }))
  const out = join(work, 'broken-out')
  const { code, stderr } = await sightline(['publish', folder, '--out', out, '--library', library])
  assert.equal(code, 1)
  assert.match(stderr, /^sightline: case\.yaml:\d+:\d+: sources\[1\]\.kind: .*\[case-shape\]$/m)
  assert.match(
    stderr,
    /^sightline: case\.yaml:\d+:\d+: statements\[1\]\.on\[1\]\.stance: .*\[case-shape\]$/m,
  )
  assert.deepEqual(readdirSync(out), [])
  const json = await sightline(['publish', folder, '--out', out, '--library', library, '--json'])
  const { error } = JSON.parse(json.stdout) as {
    error: { code: string; problems: { line: number }[] }
  }
  assert.equal(error.code, 'case-invalid')
  assert.equal(error.problems.length, 2)
})

test('a missing file and a link that leads outside are problems of the case, told together', async () => {
  const folder = brokenCase('missing', (texts) => texts)
  const { code, stderr } = await sightline(['import', folder, '--library', library])
  assert.equal(code, 1)
  assert.match(
    stderr,
    /case\.yaml:\d+:\d+: footage\/bakery\.mp4: there is no such file.*\[file-missing\]/,
  )
  assert.equal((stderr.match(/\[file-missing\]/g) ?? []).length, 14)
})

test('an output folder with other things in it is left alone', async () => {
  const out = join(work, 'mine')
  mkdirSync(out)
  writeFileSync(join(out, 'thesis.txt'), 'mine')
  const { code, stderr } = await sightline(['publish', example, '--out', out, '--library', library])
  assert.equal(code, 1)
  assert.match(stderr, /\[output-not-a-bundle\]/)
  assert.deepEqual(readdirSync(out), ['thesis.txt'])
})

test('the same file twice is one item, seen twice', async () => {
  const copy = join(work, 'copy of the kerb.jpg')
  copyFileSync(join(example, 'photos', 'kerb.jpg'), copy)
  const { code, stdout } = await sightline([
    'ingest',
    join(example, 'photos', 'kerb.jpg'),
    copy,
    '--incident',
    'kerb',
    '--library',
    library,
    '--json',
  ])
  assert.equal(code, 0)
  const { items } = JSON.parse(stdout) as { items: { item: string; seenBefore: boolean }[] }
  assert.equal(items[0]?.item, items[1]?.item)
  assert.deepEqual(
    items.map((item) => item.seenBefore),
    [false, true],
  )
})

test('align puts the four afternoon recordings on one clock and leaves nightfall apart, without a library', async () => {
  const files = readdirSync(join(example, 'footage')).map((name) => join(example, 'footage', name))
  const { code, stdout } = await sightline(['align', ...files, '--json'])
  assert.equal(code, 0)
  const { groups, apart } = JSON.parse(stdout) as {
    groups: {
      members: { path: string; offsetSeconds: number; rate: number; errorSeconds: number }[]
      links: unknown[]
    }[]
    apart: { path: string; code: string; reason: string }[]
  }
  assert.deepEqual(
    groups.map((group) => group.members.length),
    [4],
  )
  assert.ok(
    groups[0]?.members.every(
      (member) => member.errorSeconds >= 0 && Math.abs(member.rate - 1) < 0.001,
    ),
  )
  assert.deepEqual(
    apart.map(({ path, code: why }) => [path.endsWith('nightfall.mp4'), why]),
    [[true, 'no-shared-sound']],
  )
})

test('names with terminal escapes are shown as escapes', async () => {
  const name = join(work, 'red \u001B[31m\u202E.mp4')
  writeFileSync(name, 'x')
  const { stdout, stderr } = await sightline([
    'ingest',
    name,
    '--incident',
    'kerb',
    '--library',
    library,
  ])
  // oxlint-disable-next-line no-control-regex
  assert.doesNotMatch(stdout + stderr, /[\u001B\u202E]/)
  assert.match(stdout, /\\u\{1b\}/)
})

test('what a command says on stderr reaches whoever started the launcher', () => {
  const absent = join(scratchFolder('launcher'), 'absent')
  const { status, stderr, stdout } = spawnSync(
    join(repository, 'sightline'),
    ['fsck', '--library', absent],
    { encoding: 'utf8' },
  )
  assert.deepEqual([status, stdout], [1, ''])
  assert.match(stderr, /no Sightline library in .*absent[^]*\[no-library\]/)
})

test('a benchmark that is not there is a wrong use, and which there are can be asked for', () => {
  const bench = (name: string) =>
    spawnSync(join(repository, 'sightline'), ['bench', name], { encoding: 'utf8' })
  assert.match(bench('--help').stdout, /Usage: .* bench \[spine/)
  const { status, stderr } = bench('../none')
  assert.deepEqual([status, /no benchmark "\.\.\/none"/.test(stderr)], [2, true])
})

test('fsck on a folder without a library says so and makes none', async () => {
  const nowhere = join(work, 'nowhere')
  const { code, stderr } = await sightline(['fsck', '--library', nowhere])
  assert.equal(code, 1)
  assert.match(stderr, /\[no-library\]/)
  assert.equal(readdirSync(work).includes('nowhere'), false)
})
