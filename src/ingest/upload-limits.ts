/** How much and where an upload may be: looked at before it begins, and again in the act that takes it in. */
import { readContributorLink, readLinkUse } from '../store/contributor-links.ts'
import { readIncidents } from '../store/incidents.ts'
import type { Library } from '../store/library.ts'
import { hasRoom } from '../store/room.ts'
import type { Transactor } from '../store/store.ts'
import { readTip } from '../store/tips.ts'
import { readUnfinished } from '../store/uploads.ts'
import { bytesLeft, incidentFull, usualIncidentBytes } from './incident-quota.ts'
import { UploadError } from './upload-error.ts'
import type { UploadFiles } from './upload-files.ts'

export interface UploadLimits {
  readonly fileBytes: number
  readonly incidentBytes: number
}

export const usualLimits: UploadLimits = {
  fileBytes: 64 * 2 ** 30,
  incidentBytes: usualIncidentBytes,
}

export interface UploadWish {
  readonly incident: string
  /** Without it the file goes to the incident itself. */
  readonly tip?: string
  readonly name: string
  readonly sizeBytes: number
  /** As the sender computed it. */
  readonly sha256?: string
}

/** @throws UploadError */
export function assertWish({ sizeBytes, sha256 }: UploadWish, { fileBytes }: UploadLimits): void {
  if (!Number.isSafeInteger(sizeBytes) || sizeBytes < 0) {
    throw new UploadError('length-unknown', 'Say how long the file is before sending it.')
  }
  if (sizeBytes === 0) {
    throw new UploadError('empty-file', 'The file is empty (0 bytes). Choose it again.')
  }
  if (sizeBytes > fileBytes) {
    throw new UploadError(
      'file-too-large',
      `The file has ${sizeBytes} bytes and no more than ${fileBytes} are taken.`,
    )
  }
  if (sha256 !== undefined && !/^[0-9a-f]{64}$/.test(sha256)) {
    throw new UploadError('sha256-malformed', 'A SHA-256 is 64 lower-case hex digits.')
  }
}

/** With what has been promised to others. @throws UploadError `disk-full` */
export async function assertRoomFor(
  library: Library,
  files: UploadFiles,
  sizeBytes: number,
): Promise<void> {
  const others = await library.read(readUnfinished)
  const missing = others.map((upload) =>
    Math.max(0, upload.sizeBytes - (files.stat(upload.id)?.sizeBytes ?? upload.sizeBytes)),
  )
  const needed = missing.reduce((sum, bytes) => sum + bytes, sizeBytes + reserveBytes)
  if (await hasRoom(library.folder, needed)) return
  throw new UploadError('disk-full', 'The server has no room for this file. Try again later.')
}

/** So much is left for the tables. */
const reserveBytes = 64 << 20

/** @throws UploadError */
export async function assertQuota(
  tx: Transactor,
  wish: UploadWish,
  limits: UploadLimits,
): Promise<void> {
  const { incident, tip: id, sizeBytes } = wish
  if ((await readIncidents(tx, incident)).length === 0) {
    throw new UploadError('incident-unknown', `There is no incident "${incident}".`)
  }
  if (sizeBytes > (await bytesLeft(tx, incident, limits.incidentBytes))) {
    throw new UploadError('incident-full', incidentFull(limits.incidentBytes))
  }
  if (id === undefined) return
  const tip = await assertOpenTip(tx, id)
  const link = await readContributorLink(tx, { id: tip.link })
  if (link === undefined || link.closedAt !== undefined || link.expiresAt <= tx.at) {
    throw new UploadError('link-ended', 'This link has ended. Ask whoever gave it to you.')
  }
  const used = await readLinkUse(tx, link.id)
  if (used.files + 1 > link.mostFiles || used.bytes + sizeBytes > link.mostBytes) {
    throw new UploadError('link-full', 'This link takes no more. Ask whoever gave it to you.')
  }
}

/** @throws UploadError `receipt-unknown`, `tip-withdrawn`, `tip-decided` */
export async function assertOpenTip(tx: Transactor, id: string) {
  const tip = await readTip(tx, { id })
  if (tip === undefined)
    throw new UploadError('receipt-unknown', 'There is nothing to add this to.')
  if (tip.state === 'withdrawn') {
    throw new UploadError('tip-withdrawn', 'What this belongs to has been withdrawn.')
  }
  if (tip.state !== 'arriving' && tip.state !== 'waiting') {
    throw new UploadError('tip-decided', 'What this belongs to has been decided about already.')
  }
  return tip
}
