import {
  openUploadIntake,
  type OnItem,
  type UploadIntake,
  type UploadLimits,
} from '../ingest/upload-intake.ts'
import { toolName } from '../jobs/version.ts'
import type { Library } from '../store/library.ts'
import type { Agent, Effects } from '../store/store.ts'
import type { GateContext } from './gate.ts'
import { rateLimit, type RateLimit } from './rate-limit.ts'
import { tusHandler, type UploadHandler } from './tus.ts'

/** What the routes by which files come in have in common. */
export interface UploadServices {
  readonly library: Library
  readonly intake: UploadIntake
  readonly tus: UploadHandler
  readonly rate: RateLimit
  readonly onItem: OnItem
  readonly now: () => Date
  /** Of whoever asks; kept nowhere. */
  readonly addressOf: (context: GateContext) => string
}

export interface UploadOptions {
  readonly effects?: Effects
  readonly limits?: UploadLimits
  readonly onItem?: OnItem
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
    onItem = () => undefined,
    onError = () => undefined,
    addressOf = () => 'unknown',
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
    now: () => effects.now(),
    addressOf,
  }
}
