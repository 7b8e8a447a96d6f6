/** What becomes of a tip: taken into its incident, declined, or withdrawn by whoever sent it. */
import type { Library } from '../store/library.ts'
import type { Agent, Transactor } from '../store/store.ts'
import { markDecided, readTip, withdrawTip, type Tip } from '../store/tips.ts'
import { readUnfinished, forgetUpload } from '../store/uploads.ts'
import { takeIn } from './receive.ts'
import { TipError } from './tip-error.ts'
import type { OnItem } from './upload-intake.ts'
import type { UploadFiles } from './upload-files.ts'

export interface AcceptedItem {
  readonly incident: string
  readonly sha256: string
  readonly name: string
  readonly seenBefore: boolean
}

export interface AcceptWish {
  /** Without those files that are still on their way, which are refused from then on. */
  readonly evenIfArriving?: boolean
  /** Its `filesSha256` as whoever accepts it saw it, where that is known. */
  readonly seen?: string | undefined
  readonly onItem?: OnItem
}

/** Its files become items of the incident, in one act. @throws TipError */
export function acceptTip(
  library: Library,
  agent: Agent,
  id: string,
  { evenIfArriving = false, seen, onItem }: AcceptWish = {},
): Promise<{ readonly tip: Tip; readonly items: readonly AcceptedItem[] }> {
  return library.transact(agent, async (tx) => {
    const tip = await waitingTip(tx, id)
    if (tip.arriving > 0 && !evenIfArriving) {
      throw new TipError(
        'tip-arriving',
        `${tip.arriving} of its files are still on their way. Wait for them, or accept it without them.`,
      )
    }
    if (seen !== undefined && seen !== tip.filesSha256) {
      throw new TipError(
        'tip-changed',
        'Files have come since it was looked at. Look at those too, then accept it.',
      )
    }
    await markDecided(tx, tip, 'accepted')
    const items: AcceptedItem[] = []
    const { incident } = tip
    for (const { sha256, sizeBytes, kind, mediaType, name = '' } of tip.files) {
      const { seenBefore } = await takeIn(
        tx,
        { incident, incidentTitle: incident },
        { blob: { sha256, sizeBytes }, sniffed: { kind, mediaType }, name },
      )
      await onItem?.(tx, { incident, sha256 })
      items.push({ incident, sha256, name, seenBefore })
    }
    return { tip: await readAgain(tx, id), items }
  })
}

/** It stays as it is, and may still be withdrawn. @throws TipError */
export function declineTip(library: Library, agent: Agent, id: string): Promise<Tip> {
  return library.transact(agent, async (tx) => {
    await markDecided(tx, await waitingTip(tx, id), 'declined')
    return readAgain(tx, id)
  })
}

/** For whoever has the receipt. Nothing that is on its way comes any more. @throws TipError */
export async function takeBackTip(
  library: Library,
  agent: Agent,
  files: UploadFiles,
  receipt: string,
): Promise<Tip> {
  const { tip, dropped } = await library.transactWithoutEntry(agent, async (tx) => {
    const found = await readTip(tx, { receipt })
    if (found === undefined) throw new TipError('receipt-unknown', 'There is no such receipt code.')
    if (found.state === 'accepted') {
      throw new TipError(
        'tip-accepted',
        'This has been taken into the incident already. Ask the team, who decide about what they hold.',
      )
    }
    if (found.state === 'withdrawn') return { tip: found, dropped: [] }
    const unfinished = await readUnfinished(tx)
    const own = unfinished.filter(({ tip: of, whole }) => of === found.id && whole === undefined)
    for (const { id } of own) await forgetUpload(tx, id)
    await withdrawTip(tx, found)
    return { tip: await readAgain(tx, found.id), dropped: own }
  })
  for (const { id } of dropped) await files.remove(id)
  return tip
}

async function waitingTip(tx: Transactor, id: string): Promise<Tip> {
  const tip = await readTip(tx, { id })
  if (tip === undefined || tip.state === 'arriving') {
    throw new TipError('tip-unknown', `There is no tip "${id}".`)
  }
  if (tip.state !== 'waiting') {
    throw new TipError('tip-decided', `The tip "${id}" has been ${tip.state} already.`)
  }
  return tip
}

async function readAgain(tx: Transactor, id: string): Promise<Tip> {
  const tip = await readTip(tx, { id })
  if (tip === undefined) throw new TypeError('a tip was written and is not there')
  return tip
}
