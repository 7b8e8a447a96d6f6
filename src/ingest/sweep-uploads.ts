/**
 * What interruptions left: uploads whose bytes are all there are taken in, those
 * that nobody goes on with are dropped, files that belong to nothing removed.
 */
import type { Library } from '../store/library.ts'
import type { Agent } from '../store/store.ts'
import { eraseTraces } from '../store/erase-traces.ts'
import { forgetEmptyTips } from '../store/tips.ts'
import { forgetUpload, forgetUploadsBefore, readUnfinished } from '../store/uploads.ts'
import { removeWithdrawnFiles } from '../store/withdrawn-files.ts'
import { UploadError } from './upload-error.ts'
import type { UploadIntake } from './upload-intake.ts'

/** Nobody goes on with an upload so long after its last byte. */
export const unfinishedMilliseconds = 7 * 86_400_000
const answeredMilliseconds = 7 * 86_400_000
const emptyTipMilliseconds = 86_400_000

export interface Swept {
  readonly finished: number
  readonly dropped: number
  readonly strays: number
  readonly erased: number
}

interface SweepOptions {
  readonly now: Date
  /** A file without a row may be one that another program is just beginning. */
  readonly leaveStraysFor?: number
  /** A blob may be one that is just taken in again. */
  readonly leaveBlobsFor?: number
  readonly onError?: (error: unknown) => void
}

export async function sweepUploads(
  library: Library,
  intake: UploadIntake,
  agent: Agent,
  { now, leaveStraysFor = 60_000, leaveBlobsFor, onError = () => undefined }: SweepOptions,
): Promise<Swept> {
  const before = (milliseconds: number): Date => new Date(now.getTime() - milliseconds)
  let [finished, dropped, strays] = [0, 0, 0]
  for (const upload of await library.read(readUnfinished)) {
    const { id, sizeBytes, whole } = upload
    // Of another machine of the library: its own sweep sees to it.
    if (!intake.files.isHere(upload)) continue
    if (intake.isWriting(id)) continue
    const file = intake.files.stat(id)
    if (whole !== undefined || file?.sizeBytes === sizeBytes) {
      await intake.finish(agent, id).then(
        () => (finished += 1),
        (error: unknown) => {
          if (!(error instanceof UploadError)) onError(error)
        },
      )
    } else if (file === undefined || file.changedAt < before(unfinishedMilliseconds)) {
      await library.transactWithoutEntry(agent, (tx) => forgetUpload(tx, id))
      await intake.files.remove(id)
      dropped += 1
    }
  }
  // The file of one that has ended was left between its end and the file's.
  const unended = await library.read(readUnfinished)
  const known = new Set(unended.map(({ id }) => id))
  for (const name of await intake.files.list()) {
    if (known.has(name) || !/^[0-9a-f]{32}$/.test(name)) continue
    const file = intake.files.stat(name)
    if (file === undefined || file.changedAt > before(leaveStraysFor)) continue
    await intake.files.remove(name)
    strays += 1
  }
  await library.transactWithoutEntry(agent, async (tx) => {
    await forgetUploadsBefore(tx, before(answeredMilliseconds).toISOString())
    await forgetEmptyTips(tx, before(emptyTipMilliseconds).toISOString())
  })
  const erased = await removeWithdrawnFiles(library, agent, now, leaveBlobsFor)
  await eraseTraces(library, agent)
  return { finished, dropped, strays, erased }
}
