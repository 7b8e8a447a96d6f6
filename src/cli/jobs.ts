import type { Command } from 'commander'
import type { Schemas } from '../client/api-types.ts'
import { openJobQueue, type JobQueue } from '../queue/job-queue.ts'
import { jobKinds, type JobKind, type JobRequest } from '../queue/request.ts'
import { shownTo } from '../queue/shown-job.ts'
import { readJobs, type Job } from '../store/jobs.ts'
import { CommandError } from './command-error.ts'
import { exitCodes } from './exit-codes.ts'
import { askJobThere, type AskedThere } from './desk-jobs.ts'
import { ifNotFound, withLibraryOrDesk, type DeskServer } from './desk-server.ts'
import { libraryOption, operator } from './library-option.ts'
import { bytesText } from './progress.ts'
import { printable, printJson, type Terminal } from './terminal.ts'

const mostListed = 200

interface CommonOptions {
  readonly library?: string
  readonly json?: boolean
}

interface AddOptions extends CommonOptions {
  readonly incident?: string
  readonly item?: string
  readonly address?: string
}

export function addJobs(program: Command, terminal: Terminal): void {
  const jobs = program
    .command('jobs')
    .summary('list jobs; add, cancel or retry one')
    .description(
      'Lists what waits, runs, is done, was cancelled or is in quarantine, the latest first. A job in\n' +
        'quarantine failed three times, or for a reason that further tries would not change.',
    )
    .option('--incident <id>', 'only those of an incident')
    .option('--open', 'only those that wait or run')
    .option(...libraryOption)
    .option('--json', 'print the result as JSON')
    .addHelpText(
      'after',
      `
Examples:
  sightline jobs --open
  sightline jobs add publish --incident harbour-street
  sightline jobs add fixity
  sightline jobs retry 12`,
    )
    .action(async (options: CommonOptions & { incident?: string; open?: boolean }) => {
      const { incident, open } = options
      const jobs = await withLibraryOrDesk<readonly ShownJob[]>(
        options.library,
        'jobs',
        {
          here: async (library) => {
            const page = await library.read((reader) =>
              readJobs(reader, {
                limit: mostListed,
                ...(incident === undefined ? {} : { incident }),
                ...(open === true ? { states: ['waiting', 'running'] as const } : {}),
              }),
            )
            return page.jobs.map(shown)
          },
          there: async (desk) => {
            const ask = async (state?: 'waiting' | 'running'): Promise<readonly ShownJob[]> => {
              const query = { limit: mostListed, incident, state }
              return (await desk.ask('GET /jobs', { query })).jobs
            }
            if (open !== true) return ask()
            const both = [...(await ask('waiting')), ...(await ask('running'))]
            return both.toSorted((one, other) => other.id - one.id)
          },
        },
        true,
      )
      if (options.json === true) printJson(terminal, { jobs })
      else for (const job of jobs) terminal.out(`${line(job)}\n`)
    })

  const one = (
    name: 'cancel' | 'retry',
    summary: string,
    act: (queue: JobQueue, id: number) => Promise<Job>,
  ) =>
    jobs
      .command(name)
      .argument('<id>', 'as `sightline jobs` lists it')
      .summary(summary)
      .description(summary)
      .action(async (text: string, _: unknown, command: Command) => {
        const options = command.optsWithGlobals<CommonOptions>()
        const id = readId(text)
        const job = await withQueue<ShownJob>(options, `jobs ${name}`, {
          here: async (queue) => shown(await act(queue, id)),
          there: (desk) =>
            desk
              .ask(`POST /jobs/{job}/${name}`, { path: { job: id } })
              .catch(ifNotFound(() => noJob(id))),
        })
        say(options, job)
      })
  one('cancel', 'cancel a job that waits or runs', (queue, id) => queue.cancel(operator, id))
  one(
    'retry',
    'start a job in quarantine, or one that was cancelled, from the beginning',
    (queue, id) => queue.retry(operator, id),
  )

  jobs
    .command('add')
    .argument('<kind>', jobKinds.join(', '))
    .summary('ask for a job')
    .description(
      'Asks for a job: `collect` a file from the web, `examine` an item, `align` or `publish` the latest\n' +
        'case of an incident, `fixity` (rehash every file). What was asked for before and is the same is not done twice.',
    )
    .option('--incident <id>', 'of which incident')
    .option('--item <sha256>', 'the item to examine')
    .option('--address <https://…>', 'the file to collect')
    .action(async (kind: string, _: unknown, command: Command) => {
      const options = command.optsWithGlobals<AddOptions>()
      const request = readRequest(kind, options)
      const asked = await withQueue<AskedThere>(options, 'jobs add', {
        here: async (queue) => {
          const { job, isNew } = await queue.ask(operator, request)
          return { job: shown(job), isNew }
        },
        there: (desk) => askJobThere(desk, request),
      })
      say(options, asked.job, asked.isNew ? '' : ' (asked for before)')
    })

  function say(options: CommonOptions, job: ShownJob, more = ''): void {
    if (options.json === true) printJson(terminal, job)
    else terminal.out(`${line(job)}${more}\n`)
  }
}

