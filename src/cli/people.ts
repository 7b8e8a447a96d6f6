import type { Command } from 'commander'
import { toHex } from '../custody/bytes.ts'
import type { Library } from '../store/library.ts'
import { listPeople, type Person } from '../store/people.ts'
import { addRecoveryLink } from '../store/recovery-links.ts'
import { CommandError } from './command-error.ts'
import { withLibraryOrDesk, type DeskServer } from './desk-server.ts'
import { exitCodes } from './exit-codes.ts'
import { effects, libraryOption, operator } from './library-option.ts'
import { printable, printJson, type Terminal } from './terminal.ts'

interface Options {
  readonly library?: string
  readonly json?: boolean
}

/** A day: until they read it. */
const validHours = 24

const peopleOf = {
  here: (library: Library): Promise<readonly Person[]> => library.read(listPeople),
  there: async (desk: DeskServer): Promise<readonly Person[]> => {
    const { people } = await desk.ask('GET /people')
    return people
  },
}

export function addPeopleCommand(program: Command, terminal: Terminal): void {
  const people = program
    .command('people')
    .summary('who may sign in, and a way back in')
    .description(
      'Who may sign in, and with which roles. They are invited on the desk\u2019s page People; who has lost\n' +
        'a password or an authenticator app comes back in by a link made there or here.',
    )
    .addHelpText(
      'after',
      `
Examples:
  sightline people list
  sightline people recover ada@newsroom.example`,
    )

  people
    .command('list')
    .summary('everybody with their roles')
    .option(...libraryOption)
    .option('--json', 'print the result as JSON')
    .action(async (options: Options) => {
      const all = await withLibraryOrDesk(options.library, 'people list', peopleOf, true)
      if (options.json === true) {
        printJson(terminal, { people: all })
        return
      }
      if (all.length === 0) {
        terminal.out('nobody yet; sightline serve prints a link that makes you the owner\n')
      }
      for (const { id, name, email, grants } of all) {
        const roles = grants.map(({ role, incident }) =>
          incident === undefined ? role : `${role} in ${incident}`,
        )
        const may = roles.length === 0 ? 'no role' : roles.join(', ')
        terminal.out(`${printable(`${id}  ${email}  ${name}: ${may}`)}\n`)
      }
    })

  people
    .command('recover')
    .argument('<e-mail>', 'the address with which they sign in, or their id')
    .summary('a link by which they set a new password')
    .description(
      'Shows, once, a link by which somebody sets a new password. It is good for a day and works once;\n' +
        'it takes their authenticator app away and ends all their sessions.',
    )
    .option(...libraryOption)
    .option('--json', 'print the result as JSON')
    .action(async (who: string, options: Options) => {
      const found = (all: readonly Person[]): Person => {
        const person = all.find(({ id, email }) => id === who || email === who.toLowerCase())
        if (person !== undefined) return person
        throw new CommandError(
          'person-unknown',
          `nobody here has the address or id "${who}"; see people list`,
          exitCodes.failed,
        )
      }
      const made = await withLibraryOrDesk<RecoveryLink>(
        options.library,
        'people recover',
        {
          here: async (library) => {
            const { id } = found(await peopleOf.here(library))
            const code = toHex(effects.randomBytes(32))
            const expiresAt = await library.transact(operator, (tx) =>
              addRecoveryLink(tx, code, id, validHours),
            )
            return { person: id, path: `/recover#${code}`, expiresAt }
          },
          there: async (desk) => {
            const { id } = found(await peopleOf.there(desk))
            const wish = { path: { person: id }, body: { validHours } }
            const link = await desk.ask('POST /people/{person}/recovery-links', wish)
            return { person: id, ...link }
          },
        },
        true,
      )
      if (options.json === true) printJson(terminal, made)
      else {
        terminal.out(
          `address  ${printable(made.path)} on this desk; it is kept nowhere, so hand it over now\n`,
        )
        terminal.out(`until    ${printable(made.expiresAt)}\n`)
      }
    })
}

interface RecoveryLink {
  readonly person: string
  readonly path: string
  readonly expiresAt: string
}
