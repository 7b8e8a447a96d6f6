import type { Server } from 'node:http'
import { join } from 'node:path'
import { serve } from '@hono/node-server'
import type { Command } from 'commander'
import { sweepUploads } from '../ingest/sweep-uploads.ts'
import { fillRecords } from '../jobs/fill-records.ts'
import { indexLibrary } from '../jobs/index-library.ts'
import { packageRoot } from '../jobs/package-root.ts'
import { publishStory } from '../jobs/publish-story.ts'
import type { Log } from '../observe/log.ts'
import { createMetrics } from '../observe/metrics.ts'
import { serveMetrics } from '../observe/metrics-server.ts'
import { watchedLibrary } from '../observe/watched-library.ts'
import { machineCores } from '../queue/cores.ts'
import { openJobQueue } from '../queue/job-queue.ts'
import { sweepJobs } from '../queue/sweep-jobs.ts'
import { startWorker } from '../queue/worker.ts'
import { deskApp, type DeskOptions } from '../server/app.ts'
import { stopOnSignal } from '../server/graceful-stop.ts'
import { readPublicUrl, type PublicUrl } from '../server/public-url.ts'
import { cutDrips } from '../server/slow-bodies.ts'
import { cutSilent, slowRequests } from '../server/slow-requests.ts'
import { uploadServices, type UploadServices } from '../server/upload-services.ts'
import { readIncidents, readPublications } from '../store/incidents.ts'
import type { Library } from '../store/library.ts'
import { addInvitation, hasOwner, removeOwnerInvitations } from '../store/people.ts'
import { announceServing, endServing } from '../store/serving.ts'
import { toHex } from '../custody/bytes.ts'
import { CommandError } from './command-error.ts'
import { exitCodes } from './exit-codes.ts'
import { wholeNumber } from './number-option.ts'
import { processLog } from './process-log.ts'
import { readPresignedReads } from './presigned-option.ts'
import { effects, libraryFolder, libraryOption, operator, withLibrary } from './library-option.ts'
import { progressLine } from './progress.ts'
import { printable, type Terminal } from './terminal.ts'
import { concurrencyOption, logQueueErrors, readConcurrency, workerLog } from './worker-log.ts'

const exampleFolder = join(packageRoot, 'examples', 'harbour-street')
const exampleId = 'harbour-street'
const defaultPort = 4600
const sweepMilliseconds = 600_000
const defaultStopSeconds = '10'

