import type { Command } from 'commander'
import { acceptTip, declineTip } from '../ingest/decide-tip.ts'
import { examineItem } from '../ingest/examine-item.ts'
import { examineTip } from '../ingest/examine-tip.ts'
import { readTip, readTipContact, readTips, type Tip } from '../store/tips.ts'
import { CommandError } from './command-error.ts'
import { exitCodes } from './exit-codes.ts'
import { readIncidentId } from './incident-option.ts'
import { libraryOption, operator, withLibrary } from './library-option.ts'
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
      const wish = {
        ...(options.incident === undefined ? {} : { incident: readIncidentId(options.incident) }),
        ...(options.all === true ? {} : { state: 'waiting' as const }),
      }
      const found = await withLibrary(
        options.library,
        'tips list',
        (library) => library.read((reader) => readTips(reader, wish)),
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
      await withLibrary(
        options.library,
        'tips show',
        async (library) => {
          const { tip, contact } = await library.read(async (reader) => ({
            tip: await readTip(reader, { id }),
            contact: await readTipContact(reader, id),
          }))
          if (tip === undefined || tip.state === 'arriving') throw unknown(id)
          const files = await examineTip(library, tip)
          if (options.json === true) {
            printJson(terminal, { ...tip, ...(contact === undefined ? {} : { contact }), files })
            return
          }
          terminal.out(`${lineOf(tip)}\n`)
          if (contact !== undefined) terminal.out(`reach    ${printable(contact)}\n`)
          for (const line of tip.account === '' ? [] : tip.account.split('\n')) {
            terminal.out(`  ${printable(line)}\n`)
          }
          for (const { sha256, mediaType, findings } of files) {
            const name = tip.files.find((file) => file.sha256 === sha256)?.name ?? ''
            terminal.out(`file     ${sha256} ${mediaType} ${printable(name)}\n`)
            for (const { code, message } of findings) {
              terminal.out(`  ${code}: ${printable(message)}\n`)
            }
          }
        },
        true,
      )
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
      await withLibrary(
        options.library,
        'tips accept',
        async (library) => {
          const { evenIfArriving = false } = options
          const { tip, items } = await acceptTip(library, operator, id, { evenIfArriving })
          for (const item of items) {
            await examineItem(library, operator, item, (share) =>
              line.show({ step: 'Examining', done: share, total: 1 }),
            )
          }
          line.clear()
          if (options.json === true) printJson(terminal, { tip: tip.id, items })
          else {
            terminal.out(`accepted ${tip.id} into ${tip.incident}\n`)
            for (const { sha256, name } of items) {
              terminal.out(`received ${sha256} ${printable(name)}\n`)
            }
          }
        },
        true,
      )
    })

  tips
    .command('decline')
    .argument('<tip>', 'its id, as tips list shows it')
    .summary('decline it; it stays, and may still be withdrawn')
    .option(...libraryOption)
    .action(async (id: string, options: Options) => {
      const tip = await withLibrary(
        options.library,
        'tips decline',
        (library) => declineTip(library, operator, id),
        true,
      )
      terminal.out(`declined ${tip.id}\n`)
    })
}

function lineOf({ id, incident, state, receivedAt, files, account, arriving }: Tip): string {
  const words = account === '' ? 'no words' : `${account.length} letters`
  const coming = arriving === 0 ? '' : `, ${arriving} arriving`
  return `${id}  ${incident}  ${state}  ${receivedAt ?? ''}  ${files.length} files${coming}, ${words}`
}

const unknown = (id: string): CommandError =>
  new CommandError('tip-unknown', `there is no tip "${id}"; see tips list`, exitCodes.failed)
