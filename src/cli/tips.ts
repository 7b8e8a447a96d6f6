import type { Command } from 'commander'
import type { Schemas } from '../client/api-types.ts'
import { acceptTip, declineTip, type AcceptedItem } from '../ingest/decide-tip.ts'
import { examineItem } from '../ingest/examine-item.ts'
import { examineTip, notLookedInto } from '../ingest/examine-tip.ts'
import { readTip, readTipContact, readTips, type Tip } from '../store/tips.ts'
import { CommandError } from './command-error.ts'
import { examineThere } from './desk-jobs.ts'
import { ifNotFound, withLibraryOrDesk, type DeskServer } from './desk-server.ts'
import { exitCodes } from './exit-codes.ts'
import { noIncident, readIncidentId, requireIncident } from './incident-option.ts'
import { libraryOption, operator } from './library-option.ts'
import { progressLine } from './progress.ts'
import { printable, printJson, type Terminal } from './terminal.ts'

interface Options {
  readonly library?: string
  readonly json?: boolean
}

export function addTips(program: Command, terminal: Terminal): void {
  const tips = program
    .command('tips')
    .summary('what contributors sent: list it, look into it, accept or decline it')
    .addHelpText(
      'after',
      `
Examples:
  sightline tips list
  sightline tips show tip-00a1b2c3d4e5f607
  sightline tips accept tip-00a1b2c3d4e5f607`,
    )

  tips
    .command('list')
    .summary('list what waits, or all')
    .option('--incident <id>', 'only of this incident')
    .option('--all', 'also what has been decided or withdrawn')
    .option(...libraryOption)
    .option('--json', 'print the result as JSON')
    .action(async (options: Options & { readonly incident?: string; readonly all?: boolean }) => {
      const incident = options.incident === undefined ? undefined : readIncidentId(options.incident)
      const state = options.all === true ? undefined : ('waiting' as const)
      const found = await withLibraryOrDesk<readonly Tip[]>(
        options.library,
        'tips list',
        {
          here: (library) => {
            const among = incident === undefined ? ('all' as const) : [incident]
            const wish = { among, ...(state === undefined ? {} : { state }) }
            return library.read(async (reader) => {
              if (incident !== undefined) await requireIncident(reader, incident)
              return readTips(reader, wish)
            })
          },
          there: async (desk) => {
            const query = { state }
            if (incident === undefined) return (await desk.ask('GET /tips', { query })).tips
            const wish = { path: { incident }, query }
            const { tips: all } = await desk
              .ask('GET /incidents/{incident}/tips', wish)
              .catch(ifNotFound(() => noIncident(incident)))
            return all
          },
        },
        true,
      )
      if (options.json === true) printJson(terminal, { tips: found })
      else for (const tip of found) terminal.out(`${lineOf(tip)}\n`)
    })

  tips
    .command('show')
    .argument('<tip>', 'its id, as tips list shows it')
    .summary('show one: its words, its files as the sandbox sees them, how to reach who sent it')
    .option(...libraryOption)
    .option('--json', 'print the result as JSON')
    .action(async (id: string, options: Options) => {
      const { tip, contact, files, left } = await withLibraryOrDesk<Shown>(
        options.library,
        'tips show',
        {
          here: async (library) => {
            const { tip, contact } = await library.read(async (reader) => ({
              tip: await readTip(reader, { id }),
              contact: await readTipContact(reader, id),
            }))
            if (tip === undefined || tip.state === 'arriving') throw unknown(id)
            const files = await examineTip(library, tip)
            return { tip, contact, files, left: notLookedInto(tip, files).length }
          },
          there: async (desk) => {
            const path = await placeOf(desk, id)
            const { contact, ...tip } = await desk.ask('GET /incidents/{incident}/tips/{tip}', {
              path,
            })
            const examined = await desk.ask('POST /incidents/{incident}/tips/{tip}/examination', {
              path,
            })
            return { tip, contact, files: examined.files, left: examined.notLookedInto }
          },
        },
        true,
      )
      if (options.json === true) {
        const said = contact === undefined ? {} : { contact }
        printJson(terminal, { ...tip, ...said, files, notLookedInto: left })
        return
      }
      terminal.out(`${lineOf(tip)}\n`)
      if (contact !== undefined) terminal.out(`reach    ${printable(contact)}\n`)
      for (const line of tip.account === '' ? [] : tip.account.split('\n')) {
        terminal.out(`  ${printable(line)}\n`)
      }
      for (const { sha256, mediaType, findings } of files) {
        const name = tip.files.find((file) => file.sha256 === sha256)?.name ?? ''
        terminal.out(`${printable(`file     ${sha256} ${mediaType} ${name}`)}\n`)
        for (const { code, message } of findings) {
          terminal.out(`  ${printable(`${code}: ${message}`)}\n`)
        }
      }
      if (left > 0)
        terminal.out(`left     ${left} files were not looked into: too many, or too slow\n`)
    })

  tips
    .command('accept')
    .argument('<tip>', 'its id, as tips list shows it')
    .summary('take its files into the incident, and examine them')
    .option('--even-if-arriving', 'without the files that are still on their way')
    .option(...libraryOption)
    .option('--json', 'print the result as JSON')
    .action(async (id: string, options: Options & { readonly evenIfArriving?: boolean }) => {
      const line = progressLine(terminal)
      const { evenIfArriving = false } = options
      const onShare = (share: number): void =>
        line.show({ step: 'Examining', done: share, total: 1 })
      const { incident, items } = await withLibraryOrDesk<Accepted>(
        options.library,
        'tips accept',
        {
          here: async (library) => {
            const { tip, items } = await acceptTip(library, operator, id, { evenIfArriving })
            for (const item of items) await examineItem(library, operator, item, onShare)
            return { incident: tip.incident, items }
          },
          there: async (desk) => {
            const path = await placeOf(desk, id)
            const { incident, items } = await desk.ask(
              'POST /incidents/{incident}/tips/{tip}/acceptance',
              { path, body: { evenIfArriving } },
            )
            for (const { sha256 } of items) {
              await examineThere(desk, incident, sha256, onShare, line)
            }
            return { incident, items }
          },
        },
        true,
      )
      line.clear()
      if (options.json === true) printJson(terminal, { tip: id, items })
      else {
        terminal.out(`accepted ${id} into ${printable(incident)}\n`)
        for (const { sha256, name } of items) {
          terminal.out(`received ${printable(`${sha256} ${name}`)}\n`)
        }
      }
    })

  tips
    .command('decline')
    .argument('<tip>', 'its id, as tips list shows it')
    .summary('decline it; it stays, and may still be withdrawn')
    .option(...libraryOption)
    .action(async (id: string, options: Options) => {
      await withLibraryOrDesk<unknown>(
        options.library,
        'tips decline',
        {
          here: (library) => declineTip(library, operator, id),
          there: async (desk) =>
            desk.ask('POST /incidents/{incident}/tips/{tip}/refusal', {
              path: await placeOf(desk, id),
            }),
        },
        true,
      )
      terminal.out(`declined ${id}\n`)
    })
}

interface Shown {
  readonly tip: Tip
  readonly contact: string | undefined
  readonly files: readonly Pick<Schemas['Item'], 'sha256' | 'mediaType' | 'findings'>[]
  /** How many files were not looked into. */
  readonly left: number
}

interface Accepted {
  readonly incident: string
  readonly items: readonly AcceptedItem[]
}

/** What addresses it at a desk. */
async function placeOf(desk: DeskServer, id: string) {
  const { incident } = await desk
    .ask('GET /tips/{tip}', { path: { tip: id } })
    .catch(ifNotFound(() => unknown(id)))
  return { incident, tip: id }
}

function lineOf({ id, incident, state, receivedAt, files, account, arriving }: Tip): string {
  const words = account === '' ? 'no words' : `${account.length} letters`
  const coming = arriving === 0 ? '' : `, ${arriving} arriving`
  return printable(
    `${id}  ${incident}  ${state}  ${receivedAt ?? ''}  ${files.length} files${coming}, ${words}`,
  )
}

const unknown = (id: string): CommandError =>
  new CommandError('tip-unknown', `there is no tip "${id}"; see tips list`, exitCodes.failed)
