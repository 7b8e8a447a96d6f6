import type { Command } from 'commander'
import { publishStory, type PublishedStory } from '../jobs/publish-story.ts'
import { checkOutput, fromLibrary, writeBundle } from '../jobs/write-bundle.ts'
import { fromDesk, publishThere, sendCase } from './desk-files.ts'
import { withLibraryOrDesk } from './desk-server.ts'
import { libraryOption, operator } from './library-option.ts'
import { progressLine } from './progress.ts'
import { printable, printJson, type Terminal } from './terminal.ts'

interface PublishOptions {
  readonly out: string
  readonly library?: string
  readonly json?: boolean
}

export function addPublish(program: Command, terminal: Terminal): void {
  program
    .command('publish')
    .argument('<case folder>', 'folder with case.yaml, story.md and the files they name')
    .summary('make the story page of a case, with its proof')
    .description(
      'The whole way: takes the case folder in, puts its recordings on one clock, renders every\n' +
        'exhibit, writes the story page and closes it with a proof. The result is a folder of static\n' +
        'files. Doing it again does only what is missing.',
    )
    .requiredOption('--out <folder>', 'where the bundle goes: new, empty, or an earlier bundle')
    .option(...libraryOption)
    .option('--json', 'print the result as JSON')
    .addHelpText(
      'after',
      `
Examples:
  sightline publish examples/harbour-street --out story
  sightline publish case --out /srv/www/story --library /srv/library --json`,
    )
    .action(async (folder: string, options: PublishOptions) => {
      await checkOutput(options.out)
      const line = progressLine(terminal)
      const say = (text: string): void => {
        line.clear()
        if (options.json !== true) terminal.out(`${text}\n`)
      }
      const writing = (): void =>
        line.show({ step: 'Writing', done: 0, total: 1, what: options.out })
      // Acknowledged here: the revision is in the library, whatever becomes of the output folder.
      const acknowledge = ({ incident, revision, unchanged, notices }: PublishedStory): void => {
        say(`published ${incident} revision ${revision}${unchanged ? ' (unchanged)' : ''}`)
        for (const notice of notices) say(`notice: ${printable(notice)}`)
        writing()
      }
      const published = await withLibraryOrDesk<PublishedStory>(options.library, 'publish', {
        here: async (library) => {
          const story = await publishStory(library, operator, folder, new Date(), {
            progress: line.show,
            received: (id, { sha256 }) => say(`received ${sha256}  ${id}`),
          })
          acknowledge(story)
          await writeBundle(fromLibrary(library), story.files, options.out)
          return story
        },
        there: async (desk) => {
          const { incident } = await sendCase(desk, folder, line, (id, sha256) =>
            say(`received ${sha256}  ${id}`),
          )
          const story = await publishThere(desk, incident, line)
          acknowledge(story)
          await writeBundle(fromDesk(desk, incident), story.files, options.out)
          return story
        },
      })
      line.clear()
      const { incident, revision, publishedAt, manifestSha256, unchanged, notices, files } =
        published
      if (options.json === true) {
        printJson(terminal, {
          incident,
          revision,
          publishedAt,
          manifestSha256,
          unchanged,
          notices,
          out: options.out,
          files: files.length,
        })
      } else terminal.out(`wrote ${files.length} files to ${printable(options.out)}\n`)
    })
}
