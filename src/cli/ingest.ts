import type { Command } from 'commander'
import { examineItem } from '../ingest/examine-item.ts'
import { IngestError } from '../ingest/ingest-error.ts'
import { receiveFile } from '../ingest/receive.ts'
import type { ItemFacts } from '../case/item-facts.ts'
import type { Schemas } from '../client/api-types.ts'
import type { Library } from '../store/library.ts'
import { CommandError } from './command-error.ts'
import { openIncidentThere, readyFile, sendFile } from './desk-files.ts'
import { examineThere } from './desk-jobs.ts'
import { withLibraryOrDesk, type DeskServer } from './desk-server.ts'
import { exitCodes } from './exit-codes.ts'
import { incidentOption, readIncidentId } from './incident-option.ts'
import { libraryOption, operator } from './library-option.ts'
import { progressLine, type ProgressLine } from './progress.ts'
import { printable, printJson, type Terminal } from './terminal.ts'

interface IngestOptions {
  readonly incident: string
  readonly library?: string
  readonly json?: boolean
}

interface Examined {
  readonly sizeBytes: number
  readonly kind: ItemFacts['kind']
  readonly mediaType: string
  readonly findings: readonly Schemas['Finding'][]
}

interface Taken extends Examined {
  readonly path: string
  readonly item: string
  readonly seenBefore: boolean
}

type Outcome =
  | Taken
  | { readonly path: string; readonly refused: { readonly code: string; readonly message: string } }

export function addIngest(
  program: Command,
  terminal: Terminal,
  finish: (code: number) => void,
): void {
  program
    .command('ingest')
    .argument('<files...>', 'recordings, photos and documents')
    .summary('take files into an incident')
    .description(
      'Takes files into an incident: each is kept under its SHA-256, read back and rehashed before\n' +
        'it is acknowledged, then probed. What cannot be read as media is kept with a finding; one\n' +
        'bad file never stops the others. Through a running desk it goes as uploads do, which take no\n' +
        'programs, archives or playlists.',
    )
    .requiredOption(...incidentOption)
    .option(...libraryOption)
    .option('--json', 'print the result as JSON')
    .addHelpText(
      'after',
      `
Exit codes: 0 all taken in, 3 taken in with problems, 1 a file was refused.

Examples:
  sightline ingest IMG_2201.MOV statement.pdf --incident harbour-street
  sightline ingest --incident harbour-street --json -- "-i odd name.mp4"`,
    )
    .action(async (files: readonly string[], options: IngestOptions) => {
      const incident = readIncidentId(options.incident)
      const outcomes = await withLibraryOrDesk(options.library, 'ingest', {
        here: (library) => ingestAll(receiveHere(library, incident), files, options, terminal),
        there: async (desk) => {
          await openIncidentThere(desk, { id: incident, title: incident })
          return ingestAll(receiveThere(desk, incident), files, options, terminal)
        },
      })
      if (options.json === true) printJson(terminal, { incident, items: outcomes })
      finish(exitCodeOf(outcomes))
    })
}

interface Received extends Pick<Taken, 'item' | 'seenBefore'> {
  readonly examine: (onShare: (share: number) => void, line: ProgressLine) => Promise<Examined>
}

/** Takes in one file. @throws IngestError, and what `isRefusal` knows, for a file that is not taken */
type Receive = (path: string, onShare: (share: number) => void) => Promise<Received>

const receiveHere =
  (library: Library, incident: string): Receive =>
  async (path) => {
    const wish = { incident, incidentTitle: incident, path, again: 'is a sighting' } as const
    const { item, name, seenBefore } = await receiveFile(library, operator, wish)
    const { sha256, sizeBytes, mediaType } = item
    return {
      item: sha256,
      seenBefore,
      examine: async (onShare) => {
        const file = { incident, sha256, name }
        const { facts, findings } = await examineItem(library, operator, file, onShare)
        return { sizeBytes, kind: facts.kind, mediaType, findings }
      },
    }
  }

/** Through a running desk, which examines what arrives. */
const receiveThere =
  (desk: DeskServer, incident: string): Receive =>
  async (path, onShare) => {
    const { item, seenBefore } = await sendFile(desk, incident, await readyFile(path), onShare)
    return {
      item,
      seenBefore,
      examine: (onShare, line) => examineThere(desk, incident, item, onShare, line),
    }
  }

async function ingestAll(
  receive: Receive,
  files: readonly string[],
  { json }: IngestOptions,
  terminal: Terminal,
): Promise<readonly Outcome[]> {
  const line = progressLine(terminal)
  const say = (text: string): void => {
    line.clear()
    if (json !== true) terminal.out(`${text}\n`)
  }
  const show = (step: string, done: number, what: string): void =>
    line.show({ step, done, total: files.length, what })
  const received: { readonly path: string; readonly reception: Received | Refusal }[] = []
  for (const [index, path] of files.entries()) {
    show('Receiving', index, path)
    try {
      const reception = await receive(path, (share) => show('Receiving', index + share, path))
      const again = reception.seenBefore ? '  (seen before)' : ''
      say(printable(`received ${reception.item}  ${path}${again}`))
      received.push({ path, reception })
    } catch (error) {
      if (!isRefusal(error)) throw error
      say(printable(`refused  ${path}: ${error.message} [${error.code}]`))
      received.push({ path, reception: error })
    }
  }
  const outcomes: Outcome[] = []
  for (const [index, { path, reception }] of received.entries()) {
    if (reception instanceof Error) {
      outcomes.push({ path, refused: { code: reception.code, message: reception.message } })
      continue
    }
    const { item, seenBefore, examine } = reception
    const examined = await examine((share) => show('Examining', index + share, path), line)
    const { sizeBytes, kind, mediaType, findings } = examined
    for (const { severity, code, message } of findings) {
      say(printable(`${severity}: ${path}: ${message} [${code}]`))
    }
    outcomes.push({ path, item, sizeBytes, kind, mediaType, seenBefore, findings })
  }
  line.clear()
  return outcomes
}

type Refusal = IngestError | CommandError

/** One file that is not taken does not stop the others. */
const isRefusal = (error: unknown): error is Refusal =>
  error instanceof IngestError ||
  (error instanceof CommandError &&
    ['content-refused', 'file-too-large', 'incident-full', 'empty-file'].includes(error.code))

function exitCodeOf(outcomes: readonly Outcome[]): number {
  if (outcomes.some((outcome) => 'refused' in outcome)) return exitCodes.failed
  const problems = outcomes.some(
    (outcome) =>
      'findings' in outcome && outcome.findings.some((finding) => finding.severity === 'problem'),
  )
  return problems ? exitCodes.findings : exitCodes.ok
}
