/**
 * The floors: the least that must be computed, by the same programs with the
 * same settings, started bare: no sandbox, no library, nothing else besides.
 */
import { mkdir, mkdtemp, readFile, readdir, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readExhibitRecipe } from '../src/case/read-recipe.ts'
import { commandFor } from '../src/media/exhibit-arguments.ts'
import { packetScanArguments } from '../src/media/packet-scan.ts'
import { proxyDraft } from '../src/media/proxies.ts'
import type { Container } from '../src/media/sniff.ts'
import { blobName } from '../src/store/blobs.ts'
import { readFacts } from '../src/store/items.ts'
import type { Library } from '../src/store/library.ts'
import type { Command } from '../src/media/command.ts'
import type { MeasuredCommand } from './process-tree.ts'

export interface IngestFloors {
  readonly hash: readonly MeasuredCommand[]
  readonly scan: readonly MeasuredCommand[]
  readonly transcode: readonly MeasuredCommand[]
}

/** Of the recordings that a library has examined, and of `files`, which are to be hashed. */
export async function ingestFloors(
  library: Library,
  files: readonly string[],
  scratch: string,
): Promise<IngestFloors> {
  const scan: MeasuredCommand[] = []
  const transcode: MeasuredCommand[] = []
  const examined = await library.read(async (reader) => {
    const items = await reader.sql.selectFrom('item').select('sha256').orderBy('sha256').execute()
    return Promise.all(
      items.map(async ({ sha256 }) => ({ sha256, facts: await readFacts(reader, sha256) })),
    )
  })
  for (const { sha256, facts } of examined) {
    if (facts?.kind !== 'recording') continue
    const { format, kind, inputs, parameters } = proxyDraft(sha256, facts)
    const { posterTicks: _, ...withoutPoster } = parameters
    const command = commandFor({ format, kind, inputs, parameters: withoutPoster })
    const folder = await workFolder(scratch, [blobFile(library.folder, sha256)], [])
    const args = packetScanArguments(facts.container as Container)
    scan.push({ program: 'ffprobe', args, folder })
    transcode.push({ program: 'ffmpeg', args: withoutPeaks(command.args), folder })
  }
  return { hash: [{ program: 'sha256sum', args: ['--', ...files] }], scan, transcode }
}

/** The programs run outside the library's process and after it: they need the file itself. */
export const blobFile = (library: string, sha256: string): string =>
  join(library, 'blobs', blobName(sha256))

/** The proxies alone: the sound for the peaks is cut out of the command. */
function withoutPeaks(args: readonly string[]): readonly string[] {
  const output = args.indexOf('[peaks]')
  if (output < 0) return args
  const end = args.indexOf('pipe:1', output)
  const rest = [...args.slice(0, output - 1), ...args.slice(end + 1)].map((arg) =>
    arg.replace('asplit=2[heard][peaks0]', 'anull[heard]').replace(/;\[peaks0\][^;]*\[peaks\]/, ''),
  )
  if (end < 0 || rest.some((arg) => arg.includes('peaks'))) {
    throw new Error('the proxy command has changed: the floor without peaks must follow it')
  }
  return rest
}

/** What a published bundle's recipes stand for, each distinct one once. */
export async function renderFloors(
  bundle: string,
  blobPath: (sha256: string) => string,
  scratch: string,
): Promise<readonly MeasuredCommand[]> {
  const recipes = join(bundle, 'proof', 'recipes')
  const commands: MeasuredCommand[] = []
  for (const name of (await readdir(recipes)).toSorted()) {
    const read = readExhibitRecipe(JSON.parse(await readFile(join(recipes, name), 'utf8')))
    if ('reason' in read) throw new Error(`${name}: ${read.reason}`)
    const { draft } = read
    if (draft.kind === 'photo' && draft.parameters.sourceFormat === 'heic') {
      throw new Error('a HEIC photo has no bare render here: leave it out of the measured case')
    }
    const command = commandFor(draft)
    const inputs = draft.inputs.map(({ item }) => blobPath(item))
    const folder = await workFolder(scratch, inputs, command.texts)
    commands.push({ program: command.program, args: command.args, folder })
  }
  return commands
}

/** The names that the commands use in the sandbox: `in/0`, `text/0`, `out`. */
async function workFolder(
  scratch: string,
  inputs: readonly string[],
  texts: Command['texts'],
): Promise<string> {
  const folder = await mkdtemp(join(scratch, 'bare-'))
  for (const name of ['in', 'out', 'text']) await mkdir(join(folder, name))
  for (const [index, path] of inputs.entries()) await symlink(path, join(folder, 'in', `${index}`))
  for (const [index, text] of texts.entries()) {
    await writeFile(join(folder, 'text', `${index}`), text)
  }
  return folder
}
