import type { Command } from 'commander'
import { checkLibrary } from '../store/fsck.ts'
import { exitCodes } from './exit-codes.ts'
import { libraryOption, withLibrary } from './library-option.ts'
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
      const report = await withLibrary(
        options.library,
        'fsck',
        (library) =>
          checkLibrary(library, ({ step, done, total }) =>
            line.show({ step: `Checking ${step}`, done, total }),
          ),
        true,
      )
      line.clear()
      if (options.json === true) printJson(terminal, report)
      else {
        for (const { code, what, message } of report.findings) {
          terminal.out(`${code}  ${printable(what)}\n    ${printable(message)}\n`)
        }
        for (const { code, what, message } of report.notes) {
          terminal.out(`note: ${code}  ${printable(what)}\n    ${printable(message)}\n`)
        }
        const counted = Object.entries(report.counted)
          .map(([name, number]) => `${name} ${number}`)
          .join(', ')
        const { length } = report.findings
        terminal.out(
          `${length === 0 ? 'No damage' : `${length} ${length === 1 ? 'finding' : 'findings'}`}. Checked: ${counted}.\n`,
        )
      }
      finish(report.findings.length === 0 ? exitCodes.ok : exitCodes.findings)
    })
}
