import type { Command } from 'commander'
import { importCase } from '../jobs/import-case.ts'
import { exitCodes } from './exit-codes.ts'
import { libraryOption, operator, withLibrary } from './library-option.ts'
import { progressLine } from './progress.ts'
import { printable, printJson, type Terminal } from './terminal.ts'

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
        const imported = await withLibrary(options.library, 'import', (library) =>
          importCase(library, operator, folder, {
            progress: line.show,
            received: (id, item) => {
              line.clear()
              if (options.json !== true) terminal.out(`received ${item.sha256}  ${id}\n`)
            },
          }),
        )
        line.clear()
        const items = [...imported.items].map(([id, item]) => ({
          id,
          item: item.sha256,
          kind: item.facts.kind,
          sizeBytes: item.sizeBytes,
          findings: item.findings,
        }))
        const { id: incident } = imported.case.incident
        if (options.json === true)
          printJson(terminal, { incident, revision: imported.revision, items })
        else {
          for (const { id, findings } of items) {
            for (const { severity, code, message } of findings) {
              terminal.out(`${severity}: ${id}: ${printable(message)} [${code}]\n`)
            }
          }
          terminal.out(`${incident}: ${items.length} items, case revision ${imported.revision}\n`)
        }
        const problems = items.some((item) =>
          item.findings.some((finding) => finding.severity === 'problem'),
        )
        finish(problems ? exitCodes.findings : exitCodes.ok)
      },
    )
}