interface ServeOptions {
  readonly host: string
  readonly port?: string
  readonly library?: string
  readonly example: boolean
  readonly publicUrl?: string
  readonly trustProxy?: true
  readonly metricsPort?: string
  readonly stopSeconds: string
  readonly worker: boolean
  readonly concurrency?: string
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
    .option(
      '--host <address>',
      'address to listen on; another than this machine’s own needs an owner and --public-url',
      '127.0.0.1',
    )
    .option('--no-example', 'leave an empty library empty')
    .option(
      '--public-url <address>',
      'https address of a reverse proxy in front (default: $SIGHTLINE_PUBLIC_URL)',
    )
    .option('--trust-proxy', 'believe its X-Forwarded-For about from where requests come')
    .option('--metrics-port <number>', 'serve /metrics for Prometheus there, to this machine only')
    .option(
      '--stop-seconds <number>',
      'how long open requests may take when it is stopped',
      defaultStopSeconds,
    )
    .option('--no-worker', 'do no jobs here: `sightline worker` does them on other machines')
    .option(...concurrencyOption)
    .option(...libraryOption)
    .addHelpText(
      'after',
      `
Examples:
  sightline
  sightline serve --port 8080 --library /srv/library
  sightline serve --public-url https://desk.example.org --trust-proxy --metrics-port 9464

SIGHTLINE_LOG sets what is logged on stderr: debug, info (the default), warn, error, fatal or silent.
SIGTERM and Ctrl-C stop it: no more requests are taken, open ones may end, the library is closed.`,
    )
    .action(async (options: ServeOptions) => {
      const { host } = options
      const port = readPort('--port', options.port)
      const metricsPort = readPort('--metrics-port', options.metricsPort)
      const seconds = wholeNumber('--stop-seconds', options.stopSeconds, 3600, 'no time to wait')
      const publicUrl = publicUrlOf(options.publicUrl)
      if (!isLoopback(host) && publicUrl === undefined) {
        throw new CommandError(
          'usage',
          `--host ${host} is reached by others, and passwords must not travel in the clear: name the https ` +
            'address of the proxy in front with --public-url',
          exitCodes.usage,
        )
      }
      const settings = readConcurrency(options.concurrency)
      const reads = await readPresignedReads(process.env, effects)
      const log = processLog(terminal)
      await withLibrary(options.library, 'serve', async (opened) => {
        const metrics = createMetrics()
        const library = watchedLibrary(opened, metrics)
        const folder = libraryFolder(options.library)
        terminal.out(`library  ${printable(folder)}\n`)
        if (library.database.folder === undefined) {
          terminal.out('tables   on the PostgreSQL server of DATABASE_URL\n')
        }
        if (library.objects !== undefined) {
          terminal.out(`files    in the object store at ${library.objects.place}\n`)
        }
        if (reads !== undefined)
          terminal.out(`reads    by readers themselves, at ${reads.origin}\n`)
        if (publicUrl !== undefined || !isLoopback(host)) await requireOwner(library)
        await fillRecords(library, operator, (error) => log('records-not-filled', { error }))
        if (options.example) await loadExample(library, terminal)
        const line = progressLine(terminal)
        await indexLibrary(library, operator, line.show)
        line.clear()
        const queue = await openJobQueue(library, { tends: true })
        logQueueErrors(queue, log)
        const takeCore = machineCores()
        const worker = options.worker
          ? await startWorker(queue, { ...settings, takeCore, onEvent: workerLog(log) })
          : undefined
        const uploads = uploadServices(library, {
          queue,
          takeCore,
          onError: (error) => log('request-failed', { error }),
        })
        const sweeping = await keepSwept(library, uploads, log)
        const stopping = stopOnSignal(log, () => process.exit(exitCodes.interrupted))
        const trustProxy = options.trustProxy === true
        const operatorSecret = toHex(effects.randomBytes(32))
        const desk = {
          operatorSecret,
          log,
          metrics,
          stopping: stopping.signal,
          trustProxy,
          queue,
          uploads,
          ...(reads === undefined ? {} : { reads }),
          ...(publicUrl === undefined ? {} : { publicUrl }),
        }
        const servers = await listen(port, (at) => listenOn(library, addressesFor(host), at, desk))
        const [server] = servers
        if (metricsPort !== undefined) {
          const measured = await listen(metricsPort, (at) => serveMetrics(metrics, at))
          // Read until the end, and held up by nobody.
          stopping.signal.addEventListener('abort', () => measured.unref())
          terminal.out(`metrics  ${addressOf(measured)}metrics\n`)
        }
        terminal.out(`desk     ${addressOf(server)}\n`)
        if (publicUrl !== undefined) terminal.out(`public   ${publicUrl.origin}/\n`)
        const link = await ownerLink(library)
        if (link !== undefined) {
          terminal.out(`owner    ${addressOf(server)}${link}\n`)
          terminal.out(
            '         (until somebody is owner by that link, whoever uses this machine may do all)\n',
          )
        }
        await announceServing(library.folder, {
          origin: `http://127.0.0.1:${portOf(server)}`,
          secret: operatorSecret,
        })
        terminal.out('Stop with Ctrl-C.\n')
        log('started', { port: portOf(server) })
        await stopping.ended(servers, seconds)
        await endServing(library.folder)
        await sweeping.stop()
        await worker?.stop(seconds)
        await queue.close()
      })
      log('stopped')
    })
}

/** What an earlier run left, now and every ten minutes. */
async function keepSwept(
  library: Library,
  { intake, now }: UploadServices,
  log: Log,
): Promise<{ stop(): Promise<unknown> }> {
  const onError = (error: unknown): void => log('sweep-failed', { error })
  const sweep = async (): Promise<void> => {
    await sweepUploads(library, intake, operator, { now: now(), onError }).catch(onError)
    await sweepJobs(library, operator, now()).catch(onError)
  }
  let last: Promise<unknown> = sweep()
  await last
  const timer = setInterval(() => {
    last = last.then(sweep)
  }, sweepMilliseconds)
  return {
    stop: () => {
      clearInterval(timer)
      return last
    },
  }
}

