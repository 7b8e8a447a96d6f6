import type { Command } from 'commander'
import {
  closeContributorLink,
  openContributorLink,
  readContributorLinks,
  readLinkUse,
} from '../store/contributor-links.ts'
import { readIncidents } from '../store/incidents.ts'
import { CommandError } from './command-error.ts'
import { exitCodes } from './exit-codes.ts'
import { readIncidentId } from './incident-option.ts'
import { effects, libraryOption, operator, withLibrary } from './library-option.ts'
import { printable, printJson, type Terminal } from './terminal.ts'

interface Options {
  readonly library?: string
  readonly json?: boolean
}

interface OpenOptions extends Options {
  readonly incident: string
  readonly note: string
  readonly days: string
  readonly maxBytes: string
  readonly maxFiles: string
}

const mostDays = 366

export function addLink(program: Command, terminal: Terminal): void {
  const link = program
    .command('link')
    .summary('contributor links: anyone who has one can send something')
    .description(
      'A contributor link is an address by which anyone can send footage or an account for one\n' +
        'incident, without an account here. What comes waits until it is accepted (sightline tips).',
    )
    .addHelpText(
      'after',
      `
Examples:
  sightline link open --incident harbour-street --days 14 --note "Footage of the evening of 4 May"
  sightline link list
  sightline link close link-00a1b2c3d4e5f607`,
    )

  link
    .command('open')
    .summary('open one; its address is shown now and never again')
    .requiredOption('--incident <id>', 'the incident')
    .option('--note <text>', 'shown to contributors', '')
    .option('--days <number>', 'how long it lasts', '14')
    .option('--max-bytes <number>', 'all that may come by it', String(10 * 2 ** 30))
    .option('--max-files <number>', 'how many files may come by it', '100')
    .option(...libraryOption)
    .option('--json', 'print the result as JSON')
    .action(async (options: OpenOptions) => {
      const incident = readIncidentId(options.incident)
      const days = readNumber('--days', options.days, mostDays)
      const mostBytes = readNumber('--max-bytes', options.maxBytes, Number.MAX_SAFE_INTEGER)
      const mostFiles = readNumber('--max-files', options.maxFiles, 10_000)
      const expiresAt = new Date(effects.now().getTime() + days * 86_400_000).toISOString()
      const wish = { incident, note: options.note, mostBytes, mostFiles, expiresAt }
      await withLibrary(
        options.library,
        'link open',
        async (library) => {
          const opened = await library.transact(operator, async (tx) => {
            if ((await readIncidents(tx, incident)).length === 0) {
              throw failed('incident-unknown', `there is no incident "${incident}"`)
            }
            return openContributorLink(tx, wish)
          })
          const path = `/contribute/${opened.token}`
          if (options.json === true) printJson(terminal, { ...opened.link, path })
          else {
            terminal.out(`opened   ${opened.link.id}\n`)
            terminal.out(`address  ${path} on this desk; it is kept nowhere, so write it down\n`)
            terminal.out(`until    ${expiresAt}\n`)
          }
        },
        true,
      )
    })

  link
    .command('list')
    .summary('list them')
    .option('--incident <id>', 'only of this incident')
    .option(...libraryOption)
    .option('--json', 'print the result as JSON')
    .action(async (options: Options & { readonly incident?: string }) => {
      const incident = options.incident === undefined ? undefined : readIncidentId(options.incident)
      const links = await withLibrary(
        options.library,
        'link list',
        (library) =>
          library.read(async (reader) => {
            const found = await readContributorLinks(reader, incident)
            return Promise.all(
              found.map(async (one) => ({ ...one, used: await readLinkUse(reader, one.id) })),
            )
          }),
        true,
      )
      if (options.json === true) printJson(terminal, { links })
      else {
        const now = effects.now().toISOString()
        for (const { id, incident: of, expiresAt, closedAt, used, note } of links) {
          const state =
            closedAt !== undefined ? `closed ${closedAt}` : expiresAt <= now ? 'expired' : 'open'
          terminal.out(
            `${id}  ${of}  ${state}, until ${expiresAt}; ${used.files} files, ${used.bytes} bytes\n`,
          )
          if (note !== '') terminal.out(`    ${printable(note)}\n`)
        }
      }
    })

  link
    .command('close')
    .argument('<link>', 'its id, as link list shows it')
    .summary('close one; what came by it stays')
    .option(...libraryOption)
    .action(async (id: string, options: Options) => {
      await withLibrary(
        options.library,
        'link close',
        async (library) => {
          const closed = await library.transactWithoutEntry(operator, (tx) =>
            closeContributorLink(tx, id),
          )
          if (!closed) throw failed('link-unknown', `there is no open link "${id}"; see link list`)
          terminal.out(`closed   ${printable(id)}\n`)
        },
        true,
      )
    })
}

function readNumber(option: string, text: string, most: number): number {
  const number = Number(text)
  if (/^\d+$/.test(text) && number >= 1 && number <= most) return number
  throw new CommandError(
    'usage',
    `${option} "${text}" must be a whole number from 1 to ${most}`,
    exitCodes.usage,
  )
}

const failed = (code: string, message: string): CommandError =>
  new CommandError(code, message, exitCodes.failed)
