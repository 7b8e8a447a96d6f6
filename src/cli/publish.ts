import type { Command } from 'commander'
import { publishStory } from '../jobs/publish-story.ts'
import { checkOutput, writeBundle } from '../jobs/write-bundle.ts'
import { libraryOption, operator, withLibrary } from './library-option.ts'
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
      const published = await withLibrary(options.library, 'publish', async (library) => {
        const story = await publishStory(library, operator, folder, new Date(), {
          progress: line.show,
          received: (id, { sha256 }) => say(`received ${sha256}  ${id}`),
        })
        // Acknowledged here: the revision is in the library, whatever becomes of the output folder.
        say(
          `published ${story.incident} revision ${story.revision}${story.unchanged ? ' (unchanged)' : ''}`,
        )
        for (const notice of story.notices) say(`notice: ${printable(notice)}`)
        line.show({ step: 'Writing', done: 0, total: 1, what: options.out })
        await writeBundle(library, story.files, options.out)
        return story
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