const isLoopback = (host: string): boolean => /^(?:127(?:\.\d{1,3}){3}|::1|localhost)$/.test(host)

/** Without one everybody who can reach the desk could do everything. */
async function requireOwner(library: Library): Promise<void> {
  if (await library.read(hasOwner)) return
  throw new CommandError(
    'no-owner',
    'this installation has no owner yet, so it may only be reached from this machine. Start it without ' +
      '--host and --public-url and open the link that it prints (from elsewhere over an SSH tunnel: ' +
      'ssh -L 4600:localhost:4600 <machine>)',
    exitCodes.failed,
  )
}

/** Good for a day and for one person; what an earlier start printed is void. */
async function ownerLink(library: Library): Promise<string | undefined> {
  if (await library.read(hasOwner)) return undefined
  const code = toHex(effects.randomBytes(32))
  await library.transactWithoutEntry(operator, async (tx) => {
    await removeOwnerInvitations(tx)
    await addInvitation(tx, code, { role: 'owner' }, 24)
  })
  return `welcome#${code}`
}

function readPort(option: string, text: string | undefined): number | undefined {
  return text === undefined ? undefined : wholeNumber(option, text, 65_535, 'no port')
}

function publicUrlOf(option: string | undefined): PublicUrl | undefined {
  const text = option ?? process.env['SIGHTLINE_PUBLIC_URL'] ?? ''
  if (option === undefined && text === '') return undefined
  const url = readPublicUrl(text)
  if (url !== undefined) return url
  throw new CommandError(
    'usage',
    `--public-url "${text}" is no https address of a host; give one such as https://desk.example.org`,
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

/** At the port asked for, or from the usual one the first that is free. */
async function listen<T>(asked: number | undefined, at: (port: number) => Promise<T>): Promise<T> {
  const last = asked ?? defaultPort + 20
  for (let port = asked ?? defaultPort; ; port += 1) {
    try {
      return await at(port)
    } catch (error) {
      const inUse = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE'
      if (inUse && port < last) continue
      const reason = inUse ? 'is in use; choose another' : `cannot be used (${String(error)})`
      throw new CommandError('port-unavailable', `port ${port} ${reason}`, exitCodes.failed)
    }
  }
}

/**
 * Where to listen for `host`: at both of this machine's own addresses in any case. `localhost` may
 * mean either, and who else listened at the other would be told what is meant for the desk.
 */
function addressesFor(host: string): readonly [string, ...string[]] {
  if (host === '::') return [host]
  if (host === '0.0.0.0') return [host, '::1']
  return isLoopback(host) ? ['127.0.0.1', '::1'] : ['127.0.0.1', '::1', host]
}

/** At the same port of all of them; a machine without IPv6 does without that. */
async function listenOn(
  library: Library,
  addresses: readonly [string, ...string[]],
  port: number,
  options: DeskOptions,
): Promise<readonly [Server, ...Server[]]> {
  const hosts = new Set<string>()
  const { fetch } = deskApp(library, hosts, options)
  const at = (hostname: string, exact: number): Promise<Server> =>
    new Promise((resolve, reject) => {
      const asked = { fetch, hostname, port: exact, serverOptions: slowRequests }
      // Made by createServer of node:http, as nothing else was asked for.
      const server = serve(asked, (address) => {
        for (const name of ['localhost', '127.0.0.1', '[::1]']) hosts.add(`${name}:${address.port}`)
        resolve(server)
      }) as Server
      cutSilent(server)
      cutDrips(server)
      server.once('error', reject)
    })
  const [main, ...others] = addresses
  const first = await at(main, port)
  const servers: [Server, ...Server[]] = [first]
  for (const address of others) {
    try {
      servers.push(await at(address, portOf(first)))
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : undefined
      if (address === '::1' && (code === 'EADDRNOTAVAIL' || code === 'EAFNOSUPPORT')) continue
      for (const server of servers) server.close()
      throw error
    }
  }
  return servers
}

function portOf(server: Server): number {
  const address = server.address()
  return address !== null && typeof address === 'object' ? address.port : 0
}

const addressOf = (server: Server): string => `http://localhost:${portOf(server)}/`
