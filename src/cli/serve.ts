import { join } from 'node:path'
import { serve, type ServerType } from '@hono/node-server'
import type { Command } from 'commander'
import { fillRecords } from '../jobs/fill-records.ts'
import { packageRoot } from '../jobs/package-root.ts'
import { publishStory } from '../jobs/publish-story.ts'
import { deskApp } from '../server/app.ts'
import { readIncidents, readPublications } from '../store/incidents.ts'
import type { Library } from '../store/library.ts'
import { CommandError } from './command-error.ts'
import { exitCodes } from './exit-codes.ts'
import { libraryFolder, libraryOption, operator, withLibrary } from './library-option.ts'
import { progressLine } from './progress.ts'
import { printable, type Terminal } from './terminal.ts'

const exampleFolder = join(packageRoot, 'examples', 'harbour-street')
const exampleId = 'harbour-street'
const defaultPort = 4600

interface ServeOptions {
  readonly port?: string
  readonly library?: string
  readonly example: boolean
}

export function addServe(program: Command, terminal: Terminal): void {
  program
    .command('serve', { isDefault: true })
    .summary('open the desk on this machine (the default)')
    .description(
      'Opens the desk on localhost. An empty library is given the example incident first, whose\n' +
        'people, places and footage are invented.',
    )
    .option('--port <number>', `port to listen on (default: ${defaultPort}, or the next free one)`)
    .option('--no-example', 'leave an empty library empty')
    .option(...libraryOption)
    .addHelpText(
      'after',
      `
Examples:
  sightline
  sightline serve --port 8080 --library /srv/library`,
    )
    .action(async (options: ServeOptions) => {
      const port = readPort(options.port)
      await withLibrary(options.library, 'serve', async (library) => {
        const folder = libraryFolder(options.library)
        terminal.out(`library  ${printable(folder)}\n`)
        if (library.database.folder === undefined) {
          terminal.out('tables   on the PostgreSQL server of DATABASE_URL\n')
        }
        await fillRecords(library, operator)
        if (options.example) await loadExample(library, terminal)
        const server = await listen(library, port)
        terminal.out(`desk     ${addressOf(server)}\n`)
        terminal.out('Stop with Ctrl-C.\n')
        await stopped(server)
      })
    })
}

function readPort(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const port = Number(text)
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port
  throw new CommandError(
    'usage',
    `--port "${text}" is no port; give a number from 0 to 65535`,
    exitCodes.usage,
  )
}

/** Into an empty library, or one whose first start was interrupted before the example was published. */
async function loadExample(library: Library, terminal: Terminal): Promise<void> {
  const { incidents, begun } = await library.read(async (reader) => {
    const found = await readIncidents(reader)
    const isExample = found.length === 1 && found[0]?.id === exampleId
    const published = isExample && (await readPublications(reader, exampleId)).length > 0
    return { incidents: found, begun: isExample && !published }
  })
  if (incidents.length > 0 && !begun) {
    const number = incidents.length
    terminal.out(`holds    ${number} ${number === 1 ? 'incident' : 'incidents'}\n`)
    return
  }
  terminal.out('holds    nothing yet; loading the example incident (invented people and footage)\n')
  const line = progressLine(terminal)
  const published = await publishStory(library, operator, exampleFolder, new Date(), {
    progress: line.show,
  })
  line.clear()
  terminal.out(`example  ${published.incident}: story published, ${published.files.length} files\n`)
}

/** The port asked for, or from the usual one the first that is free. */
async function listen(library: Library, asked: number | undefined): Promise<ServerType> {
  const last = asked ?? defaultPort + 20
  for (let port = asked ?? defaultPort; ; port += 1) {
    try {
      return await listenOn(library, port)
    } catch (error) {
      const inUse = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE'
      if (inUse && port < last) continue
      const reason = inUse
        ? 'is in use; choose another with --port'
        : `cannot be used (${String(error)})`
      throw new CommandError('port-unavailable', `port ${port} ${reason}`, exitCodes.failed)
    }
  }
}

function listenOn(library: Library, port: number): Promise<ServerType> {
  return new Promise((resolve, reject) => {
    const hosts = new Set<string>()
    const server = serve(
      { fetch: deskApp(library, hosts).fetch, hostname: '127.0.0.1', port },
      (address) => {
        for (const name of ['localhost', '127.0.0.1']) hosts.add(`${name}:${address.port}`)
        resolve(server)
      },
    )
    server.once('error', reject)
  })
}

function addressOf(server: ServerType): string {
  const address = server.address()
  return `http://localhost:${typeof address === 'object' ? address?.port : address}/`
}

/** Resolves when the operator stops the server; a second signal ends at once. */
function stopped(server: ServerType): Promise<void> {
  return new Promise((resolve) => {
    const stop = (): void => {
      server.close(() => resolve())
      if ('closeAllConnections' in server) server.closeAllConnections()
    }
    process.removeAllListeners('SIGINT').removeAllListeners('SIGTERM')
    process.once('SIGINT', stop)
    process.once('SIGTERM', stop)
  })
}
