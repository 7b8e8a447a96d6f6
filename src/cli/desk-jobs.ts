/** Jobs of a running desk: asked for, and followed to their end. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Answered } from '../client/api-client.ts'
import type { Schemas } from '../client/api-types.ts'
import type { JobRequest } from '../queue/request.ts'
import { CommandError } from './command-error.ts'
import type { DeskServer } from './desk-server.ts'
import { exitCodes } from './exit-codes.ts'

const pollMilliseconds = 300

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

/**
 * Asks for a job and follows it to its end.
 * @throws CommandError with the job's own reason
 */
export async function jobThere(
  desk: DeskServer,
  request: JobRequest,
  onProgress: (at: DeskProgress) => void,
): Promise<AskedThere> {
  const { job: asked, isNew } = await askJobThere(desk, request)
  const path = { job: asked.id }
  for (let job = asked; ; job = await desk.ask('GET /jobs/{job}', { path })) {
    if (job.state === 'done') return { job, isNew }
    if (job.state === 'quarantined' || job.state === 'cancelled') {
      const { code, message } = job.reason ?? { code: 'cancelled', message: 'it was cancelled' }
      throw new CommandError(code, message, exitCodes.failed)
    }
    onProgress(job.progress ?? { step: waitingFor(job), share: 0 })
    await sleep(pollMilliseconds)
  }
}

const waitingFor = ({ reason }: Schemas['Job']): string =>
  reason === undefined ? 'Waiting' : `Waiting to try again (${reason.code})`

/** What the desk finds in an item. */
export async function examineThere(
  desk: DeskServer,
  incident: string,
  item: string,
  onShare: (share: number) => void,
): Promise<Schemas['Item']> {
  await jobThere(desk, { kind: 'examine', incident, item }, ({ share }) => onShare(share))
  return desk.ask('GET /incidents/{incident}/items/{item}', { path: { incident, item } })
}
