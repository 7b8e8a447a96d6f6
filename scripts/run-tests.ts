/**
 * `./sightline test [--long] [file…]`: types, lint, format and unused code, then
 * every test with node:test, and once more those that open a library, with its
 * tables on a PostgreSQL server, and some of those with their files in an object store, that are started
 * for them. `--long` adds the programmes under test/long/
 * (kill sweeps, full disks, fault sweeps), which take tens of minutes.
 */
import { spawnSync } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { dirname, join } from 'node:path'
import { startObjectStore } from '../test/support/object-store.ts'
import { startPostgres } from '../test/support/postgres.ts'

const root = join(import.meta.dirname, '..')
const bin = join(root, 'node_modules', '.bin')
const environment = {
  ...process.env,
  PATH: `${dirname(process.execPath)}:${bin}:${process.env['PATH'] ?? ''}`,
}

const help = `Usage: ./sightline test [--long] [--only-tests] [file…]

Runs types, lint, format and unused-code checks, then every test; those that open
a library a second time with its tables on a PostgreSQL server, and some of those
once more with their files in an S3-compatible object store.

  --long        also the programmes in test/long/, and the second runs of media tests (hours)
  --only-tests  leave the static checks out
  file…         only these test files

Examples:
  ./sightline test
  ./sightline test --only-tests src/custody/canonical-json.test.ts
  ./sightline test --long`

const options = process.argv.slice(2)
if (options.includes('--help')) {
  process.stdout.write(`${help}\n`)
  process.exit(0)
}
const unknown = options.find(
  (option) => option.startsWith('-') && !['--long', '--only-tests'].includes(option),
)
if (unknown !== undefined) {
  process.stderr.write(`sightline test: unknown option ${unknown}; see ./sightline test --help\n`)
  process.exit(2)
}
const isLong = options.includes('--long')
const files = options.filter((option) => !option.startsWith('-'))

const checks: readonly (readonly string[])[] = [
  ['tsc', '-p', 'tsconfig.pure.json'],
  ['tsc', '-p', 'tsconfig.node.json'],
  ['tsc', '-p', 'tsconfig.web.json'],
  ['oxlint', '--type-aware', '--deny-warnings'],
  ['oxfmt', '--check', '.'],
  ['knip'],
]

if (files.length === 0 && !options.includes('--only-tests')) {
  for (const [program = '', ...rest] of checks)
    run(join(bin, program), rest, `${program} ${rest.join(' ')}`)
}

const globs =
  files.length > 0
    ? files
    : [
        'src/**/*.test.ts',
        'test/{stories,e2e,support}/**/*.test.ts',
        ...(isLong ? ['test/long/**/*.test.ts'] : []),
      ]
runTests(globs, 'tests')

const libraryTests = [
  'src/store/{store,library,fsck,search,withdrawn-files}.test.ts',
  'src/ingest/upload-endings.test.ts',
  'src/observe/metrics.test.ts',
  'src/queue/{collect-job,queue,worker}.test.ts',
  'src/jobs/{edit-record,post-comment,record-publication,seal-bundle}.test.ts',
  'src/server/{access,api,api-search,case-api,comment-api,contribute,exchange-routes,jobs-api,media-routes,order-api,people-api,uploads}.test.ts',
  'test/stories/{collect,collector,commands,edited-case,jobs,running-desk,serve,tips}.test.ts',
]
/** More of them, of which media programs take most of the time. */
const longLibraryTests = [
  'test/stories/{canaries,cut-recording,harbour-street,hostile-inputs,impulses,redactions,search,upload-chaos}.test.ts',
  'test/e2e/first-start.test.ts',
]
/** Of those the ones that bring files, damage them, or follow one through all it goes through. */
const fileTests = [
  'src/store/{store,library,fsck}.test.ts',
  'src/server/{api,contribute,uploads}.test.ts',
  'test/stories/commands.test.ts',
]
const longFileTests = ['test/stories/{cut-recording,hostile-inputs}.test.ts']
if (files.length === 0) {
  const server = await startPostgres()
  const onServer = isLong ? [...libraryTests, ...longLibraryTests] : libraryTests
  runTests(onServer, 'tests with a PostgreSQL server', { SIGHTLINE_TEST_POSTGRES: server.url })
  await server.remove()
  const objects = await startObjectStore()
  const inObjects = isLong ? [...fileTests, ...longFileTests] : fileTests
  runTests(inObjects, 'tests with an object store', { SIGHTLINE_TEST_OBJECTS: objects.endpoint })
  await objects.remove()
}

function runTests(
  patterns: readonly string[],
  name: string,
  more: Readonly<Record<string, string>> = {},
): void {
  const concurrency = `--test-concurrency=${Math.min(2, availableParallelism())}`
  run(process.execPath, ['--test', concurrency, '--test-reporter=spec', ...patterns], name, more)
}

function run(
  program: string,
  rest: readonly string[],
  name: string,
  more: Readonly<Record<string, string>> = {},
): void {
  process.stdout.write(`— ${name}\n`)
  const { status, error } = spawnSync(program, rest, {
    cwd: root,
    stdio: 'inherit',
    env: { ...environment, ...more },
  })
  if (error !== undefined) throw error
  if (status !== 0) {
    process.stderr.write(`sightline test: ${name} failed\n`)
    process.exit(1)
  }
}
