import type { Command } from 'commander'
import { moveLibrary, type MoveResult, type MoveWish } from '../store/move-library.ts'
import { CommandError } from './command-error.ts'
import { exitCodes } from './exit-codes.ts'
import { libraryFolder, libraryOption, objectAddress, openOptions } from './library-option.ts'
import { progressLine } from './progress.ts'
import { printable, printJson, type Terminal } from './terminal.ts'

interface MoveOptions {
  readonly to?: string
  readonly blobs?: string
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
    .summary(
      'move the library’s tables to a PostgreSQL server, its files to an object store, or back',
    )
    .description(
      'Moves the library’s tables into an empty database of a PostgreSQL server, its files into an\n' +
        'empty place of an S3-compatible object store, or either from there back into the folder. The\n' +
        'library is checked before, compared and checked after; until then nothing has moved. Keys stay\n' +
        'in the folder. DATABASE_URL and SIGHTLINE_BLOBS say where tables and files are now, if not in it;\n' +
        'AWS_ENDPOINT_URL_S3, AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY the way to the object store.',
    )
    .option('--to <where>', 'the tables: postgres://… of an empty database, or "embedded"')
    .option('--blobs <where>', 'the files: s3://bucket or s3://bucket/prefix, or "folder"')
    .option(...libraryOption)
    .option('--json', 'print the result as JSON')
    .addHelpText(
      'after',
      `
Interrupted at any moment, everything is where it was or where it was to go; the same command again goes on.

Exit codes: 0 moved, or there already; 3 damage found and nothing moved; 1 could not run.

Examples:
  createdb sightline
  sightline move --to postgres://desk@db.internal/sightline
  DATABASE_URL=postgres://desk@db.internal/sightline sightline move --to embedded
  sightline move --blobs s3://footage
  SIGHTLINE_BLOBS=s3://footage sightline move --blobs folder
  sightline move --to postgres://desk@db.internal/sightline --blobs s3://footage/desk`,
    )
    .action(async ({ to, blobs, library, json }: MoveOptions) => {
      if (to === undefined && blobs === undefined) {
        throw new CommandError(
          'usage',
          'say what is to move: --to for the tables, --blobs for the files',
          exitCodes.usage,
        )
      }
      const wish: MoveWish = {
        ...(to === undefined ? {} : { to }),
        ...(blobs === undefined
          ? {}
          : { blobs: blobs === 'folder' ? blobs : objectAddress(blobs) }),
      }
      const line = progressLine(terminal)
      const result = await moveLibrary(libraryFolder(library), wish, openOptions('move'), line.show)
      line.clear()
      if (result.kind === 'damaged') finish(exitCodes.findings)
      if (json === true) printJson(terminal, result)
      else
        terminal.out(
          lines(wish, result)
            .map((text) => `${text}\n`)
            .join(''),
        )
    })
}

function lines({ to, blobs }: MoveWish, result: MoveResult): readonly string[] {
  if (result.kind === 'damaged') {
    const where = result.side === 'from' ? 'The library is damaged' : 'The copy is damaged'
    return [
      `${where}; nothing was moved.`,
      ...result.findings.flatMap(({ code, what, message }) => [
        `damage: ${code}  ${printable(what)}`,
        `    ${printable(message)}`,
      ]),
    ]
  }
  const left = result.left
    ? ['left     files at the old place could not be removed; the same command again tries to']
    : []
  if (result.kind === 'there-already') {
    return ['there    everything is there already; nothing was moved', ...left]
  }
  const { tables, rows, blobs: files, blobBytes } = result
  return [
    ...(tables === undefined
      ? []
      : [`moved    ${tables} tables, ${rows} rows; both sides checked`]),
    ...(files === undefined ? [] : [`moved    ${files} files, ${blobBytes} bytes; each read back`]),
    ...left,
    ...(tables === undefined
      ? []
      : [
          to === 'embedded'
            ? 'next     unset DATABASE_URL; the database there can be dropped'
            : 'next     set DATABASE_URL to that address',
        ]),
    ...(files === undefined
      ? []
      : [
          blobs === 'folder'
            ? 'next     unset SIGHTLINE_BLOBS'
            : 'next     set SIGHTLINE_BLOBS to that address',
        ]),
  ]
}
