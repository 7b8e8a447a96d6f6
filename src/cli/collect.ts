import type { Command } from 'commander'
import { fetchInProcess } from '../egress/fetch-in-process.ts'
import { collectFile } from '../ingest/collect.ts'
import { examineItem } from '../ingest/examine-item.ts'
import { exitCodes } from './exit-codes.ts'
import { incidentOption, readIncidentId } from './incident-option.ts'
import { effects, libraryOption, operator, withLibrary } from './library-option.ts'
import { progressLine } from './progress.ts'
import { printable, printJson, type Terminal } from './terminal.ts'

interface CollectOptions {
  readonly incident: string
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
        'Only https, only the public internet; scripts in a page are not run.',
    )
    .requiredOption(...incidentOption)
    .option(...libraryOption)
    .option('--json', 'print the result as JSON')
    .addHelpText(
      'after',
      `
Exit codes: 0 taken in, 3 taken in with problems, 1 not fetched, or taken in and not examined.

Examples:
  sightline collect https://news.example/2031/quay.mp4 --incident harbour-street`,
    )
    .action(async (address: string, options: CollectOptions) => {
      const incident = readIncidentId(options.incident)
      const line = progressLine(terminal)
      await withLibrary(options.library, 'collect', async (library) => {
        line.show({ step: 'Fetching', done: 0, total: 1 })
        const world = { fetch: fetchInProcess, effects }
        const collected = await collectFile(library, operator, { incident, address }, world)
        const { item, name, seenBefore } = collected
        const examined = await examineItem(
          library,
          operator,
          { incident, sha256: item.sha256, name },
          (share) => line.show({ step: 'Examining', done: share, total: 1 }),
        )
        line.clear()
        const { findings } = examined
        if (findings.some(({ severity }) => severity === 'problem')) finish(exitCodes.findings)
        const { address: from, collectionSha256 } = collected
        if (options.json === true) {
          const { sha256, sizeBytes, mediaType } = item
          const kept = { item: sha256, name, sizeBytes, mediaType, seenBefore }
          printJson(terminal, { incident, ...kept, address: from, collectionSha256, findings })
          return
        }
        terminal.out(`received ${item.sha256} ${printable(name)}${seenBefore ? ' (again)' : ''}\n`)
        terminal.out(`from     ${printable(from)}\n`)
        for (const { code, message } of findings) terminal.out(`  ${code}: ${printable(message)}\n`)
      })
    })
}
