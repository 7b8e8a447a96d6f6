/** Looks into tips for the desk: each tip once at a time, each file with a core of the machine. */
import { examineTip, type ExaminedFile } from '../ingest/examine-tip.ts'
import { probeFile } from '../ingest/examine-item.ts'
import { endedBy } from '../media/abort.ts'
import { lookForCore, type TakeCore } from '../queue/cores.ts'
import type { Library } from '../store/library.ts'
import type { Tip } from '../store/tips.ts'
import { ProblemError } from './problem.ts'

/** Until `signal`, of the request, is aborted. @throws ProblemError 503 */
export type TipExaminer = (tip: Tip, signal: AbortSignal) => Promise<readonly ExaminedFile[]>

interface Examination {
  readonly found: Promise<readonly ExaminedFile[]>
  /** Ends it. */
  readonly left: AbortController
  /** Requests that wait for it. */
  waiting: number
}

/** Two minutes: then whoever asked is told. */
const mostCoreLooks = 480

/**
 * Whoever asks while a tip is examined is told what that finds, of the files that were there when it
 * began. It ends, with the program that it runs, when the last who asked has gone.
 */
export function tipExaminer(library: Library, takeCore: TakeCore): TipExaminer {
  const running = new Map<string, Examination>()

  function begin(tip: Tip): Examination {
    const left = new AbortController()
    const probe: typeof probeFile = async (...file) => {
      const core = await lookForCore(takeCore, mostCoreLooks, () => left.signal.throwIfAborted())
      if (core === undefined) throw noCore()
      try {
        left.signal.throwIfAborted()
        return await probeFile(...file)
      } finally {
        core.free()
      }
    }
    const found = endedBy(left.signal, () => examineTip(library, tip, probe)).finally(() =>
      running.delete(tip.id),
    )
    const begun = { found, left, waiting: 0 }
    running.set(tip.id, begun)
    return begun
  }

  return async (tip, signal) => {
    let found = running.get(tip.id)
    while (found?.left.signal.aborted === true) {
      await found.found.catch(() => undefined)
      found = running.get(tip.id)
    }
    const examination = found ?? begin(tip)
    const gone = Promise.withResolvers<never>()
    const leave = (): void => gone.reject(new ProblemError(503, 'Whoever asked has gone.'))
    signal.addEventListener('abort', leave)
    if (signal.aborted) leave()
    examination.waiting += 1
    try {
      return await Promise.race([examination.found, gone.promise])
    } finally {
      signal.removeEventListener('abort', leave)
      examination.waiting -= 1
      if (examination.waiting === 0) examination.left.abort()
    }
  }
}

const noCore = (): ProblemError =>
  new ProblemError(
    503,
    'All cores of this machine are busy with jobs; look into it again when one has ended.',
    'no-core',
  )