function withQueue<T>(
  options: CommonOptions,
  command: string,
  {
    here,
    there,
  }: {
    readonly here: (queue: JobQueue) => Promise<T>
    readonly there: (desk: DeskServer) => Promise<T>
  },
): Promise<T> {
  return withLibraryOrDesk(
    options.library,
    command,
    {
      here: async (library) => {
        const queue = await openJobQueue(library, { tends: false })
        try {
          return await here(queue)
        } finally {
          await queue.close()
        }
      },
      there,
    },
    true,
  )
}

function readId(text: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text)
  throw new CommandError('usage', `"${text}" is no job; see: sightline jobs`, exitCodes.usage)
}

/** As the queue says it. */
const noJob = (id: number): CommandError =>
  new CommandError('no-such-job', `There is no job ${id}; see: sightline jobs`, exitCodes.failed)

function readRequest(text: string, { incident, item, address }: AddOptions): JobRequest {
  const kind = jobKinds.find((known): known is JobKind => known === text)
  const missing = (what: string) =>
    new CommandError('usage', `jobs add ${text} needs ${what}`, exitCodes.usage)
  switch (kind) {
    case 'fixity':
      return { kind }
    case 'align':
    case 'publish':
      if (incident === undefined) throw missing('--incident <id>')
      return { kind, incident }
    case 'collect':
      if (incident === undefined || address === undefined) {
        throw missing('--incident <id> and --address <https://…>')
      }
      return { kind, incident, address }
    case 'examine':
      if (incident === undefined || item === undefined) {
        throw missing('--incident <id> and --item <sha256>')
      }
      return { kind, incident, item }
    case undefined:
      throw new CommandError(
        'usage',
        `there is no job "${text}"; there are ${jobKinds.join(', ')}`,
        exitCodes.usage,
      )
  }
}

function line(job: ShownJob): string {
  const { id, kind, incident, state, attempts, progress, reason } = job
  const words = [
    String(id),
    kind,
    incident ?? '',
    state,
    attempts > 1 ? `try ${attempts}` : '',
    state === 'running' && progress !== undefined ? `${progress.step} ${howFar(progress)}` : '',
  ]
  const said =
    reason === undefined
      ? ''
      : `${reason.message} [${reason.code}]`
          .split('\n')
          .map((each) => `\n    ${printable(each)}`)
          .join('')
  return printable(words.filter((word) => word !== '').join('  ')) + said
}

function howFar({ share, doneBytes, totalBytes }: NonNullable<ShownJob['progress']>): string {
  return doneBytes === undefined ? `${Math.round(share * 100)} %` : bytesText(doneBytes, totalBytes)
}

/** Without what only the queue needs. */
type ShownJob = Schemas['Job']

function shown(whole: Job): ShownJob {
  const {
    fence: _f,
    delivery: _d,
    failures: _n,
    losses: _l,
    askedBy: _a,
    ...job
  } = shownTo(operator.actor, whole)
  return job
}
