/** `POST /api/fsck`: rechecks the library that this server holds, and says how far it is meanwhile. */
import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi'
import { streamSSE, type SSEStreamingApi } from 'hono/streaming'
import type { Log } from '../observe/log.ts'
import { reasonOf } from '../queue/outcome.ts'
import { checkLibrary } from '../store/fsck.ts'
import type { FsckProgress } from '../store/fsck-report.ts'
import type { Library } from '../store/library.ts'
import { needs, type GateEnv } from './gate.ts'
import { problemAnswer, ProblemError } from './problem.ts'

/** Less than a proxy waits for the next byte. */
const sayMilliseconds = 15_000
const lookMilliseconds = 250

const route = createRoute({
  ...needs({ to: 'library.manage' }),
  method: 'post',
  path: '/fsck',
  summary: 'Recheck the whole library (server-sent events)',
  responses: {
    200: {
      description:
        'Events named "progress" (step, done, total), at the end one named "report", as `sightline fsck --json` prints it, or "problem" (code, message).',
      content: { 'text/event-stream': { schema: z.string() } },
    },
    429: problemAnswer('It is being checked already.'),
  },
})

/** `stopping`: then the check ends at its next progress, and says so. */
export function addFsck(
  app: OpenAPIHono<GateEnv>,
  library: Library,
  log: Log,
  stopping: AbortSignal | undefined,
): void {
  let isChecking = false
  app.openapi(route, (context) => {
    if (isChecking) {
      throw new ProblemError(429, 'The library is being checked already; try again when that ends.')
    }
    isChecking = true
    return streamSSE(context, async (stream) => {
      try {
        // Its end is not waited for behind what somebody who has gone does not read.
        const report = await withNews(stream, (tell) =>
          checkLibrary(library, (progress) => {
            if (stopping?.aborted === true) throw stops()
            tell(progress)
          }),
        ).finally(() => (isChecking = false))
        await stream.writeSSE({ event: 'report', data: JSON.stringify(report) })
      } catch (error) {
        if (stream.aborted) return
        const isStop = error instanceof ProblemError
        if (!isStop) log('request-failed', { requestId: context.get('requestId'), error })
        const { code, message } = isStop ? error : reasonOf(error)
        await stream.writeSSE({ event: 'problem', data: JSON.stringify({ code, message }) })
      }
    })
  })
}

const stops = (): ProblemError =>
  new ProblemError(
    503,
    'The desk was told to stop before it had checked all; run this again when it is back.',
    'desk-stopping',
  )

/** Says the latest progress now and then. What is being done ends when nobody listens any more. */
async function withNews<T>(
  stream: SSEStreamingApi,
  act: (tell: (progress: FsckProgress) => void) => Promise<T>,
): Promise<T> {
  let news: FsckProgress | undefined
  let saidAt = performance.now()
  let isSaying = false
  const say = async (): Promise<void> => {
    const isQuiet = performance.now() - saidAt < sayMilliseconds
    if (isSaying || (news === undefined && isQuiet)) return
    const data = JSON.stringify(news)
    news = undefined
    isSaying = true
    await (data === undefined
      ? stream.write(': still there\n\n')
      : stream.writeSSE({ event: 'progress', data }))
    isSaying = false
    saidAt = performance.now()
  }
  const looks = setInterval(() => void say(), lookMilliseconds)
  try {
    return await act((progress) => {
      if (stream.aborted) throw new Error('nobody listens any more')
      news = progress
    })
  } finally {
    clearInterval(looks)
  }
}
