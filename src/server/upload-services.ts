import { openUploadIntake, type OnItem, type UploadIntake } from '../ingest/upload-intake.ts'
import type { UploadLimits } from '../ingest/upload-limits.ts'
import { toolName } from '../jobs/version.ts'
import { machineCores, type TakeCore } from '../queue/cores.ts'
import type { JobQueue } from '../queue/job-queue.ts'
import type { Library } from '../store/library.ts'
import type { Agent, Effects } from '../store/store.ts'
import type { GateContext } from './gate.ts'
import { rateLimit, type RateLimit } from './rate-limit.ts'
import { tipExaminer, type TipExaminer } from './tip-examinations.ts'
import { tusHandler, type UploadHandler } from './tus.ts'

/** What the routes by which files come in have in common. */
export interface UploadServices {
  readonly library: Library
  readonly intake: UploadIntake
  readonly tus: UploadHandler
  readonly rate: RateLimit
  readonly onItem: OnItem
  readonly examineTip: TipExaminer
  readonly now: () => Date
  /** Of whoever asks; kept nowhere. */
  readonly addressOf: (context: GateContext) => string
}

export interface UploadOptions {
  readonly effects?: Effects
  readonly limits?: UploadLimits
  /** Where what became an item waits to be examined. */
  readonly queue?: JobQueue
  readonly onItem?: OnItem
  /** What looking into a tip has; one of the machine unless said otherwise. */
  readonly takeCore?: TakeCore
  readonly onError?: (error: unknown) => void
  readonly addressOf?: (context: GateContext) => string
}

/** Whoever comes by a link: no account, no name. */
export const contributor: Agent = { actor: 'contributor', tool: toolName }

export function uploadServices(
  library: Library,
  {
    effects = library.effects,
    limits,
    queue,
    onItem = examinedBy(queue),
    takeCore = machineCores(),
    onError = () => undefined,
    addressOf = (context) => context.get('peerAddress') ?? 'unknown',
  }: UploadOptions = {},
): UploadServices {
  const intake = openUploadIntake(library, { ...(limits === undefined ? {} : { limits }), onItem })
  const tus = tusHandler(library, intake, onError)
  return {
    library,
    intake,
    tus,
    rate: rateLimit(effects),
    onItem,
    examineTip: tipExaminer(library, takeCore),
    now: () => effects.now(),
    addressOf,
  }
}

function examinedBy(queue: JobQueue | undefined): OnItem {
  return async (tx, { incident, sha256 }) => {
    await queue?.enqueue(tx, { kind: 'examine', incident, item: sha256 })
  }
}
