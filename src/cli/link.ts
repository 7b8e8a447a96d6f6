import type { Command } from 'commander'
import {
  closeContributorLink,
  linkLimits,
  openContributorLink,
  readLinksWithUse,
  type ContributorLink,
  type UsedLink,
} from '../store/contributor-links.ts'
import { CommandError } from './command-error.ts'
import { ifNotFound, withLibraryOrDesk } from './desk-server.ts'
import { exitCodes } from './exit-codes.ts'
import { noIncident, readIncidentId, requireIncident } from './incident-option.ts'
import { effects, libraryOption, operator } from './library-option.ts'
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
      const note = readNote(options.note)
      const days = readNumber('--days', options.days, linkLimits.days)
      const mostBytes = readNumber('--max-bytes', options.maxBytes, linkLimits.bytes)
      const mostFiles = readNumber('--max-files', options.maxFiles, linkLimits.files)
      const opened = await withLibraryOrDesk<Opened>(
        options.library,
        'link open',
        {
          here: async (library) => {
            const expiresAt = new Date(effects.now().getTime() + days * 86_400_000).toISOString()
            const { link, token } = await library.transact(operator, async (tx) => {
              await requireIncident(tx, incident)
              return openContributorLink(tx, { incident, note, mostBytes, mostFiles, expiresAt })
            })
            return { ...link, path: `/contribute/${token}` }
          },
          there: (desk) => {
            const body = { note, days, mostBytes, mostFiles }
            const wish = { path: { incident }, body }
            return desk
              .ask('POST /incidents/{incident}/links', wish)
              .catch(ifNotFound(() => noIncident(incident)))
          },
        },
        true,
      )
      if (options.json === true) printJson(terminal, opened)
      else {
        terminal.out(`opened   ${printable(opened.id)}\n`)
        terminal.out(
          `address  ${printable(opened.path)} on this desk; it is kept nowhere, so write it down\n`,
        )
        terminal.out(`until    ${printable(opened.expiresAt)}\n`)
      }
    })

  link
    .command('list')
    .summary('list them')
    .option('--incident <id>', 'only of this incident')
    .option(...libraryOption)
    .option('--json', 'print the result as JSON')
    .action(async (options: Options & { readonly incident?: string }) => {
      const incident = options.incident === undefined ? undefined : readIncidentId(options.incident)
      const links = await withLibraryOrDesk<readonly UsedLink[]>(
        options.library,
        'link list',
        {
          here: (library) =>
            library.read(async (reader) => {
              if (incident !== undefined) await requireIncident(reader, incident)
              return readLinksWithUse(reader, incident === undefined ? 'all' : [incident])
            }),
          there: async (desk) => {
            if (incident === undefined) return (await desk.ask('GET /links')).links
            const { links } = await desk
              .ask('GET /incidents/{incident}/links', { path: { incident } })
              .catch(ifNotFound(() => noIncident(incident)))
            return links
          },
        },
        true,
      )
      if (options.json === true) printJson(terminal, { links })
      else {
        const now = effects.now().toISOString()
        for (const { id, incident: of, expiresAt, closedAt, used, note } of links) {
          const state =
            closedAt !== undefined ? `closed ${closedAt}` : expiresAt <= now ? 'expired' : 'open'
          terminal.out(
            `${printable(`${id}  ${of}  ${state}, until ${expiresAt}; ${used.files} files, ${used.bytes} bytes`)}\n`,
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
      await withLibraryOrDesk(
        options.library,
        'link close',
        {
          here: async (library) => {
            const closed = await library.transactWithoutEntry(operator, (tx) =>
              closeContributorLink(tx, id),
            )
            if (!closed) throw noLink(id)
          },
          there: async (desk) => {
            const { links } = await desk.ask('GET /links')
            const link = links.find((one) => one.id === id)
            if (link === undefined || link.closedAt !== undefined) throw noLink(id)
            const path = { incident: link.incident, link: id }
            await desk.ask('DELETE /incidents/{incident}/links/{link}', { path })
          },
        },
        true,
      )
      terminal.out(`closed   ${printable(id)}\n`)
    })
}

type Opened = ContributorLink & { readonly path: string }

function readNote(text: string): string {
  if (text.length <= linkLimits.noteLetters) return text
  throw new CommandError(
    'usage',
    `--note has ${text.length} letters and may have ${linkLimits.noteLetters}`,
    exitCodes.usage,
  )
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

const noLink = (id: string): CommandError =>
  new CommandError('link-unknown', `there is no open link "${id}"; see link list`, exitCodes.failed)
