import type { Command } from 'commander'
import { moveLibrary } from '../store/move-library.ts'
import { CommandError } from './command-error.ts'
import { exitCodes } from './exit-codes.ts'
import { libraryFolder, libraryOption, openOptions } from './library-option.ts'
import { progressLine } from './progress.ts'
import { printable, printJson, type Terminal } from './terminal.ts'

interface MoveOptions {
  readonly to: string
  readonly library?: string
  readonly json?: boolean
}

export function addMove(
  program: Command,
  terminal: Terminal,
  finish: (code: number) => void,
): void {
  program
    .command('move')
    .summary('move the library’s tables to a PostgreSQL server, or back')
    .description(
      'Moves the library’s tables into an empty database of a PostgreSQL server, or from there\n' +
        'back into the folder. The library is checked before, compared and checked after; until then\n' +
        'nothing has moved. Files and keys stay in the folder. DATABASE_URL says where the tables\n' +
        'are now, if they are on a server.',
    )
    .requiredOption('--to <where>', 'postgres://… of an empty database, or "embedded"')
    .option(...libraryOption)
    .option('--json', 'print the result as JSON')
    .addHelpText(
      'after',
      `
Exit codes: 0 moved, 3 damage found and nothing moved, 1 could not run.

Examples:
  createdb sightline
  sightline move --to postgres://desk@db.internal/sightline
  DATABASE_URL=postgres://desk@db.internal/sightline sightline serve
  DATABASE_URL=postgres://desk@db.internal/sightline sightline move --to embedded`,
    )
    .action(async ({ to, library, json }: MoveOptions) => {
      const { databaseUrl, ...folderOnly } = openOptions('move')
      // Said twice, it is where they go: a library in its folder is refused while DATABASE_URL is set.
      const options =
        databaseUrl === undefined || databaseUrl === to
          ? folderOnly
          : { ...folderOnly, databaseUrl }
      if (to === 'embedded' && databaseUrl === undefined) {
        throw new CommandError(
          'usage',
          'the tables are in the folder already, or DATABASE_URL does not say which server has them',
          exitCodes.usage,
        )
      }
      const line = progressLine(terminal)
      const result = await moveLibrary(libraryFolder(library), to, options, line.show)
      line.clear()
      if (json === true) printJson(terminal, result)
      if (result.kind === 'damaged') {
        finish(exitCodes.findings)
        if (json === true) return
        const where = result.side === 'from' ? 'The library is damaged' : 'The copy is damaged'
        terminal.out(`${where}; nothing was moved.\n`)
        for (const { code, what, message } of result.findings) {
          terminal.out(`damage: ${code}  ${printable(what)}\n    ${printable(message)}\n`)
        }
        return
      }
      if (json === true) return
      terminal.out(`moved    ${result.tables} tables, ${result.rows} rows; both sides checked\n`)
      terminal.out(
        to === 'embedded'
          ? 'next     unset DATABASE_URL; the database there can be dropped\n'
          : 'next     set DATABASE_URL to that address\n',
      )
    })
}
