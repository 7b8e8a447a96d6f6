import type { Command } from 'commander'
import type { ItemFacts } from '../case/item-facts.ts'
import type { Schemas } from '../client/api-types.ts'
import { importCase } from '../jobs/import-case.ts'
import { exitCodes } from './exit-codes.ts'
import { sendCase } from './desk-files.ts'
import { withLibraryOrDesk } from './desk-server.ts'
import { libraryOption, operator } from './library-option.ts'
import { progressLine } from './progress.ts'
import { printable, printJson, type Terminal } from './terminal.ts'

interface Imported {
  readonly incident: string
  readonly revision: number
  readonly items: readonly {
    readonly id: string
    readonly item: string
    readonly kind: ItemFacts['kind']
    readonly sizeBytes: number
    readonly findings: readonly Schemas['Finding'][]
  }[]
}

export function addImport(
  program: Command,
  terminal: Terminal,
  finish: (code: number) => void,
): void {
  program
    .command('import')
    .argument('<case folder>', 'folder with case.yaml, story.md and the files they name')
    .summary('take a case folder into the library')
    .description('Takes a case folder into the library. Doing it again does only what is missing.')
    .option(...libraryOption)
    .option('--json', 'print the result as JSON')
    .addHelpText(
      'after',
      `
Examples:
  sightline import examples/harbour-street
  sightline import examples/harbour-street --library /srv/library --json`,
    )
    .action(
      async (folder: string, options: { readonly library?: string; readonly json?: boolean }) => {
        const line = progressLine(terminal)
        const received = (id: string, sha256: string): void => {
          line.clear()
          if (options.json !== true) terminal.out(`received ${sha256}  ${id}\n`)
        }
        const { incident, revision, items } = await withLibraryOrDesk<Imported>(
          options.library,
          'import',
          {
            here: async (library) => {
              const imported = await importCase(library, operator, folder, {
                progress: line.show,
                received: (id, { sha256 }) => received(id, sha256),
              })
              return {
                incident: imported.case.incident.id,
                revision: imported.revision,
                items: [...imported.items].map(([id, { sha256, facts, sizeBytes, findings }]) => {
                  return { id, item: sha256, kind: facts.kind, sizeBytes, findings }
                }),
              }
            },
            there: async (desk) => {
              const sent = await sendCase(desk, folder, line, received)
              return {
                ...sent,
                items: sent.items.map(({ id, item: { sha256, kind, sizeBytes, findings } }) => {
                  return { id, item: sha256, kind, sizeBytes, findings }
                }),
              }
            },
          },
        )
        line.clear()
        if (options.json === true) printJson(terminal, { incident, revision, items })
        else {
          for (const { id, findings } of items) {
            for (const { severity, code, message } of findings) {
              terminal.out(`${printable(`${severity}: ${id}: ${message} [${code}]`)}\n`)
            }
          }
          terminal.out(`${incident}: ${items.length} items, case revision ${revision}\n`)
        }
        const problems = items.some((item) =>
          item.findings.some((finding) => finding.severity === 'problem'),
        )
        finish(problems ? exitCodes.findings : exitCodes.ok)
      },
    )
}
