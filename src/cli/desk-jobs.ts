/** Jobs of a running desk: asked for, and followed to their end. */
import { setTimeout as wait } from 'node:timers/promises'
import type { Answered } from '../client/api-client.ts'
import type { Schemas } from '../client/api-types.ts'
import type { JobRequest } from '../queue/request.ts'
import { CommandError } from './command-error.ts'
import { DeskRefusal, type DeskServer } from './desk-server.ts'
import { exitCodes } from './exit-codes.ts'

const pollMilliseconds = { atFirst: 300, later: 1000 }
const minuteMilliseconds = 60_000
/** Of a desk that starts again, or a proxy that does not find it. */
const passingStatuses = new Set([502, 503, 504])

export interface AskedThere {
  readonly job: Schemas['Job']
  /** Nobody had asked for the same before. */
  readonly isNew: boolean
}

type DeskProgress = NonNullable<Schemas['Job']['progress']>

/** @throws CommandError with the desk's reason */
export async function askJobThere(desk: DeskServer, request: JobRequest): Promise<AskedThere> {
  const { status, body } = await answerTo(desk, request)
  return { job: body, isNew: status === 202 }
}

function answerTo(desk: DeskServer, request: JobRequest): Promise<Answered<'POST /fixity'>> {
  switch (request.kind) {
    case 'fixity':
      return desk.askWithStatus('POST /fixity')
    case 'align':
    case 'publish': {
      const { kind, incident } = request
      return desk.askWithStatus(`POST /incidents/{incident}/${kind}`, { path: { incident } })
    }
    case 'collect': {
      const { incident, address } = request
      const wish = { path: { incident }, body: { address } }
      return desk.askWithStatus('POST /incidents/{incident}/collect', wish)
    }
    case 'examine': {
      const { incident, item } = request
      return desk.askWithStatus('POST /incidents/{incident}/items/{item}/examine', {
        path: { incident, item },
      })
    }
  }
}

/** Where a job is followed from. */
interface Follower {
  readonly onProgress: (at: DeskProgress) => void
  readonly warn: (text: string) => void
}

interface Time {
  /** Of a clock that is never set. */
  readonly nowMilliseconds: () => number
  readonly sleep: (milliseconds: number) => Promise<unknown>
}

const realTime: Time = { nowMilliseconds: () => performance.now(), sleep: wait }

/**
 * Asks for a job and follows it to its end; warns once where it has waited for a minute.
 * @throws CommandError with the job's own reason; `job-not-followed` where the desk was away too long
 */
export async function jobThere(
  desk: DeskServer,
  request: JobRequest,
  { onProgress, warn }: Follower,
  time = realTime,
): Promise<AskedThere> {
  const { job: asked, isNew } = await askJobThere(desk, request)
  const beganAt = time.nowMilliseconds()
  let waitsSince = beganAt
  let hasWarned = false
  for (let job = asked; ; job = await lookAt(desk, asked.id, time)) {
    if (job.state === 'done') return { job, isNew }
    if (job.state === 'quarantined' || job.state === 'cancelled') {
      const { code, message } = job.reason ?? { code: 'cancelled', message: 'it was cancelled' }
      throw new CommandError(code, message, exitCodes.failed)
    }
    onProgress(job.progress ?? { step: waitingFor(job), share: 0 })
    const now = time.nowMilliseconds()
    if (job.state !== 'waiting') waitsSince = now
    if (!hasWarned && now - waitsSince >= minuteMilliseconds) {
      warn(`job ${job.id} waits; is a worker running?`)
      hasWarned = true
    }
    const { atFirst, later } = pollMilliseconds
    await time.sleep(now - beganAt < minuteMilliseconds ? atFirst : later)
  }
}

/** The job goes on without who follows it: a desk that is away is asked again for a minute. */
async function lookAt(
  desk: DeskServer,
  id: number,
  { nowMilliseconds, sleep }: Time,
): Promise<Schemas['Job']> {
  for (let awaySince: number | undefined; ;) {
    try {
      return await desk.ask('GET /jobs/{job}', { path: { job: id } })
    } catch (cause) {
      if (!isPassing(cause)) throw cause
      const now = nowMilliseconds()
      awaySince ??= now
      if (now - awaySince >= minuteMilliseconds) {
        throw new CommandError(
          'job-not-followed',
          `the desk has not answered for a minute; job ${id} goes on; see sightline jobs`,
          exitCodes.failed,
          { cause },
        )
      }
    }
    await sleep(pollMilliseconds.later)
  }
}

const isPassing = (error: unknown): boolean =>
  error instanceof DeskRefusal
    ? passingStatuses.has(error.status)
    : error instanceof CommandError && error.code === 'desk-unreachable'

const waitingFor = ({ reason }: Schemas['Job']): string =>
  reason === undefined ? 'Waiting' : `Waiting to try again (${reason.code})`

/** What the desk finds in an item. */
export async function examineThere(
  desk: DeskServer,
  incident: string,
  item: string,
  onShare: (share: number) => void,
  { warn }: Pick<Follower, 'warn'>,
): Promise<Schemas['Item']> {
  const onProgress = ({ share }: DeskProgress): void => onShare(share)
  await jobThere(desk, { kind: 'examine', incident, item }, { onProgress, warn })
  return desk.ask('GET /incidents/{incident}/items/{item}', { path: { incident, item } })
}
