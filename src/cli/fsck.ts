import type { Command } from 'commander'
import { readRefusal } from '../client/api-client.ts'
import { eventsOf } from '../client/event-stream.ts'
import { checkLibrary } from '../store/fsck.ts'
import type { FsckProgress, FsckReport } from '../store/fsck-report.ts'
import { CommandError } from './command-error.ts'
import { withLibraryOrDesk } from './desk-server.ts'
import { exitCodes } from './exit-codes.ts'
import { libraryOption } from './library-option.ts'
import { progressLine } from './progress.ts'
import { printable, printJson, type Terminal } from './terminal.ts'

export function addFsck(
  program: Command,
  terminal: Terminal,
  finish: (code: number) => void,
): void {
  program
    .command('fsck')
    .summary('recheck the whole library')
    .description(
      'Rechecks the whole library: every file, custody entry, signature and recipe. Names each damage.',
    )
    .option(...libraryOption)
    .option('--json', 'print the report as JSON')
    .addHelpText(
      'after',
      `
Exit codes: 0 no damage, 3 damage found, 1 could not run.

Examples:
  sightline fsck
  sightline fsck --library /srv/library --json`,
    )
    .action(async (options: { readonly library?: string; readonly json?: boolean }) => {
      const line = progressLine(terminal)
      const show = ({ step, done, total }: FsckProgress): void =>
        line.show({ step: `Checking ${step}`, done, total })
      const report = await withLibraryOrDesk(
        options.library,
        'fsck',
        {
          here: (library) => checkLibrary(library, show),
          there: async (desk) => reportOf(await desk.ask('POST /fsck'), show),
        },
        true,
      )
      line.clear()
      if (options.json === true) printJson(terminal, report)
      else {
        for (const { code, what, message } of report.findings) {
          terminal.out(`${printable(`${code}  ${what}`)}\n    ${printable(message)}\n`)
        }
        for (const { code, what, message } of report.notes) {
          terminal.out(`note: ${printable(`${code}  ${what}`)}\n    ${printable(message)}\n`)
        }
        const counted = Object.entries(report.counted)
          .map(([name, number]) => `${name} ${number}`)
          .join(', ')
        const { length } = report.findings
        terminal.out(
          `${length === 0 ? 'No damage' : `${length} ${length === 1 ? 'finding' : 'findings'}`}. Checked: ${printable(counted)}.\n`,
        )
      }
      finish(report.findings.length === 0 ? exitCodes.ok : exitCodes.findings)
    })
}

/** From a desk, which says how far it is. @throws CommandError with the desk's reason */
async function reportOf(
  stream: ReadableStream<Uint8Array>,
  show: (progress: FsckProgress) => void,
): Promise<FsckReport> {
  for await (const { name, data } of eventsOf(stream)) {
    if (name === 'report') return JSON.parse(data) as FsckReport
    if (name === 'progress') show(JSON.parse(data) as FsckProgress)
    if (name === 'problem') {
      const { code, message } = readRefusal(data)
      throw new CommandError(code ?? 'desk-refused', message ?? 'no reason given', exitCodes.failed)
    }
  }
  throw new CommandError(
    'desk-unreachable',
    'the desk broke off before it had checked all; run this again',
    exitCodes.failed,
  )
}
