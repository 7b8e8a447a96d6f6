import type { Command } from 'commander'
import type { Schemas } from '../client/api-types.ts'
import { fetchInProcess } from '../egress/fetch-in-process.ts'
import { collectByProgram } from '../ingest/collect-by-program.ts'
import { collectFile, maxBytes, mostSeconds } from '../ingest/collect.ts'
import { examineItem } from '../ingest/examine-item.ts'
import type { Progress } from '../jobs/progress.ts'
import type { Library } from '../store/library.ts'
import { CommandError } from './command-error.ts'
import { openIncidentThere } from './desk-files.ts'
import { examineThere, jobThere } from './desk-jobs.ts'
import { withLibraryOrDesk } from './desk-server.ts'
import { exitCodes } from './exit-codes.ts'
import { incidentOption, readIncidentId } from './incident-option.ts'
import { effects, libraryOption, operator } from './library-option.ts'
import { progressLine } from './progress.ts'
import { printable, printJson, type Terminal } from './terminal.ts'

interface CollectOptions {
  readonly incident: string
  /** `true` where no program is named with it. */
  readonly with?: string | true
  readonly library?: string
  readonly json?: boolean
}

export function addCollect(
  program: Command,
  terminal: Terminal,
  finish: (code: number) => void,
): void {
  program
    .command('collect')
    .argument('<address>', 'https://… of one file or page')
    .summary('take a file into an incident from the web')
    .description(
      'Fetches one file or page and takes it into an incident as it came, with a record of the\n' +
        'address, every redirect, the times, the server’s address and certificate, and its headers.\n' +
        'Only https, only the public internet; scripts in a page are not run.\n' +
        'With --with, a program of yours is given the address instead and every file that it leaves\n' +
        'is taken in; it runs with your rights and in no sandbox (docs/guides/collectors.md).',
    )
    .requiredOption(...incidentOption)
    .option('--with [program]', 'collect by this program (default: $SIGHTLINE_COLLECTOR)')
    .option(...libraryOption)
    .option('--json', 'print the result as JSON')
    .addHelpText(
      'after',
      `
Exit codes: 0 taken in, 3 taken in with problems, 1 not fetched, or taken in and not examined.

Examples:
  sightline collect https://news.example/2031/quay.mp4 --incident harbour-street
  sightline collect https://videos.example/w/8f2 --incident harbour-street --with ./collector`,
    )
    .action(async (address: string, options: CollectOptions) => {
      const incident = readIncidentId(options.incident)
      const program = options.with === undefined ? undefined : readProgram(options.with)
      const line = progressLine(terminal)
      const { taken, leftOut, from } = await withLibraryOrDesk<Collected>(
        options.library,
        'collect',
        {
          here: async (library) => {
            line.show({ step: 'Fetching', done: 0, total: 1 })
            const wish = { incident, address }
            const { files, leftOut, from } =
              program === undefined
                ? await fetched(library, wish, line.show)
                : await byProgram(library, { ...wish, program })
            const taken: TakenIn[] = []
            for (const [done, { item, name, seenBefore, collectionSha256 }] of files.entries()) {
              const { sha256, sizeBytes, mediaType } = item
              const { findings } = await examineItem(
                library,
                operator,
                { incident, sha256, name },
                (share) =>
                  line.show({ step: 'Examining', done: done + share, total: files.length }),
              )
              const kept = { item: sha256, name, sizeBytes, mediaType, seenBefore }
              taken.push({ ...kept, collectionSha256, findings })
            }
            return { taken, leftOut, ...(from === undefined ? {} : { from }) }
          },
          there: async (desk) => {
            if (program !== undefined) {
              throw new CommandError(
                'usage',
                'a program of yours runs where the library is open: stop the desk, or leave --with out',
                exitCodes.usage,
              )
            }
            line.show({ step: 'Fetching', done: 0, total: 1 })
            await openIncidentThere(desk, { id: incident, title: incident })
            const { job } = await jobThere(
              desk,
              { kind: 'collect', incident, address },
              {
                onProgress: ({ step, share, doneBytes, totalBytes = 0 }) =>
                  line.show(
                    doneBytes === undefined
                      ? { step, done: share, total: 1 }
                      : { step, done: doneBytes, total: totalBytes, unit: 'bytes' },
                  ),
                warn: line.warn,
              },
            )
            const { from, ...kept } = keptBy(job)
            const onShare = (done: number): void => line.show({ step: 'Examining', done, total: 1 })
            const { findings } = await examineThere(desk, incident, kept.item, onShare, line)
            return { taken: [{ ...kept, findings }], leftOut: [], from }
          },
        },
      )
      line.clear()
      const problems = taken.some(({ findings }) =>
        findings.some(({ severity }) => severity === 'problem'),
      )
      if (problems) finish(exitCodes.findings)
      if (options.json === true) {
        const rest = from === undefined ? { files: taken, leftOut } : { ...taken[0], address: from }
        printJson(terminal, { incident, ...rest })
        return
      }
      for (const { item, name, seenBefore, findings } of taken) {
        const words = ['received', item, name ?? '', seenBefore ? '(again)' : '']
        terminal.out(`${printable(words.filter((word) => word !== '').join(' '))}\n`)
        if (from !== undefined) terminal.out(`from     ${printable(from)}\n`)
        for (const { code, message } of findings) {
          terminal.out(`  ${printable(`${code}: ${message}`)}\n`)
        }
      }
      for (const name of leftOut) terminal.err(`left out ${printable(name)}: no plain file\n`)
    })
}

interface Collected {
  readonly taken: readonly TakenIn[]
  readonly leftOut: readonly string[]
  /** Where it came from in the end, of what we fetched ourselves. */
  readonly from?: string
}

interface TakenIn {
  readonly item: string
  /** A desk says it to whoever had asked for the job. */
  readonly name?: string
  readonly sizeBytes: number
  readonly mediaType: string
  readonly seenBefore: boolean
  readonly collectionSha256: string
  readonly findings: readonly Schemas['Finding'][]
}

async function fetched(
  library: Library,
  wish: { incident: string; address: string },
  progress: Progress,
) {
  const world = { fetch: fetchInProcess, effects, progress }
  const { address, ...file } = await collectFile(library, operator, wish, world)
  return { files: [file], leftOut: [], from: address }
}

/** What a desk's job says that it kept. */
function keptBy({
  result = {},
}: Schemas['Job']): Omit<TakenIn, 'findings'> & { readonly from: string } {
  const text = (member: string): string => String(result[member])
  return {
    item: text('item'),
    ...(result['name'] === undefined ? {} : { name: text('name') }),
    sizeBytes: Number(result['sizeBytes']),
    mediaType: text('mediaType'),
    seenBefore: result['seenBefore'] === 1,
    collectionSha256: text('collectionSha256'),
    // Where somebody else had asked for the same, no more than its host.
    from: String(result['address'] ?? result['host']),
  }
}

async function byProgram(
  library: Library,
  wish: { incident: string; address: string; program: string },
) {
  const limits = { seconds: mostSeconds, maxBytes }
  const collected = await collectByProgram(library, operator, wish, { effects, limits })
  return { ...collected, from: undefined }
}

function readProgram(named: string | true): string {
  const program = named === true ? process.env['SIGHTLINE_COLLECTOR'] : named
  if (program !== undefined && program !== '') return program
  throw new CommandError(
    'usage',
    'which program? Name it with --with <program> or in SIGHTLINE_COLLECTOR',
    exitCodes.usage,
  )
}
