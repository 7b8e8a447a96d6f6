import type { Command } from 'commander'
import { examineItem } from '../ingest/examine-item.ts'
import { IngestError } from '../ingest/ingest-error.ts'
import { receiveFile, type Reception } from '../ingest/receive.ts'
import type { Finding, ItemFacts } from '../case/item-facts.ts'
import type { Library } from '../store/library.ts'
import { CommandError } from './command-error.ts'
import { itemsThere, jobThere, openIncidentThere, sendFile } from './desk-files.ts'
import { withLibraryOrDesk, type DeskServer } from './desk-server.ts'
import { exitCodes } from './exit-codes.ts'
import { incidentOption, readIncidentId } from './incident-option.ts'
import { libraryOption, operator } from './library-option.ts'
import { progressLine } from './progress.ts'
import { printable, printJson, type Terminal } from './terminal.ts'

interface IngestOptions {
  readonly incident: string
  readonly library?: string
  readonly json?: boolean
}

type Outcome =
  | {
      readonly path: string
      readonly item: string
      readonly sizeBytes: number
      readonly kind: ItemFacts['kind']
      readonly mediaType: string
      readonly seenBefore: boolean
      readonly findings: readonly Finding[]
    }
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
        'bad file never stops the others.',
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
      readIncidentId(options.incident)
      const outcomes = await withLibraryOrDesk(options.library, 'ingest', {
        here: (library) => ingestAll(library, files, options, terminal),
        there: (desk) => sendAll(desk, files, options, terminal),
      })
      if (options.json === true)
        printJson(terminal, { incident: options.incident, items: outcomes })
      finish(exitCodeOf(outcomes))
    })
}

async function ingestAll(
  library: Library,
  files: readonly string[],
  { incident, json }: IngestOptions,
  terminal: Terminal,
): Promise<readonly Outcome[]> {
  const line = progressLine(terminal)
  const say = (text: string): void => {
    line.clear()
    if (json !== true) terminal.out(`${text}\n`)
  }
  const received: { readonly path: string; readonly reception: Reception | IngestError }[] = []
  for (const [index, path] of files.entries()) {
    line.show({ step: 'Receiving', done: index, total: files.length, what: path })
    try {
      const reception = await receiveFile(library, operator, {
        incident,
        incidentTitle: incident,
        path,
        again: 'is a sighting',
      })
      const again = reception.seenBefore ? '  (seen before)' : ''
      say(`received ${reception.item.sha256}  ${printable(path)}${again}`)
      received.push({ path, reception })
    } catch (error) {
      if (!(error instanceof IngestError)) throw error
      say(`refused  ${printable(path)}: ${error.message} [${error.code}]`)
      received.push({ path, reception: error })
    }
  }
  const outcomes: Outcome[] = []
  for (const [index, { path, reception }] of received.entries()) {
    if (reception instanceof IngestError) {
      outcomes.push({ path, refused: { code: reception.code, message: reception.message } })
      continue
    }
    const { item, name, seenBefore } = reception
    const wish = { incident, sha256: item.sha256, name }
    const examined = await examineItem(library, operator, wish, (share) =>
      line.show({ step: 'Examining', done: index + share, total: files.length, what: path }),
    )
    for (const { severity, code, message } of examined.findings) {
      say(`${severity}: ${printable(path)}: ${printable(message)} [${code}]`)
    }
    const { sha256, sizeBytes, mediaType } = item
    const { findings, facts } = examined
    outcomes.push({
      path,
      item: sha256,
      sizeBytes,
      kind: facts.kind,
      mediaType,
      seenBefore,
      findings,
    })
  }
  line.clear()
  return outcomes
}

/** The same through a running desk, which examines what arrives. */
async function sendAll(
  desk: DeskServer,
  files: readonly string[],
  { incident, json }: IngestOptions,
  terminal: Terminal,
): Promise<readonly Outcome[]> {
  const line = progressLine(terminal)
  const say = (text: string): void => {
    line.clear()
    if (json !== true) terminal.out(`${text}\n`)
  }
  const outcomes: Outcome[] = []
  await openIncidentThere(desk, { id: incident, title: incident })
  for (const [index, path] of files.entries()) {
    const show = (step: string, share: number): void =>
      line.show({ step, done: index + share, total: files.length, what: path })
    try {
      const sent = await sendFile(desk, incident, path, {}, (share) => show('Sending', share))
      say(`received ${sent.item}  ${printable(path)}${sent.seenBefore ? '  (seen before)' : ''}`)
      await jobThere(desk, `/api/incidents/${incident}/items/${sent.item}/examine`, (_, share) =>
        show('Examining', share),
      )
      const item = (await itemsThere(desk, incident)).get(sent.item)
      if (item === undefined) throw new TypeError('an item arrived and is not there')
      for (const { severity, code, message } of item.findings) {
        say(`${severity}: ${printable(path)}: ${printable(message)} [${code}]`)
      }
      const { sha256, sizeBytes, kind, mediaType, findings } = item
      const { seenBefore } = sent
      outcomes.push({ path, item: sha256, sizeBytes, kind, mediaType, seenBefore, findings })
    } catch (error) {
      const isRefusal = error instanceof IngestError || isRefused(error)
      if (!isRefusal) throw error
      const { code, message } = error
      say(`refused  ${printable(path)}: ${message} [${code}]`)
      outcomes.push({ path, refused: { code, message } })
    }
  }
  line.clear()
  return outcomes
}

/** One file that is not taken does not stop the others. */
const isRefused = (error: unknown): error is CommandError =>
  error instanceof CommandError &&
  ['content-refused', 'file-too-large', 'incident-full', 'empty-file'].includes(error.code)

function exitCodeOf(outcomes: readonly Outcome[]): number {
  if (outcomes.some((outcome) => 'refused' in outcome)) return exitCodes.failed
  const problems = outcomes.some(
    (outcome) =>
      'findings' in outcome && outcome.findings.some((finding) => finding.severity === 'problem'),
  )
  return problems ? exitCodes.findings : exitCodes.ok
}
