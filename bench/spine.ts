/**
 * `./sightline bench spine [case folder] [--rounds N] [--json]`: what the way
 * from footage to story costs in processor time, over the least that must be
 * computed. bench/README.md says what is measured and why so.
 */
import { cp, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { caseFileName, readCase } from '../src/case/read-case.ts'
import { withLibrary } from '../src/cli/library-option.ts'
import { blobFile, ingestFloors, renderFloors } from './floors.ts'
import { checkMeter, costOf, costOfAll, type Cost } from './process-tree.ts'
import { report, type Round } from './spine-report.ts'

const root = join(import.meta.dirname, '..')
const help = `Usage: ./sightline bench spine [case folder] [--rounds N] [--json]

Processor time of ingest and publish over the sum of their floors. Takes some
minutes a round; the case is examples/harbour-street unless another is named.

  --rounds N  how often everything is measured; the median counts (default 3)
  --json      every round's figures as JSON

Examples:
  ./sightline bench spine
  ./sightline bench spine --rounds 1 --json`

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string', default: '3' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})
const rounds = Number(values.rounds)
if (values.help || !Number.isInteger(rounds) || rounds < 1) {
  process.stdout.write(`${help}\n`)
  process.exit(values.help ? 0 : 2)
}
const caseFolder = resolve(positionals[0] ?? join(root, 'examples', 'harbour-street'))
const scratch = await mkdtemp(join(tmpdir(), 'sightline-bench-'))
try {
  const meter = await checkMeter()
  const measured: Round[] = []
  // What a round leaves stays until the end: ext4 takes a millisecond more for each new
  // file while thousands were deleted shortly before.
  for (let round = 1; round <= rounds; round += 1) {
    const folder = join(scratch, String(round))
    await mkdir(folder)
    measured.push(await measureRound(folder, (step) => say(`round ${round}/${rounds}: ${step}`)))
  }
  process.stdout.write(
    values.json
      ? `${JSON.stringify({ case: caseFolder, meter, rounds: measured }, undefined, 2)}\n`
      : report(measured),
  )
} finally {
  await rm(scratch, { recursive: true, force: true })
}

/** Steps and their floors stand next to each other in time: the machine's mood is the same for both. */
async function measureRound(folder: string, begin: (step: string) => void): Promise<Round> {
  const library = join(folder, 'library')
  const aligned = join(folder, 'aligned')
  const bare = join(folder, 'bare')
  await mkdir(bare)
  const { incident, files } = await readCaseFiles()
  const step = (...args: string[]): Promise<Cost> =>
    costOf({
      program: process.execPath,
      args: [join(import.meta.dirname, 'library-step.ts'), ...args],
    })
  const sightline = (...args: string[]): Promise<Cost> =>
    costOf({ program: join(root, 'sightline'), args })
  const publish = (from: string, out: string): Promise<Cost> =>
    sightline('publish', caseFolder, '--library', from, '--out', join(folder, out))

  begin('library')
  const creation = await step('open', library)
  const opening = await step('open', library)
  begin('ingest')
  const ingest = await sightline('ingest', '--incident', incident, '--library', library, ...files)
  begin('floors of ingest')
  const floors = await withLibrary(library, 'bench', (open) => ingestFloors(open, files, bare))
  const hash = await costOfAll(floors.hash)
  const scan = await costOfAll(floors.scan)
  const transcode = await costOfAll(floors.transcode)

  begin('alignment')
  await sightline('import', caseFolder, '--library', library)
  await cp(library, aligned, { recursive: true })
  const importAgain = await sightline('import', caseFolder, '--library', library)
  const importAndAlign = await step('align', aligned, caseFolder)
  begin('publish after alignment')
  const publishAligned = await publish(aligned, 'story')
  begin('floors of publish')
  const renders = await costOfAll(
    await renderFloors(join(folder, 'story'), (sha256) => blobFile(aligned, sha256), bare),
  )
  begin('publish with alignment')
  const publishWhole = await publish(library, 'story-2')
  begin('publish again')
  const publishAgain = await publish(library, 'story-2')
  return {
    creation,
    opening,
    hash,
    scan,
    transcode,
    ingest,
    importAgain,
    importAndAlign,
    renders,
    publishAligned,
    publishWhole,
    publishAgain,
  }
}

async function readCaseFiles(): Promise<{ incident: string; files: readonly string[] }> {
  const { case: facts, problems } = readCase(await readFile(join(caseFolder, caseFileName), 'utf8'))
  if (facts === undefined) throw new Error(problems.map(({ message }) => message).join('\n'))
  const files = [...facts.footage, ...facts.photos, ...facts.documents].map(({ file }) =>
    join(caseFolder, file),
  )
  return { incident: facts.incident.id, files: [...new Set(files)] }
}

function say(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`${text}\n`)
}
