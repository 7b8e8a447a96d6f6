/** A form as a browser without scripts sends it: files are streamed to disk, and count only when all is there. */
import { takeBackTip } from '../ingest/decide-tip.ts'
import { UploadError } from '../ingest/upload-error.ts'
import { beginTip, addTipAccount, readTip, setTipContact, type Tip } from '../store/tips.ts'
import { settleUpload, type Upload } from '../store/uploads.ts'
import type { ContributorLink } from '../store/contributor-links.ts'
import { readCode } from '../store/secret-code.ts'
import { readForm } from './multipart.ts'
import { contributor, type UploadServices } from './upload-services.ts'

export interface Sent {
  /** Where a new tip was begun. */
  readonly receipt?: string
  readonly tip: Tip
  readonly arrived: readonly string[]
  readonly refused: readonly { readonly name: string; readonly reason: string }[]
  /** An account, or how to reach them. */
  readonly hasWords: boolean
}

/** Codes that say something of one file, and nothing against the others. */
const ofOneFile = new Set(['content-refused', 'file-too-large', 'link-full', 'empty-file'])

export const mostAccountLetters = 50_000
export const mostContactLetters = 500

/**
 * To a new tip by a link, or to the one whose receipt the form names first, found by `tipOf`.
 * @throws UploadError, TipError; nothing of the form is kept then
 */
export async function receiveContribution(
  { library, intake }: UploadServices,
  request: Request,
  to: ContributorLink | ((receipt: string) => Promise<Tip>),
): Promise<Sent> {
  const length = Number(request.headers.get('content-length') ?? Number.NaN)
  if (!Number.isSafeInteger(length)) {
    throw new UploadError('length-unknown', 'Say how long the form is before sending it.')
  }
  const said = { account: '', contact: '' }
  const waiting: Upload[] = []
  const refused: { name: string; reason: string }[] = []
  let begun: { readonly id: string; readonly receipt: string } | undefined
  let isNew = false
  let left = length

  const target = async (): Promise<Tip> => {
    if (begun !== undefined) return found(await readById(begun.id))
    if (typeof to === 'function')
      throw new UploadError('receipt-unknown', 'There is no such receipt code.')
    // Without words yet: the log hears of it when all is there.
    const empty = { account: '', contact: '' }
    begun = await library.transactWithoutEntry(contributor, (tx) => beginTip(tx, to, empty))
    isNew = true
    return found(await readById(begun.id))
  }
  const readById = (id: string): Promise<Tip | undefined> =>
    library.read((reader) => readTip(reader, { id }))

  const store = async (
    name: string,
    heldBytes: number,
    bytes: AsyncIterable<Uint8Array>,
  ): Promise<void> => {
    const { id: tip, incident } = await target()
    // With the mark after it, so that it is never as long as announced while it comes.
    const wish = { incident, tip, name, sizeBytes: Math.max(1, left + heldBytes) }
    const upload = await intake.begin(contributor, wish)
    try {
      const sizeBytes = await intake.write(contributor, upload, bytes, 0)
      if (sizeBytes === 0) throw new UploadError('empty-file', 'The file is empty (0 bytes).')
      await library.transactWithoutEntry(contributor, (tx) =>
        // One more than there is: no sweep takes it in before the form has ended.
        settleUpload(tx, upload.id, sizeBytes + 1),
      )
      waiting.push({ ...upload, sizeBytes })
    } catch (error) {
      await intake.cancel(contributor, upload.id)
      throw error
    }
  }

  try {
    const counted = countDown(request.body, (bytes) => (left -= bytes))
    for await (const part of readForm(request.headers.get('content-type') ?? '', counted)) {
      if (part.kind === 'field') {
        if (part.name === 'account')
          said.account = shortEnough(part.value, mostAccountLetters, 'account')
        if (part.name === 'contact')
          said.contact = shortEnough(part.value, mostContactLetters, 'contact')
        if (part.name === 'receipt' && typeof to === 'function' && begun === undefined) {
          const { id } = await to(part.value)
          begun = { id, receipt: readCode(part.value) }
        }
        continue
      }
      if (part.fileName === '') continue
      await store(part.fileName, part.heldBytes, part.bytes).catch((error: unknown) => {
        if (!(error instanceof UploadError) || !ofOneFile.has(error.code)) throw error
        refused.push({ name: part.fileName, reason: error.message })
      })
    }
    if (said.account === '' && waiting.length === 0 && refused.length === 0) {
      throw new UploadError('form-malformed', 'Nothing was sent: choose a file or write something.')
    }
    const arrived: string[] = []
    const { id, state } = await target()
    if (state !== 'arriving' && state !== 'waiting') {
      throw new UploadError('tip-decided', 'What this belongs to has been decided about already.')
    }
    await library.transactWithoutEntry(contributor, async (tx) => {
      if (said.account !== '') await addTipAccount(tx, id, said.account)
      if (said.contact !== '') await setTipContact(tx, id, said.contact)
      for (const upload of waiting) await settleUpload(tx, upload.id, upload.sizeBytes)
    })
    for (const { id: upload, name } of waiting) {
      await intake.finish(contributor, upload).then(
        () => arrived.push(name),
        (error: unknown) => {
          if (!(error instanceof UploadError)) throw error
          refused.push({ name, reason: error.message })
        },
      )
    }
    const tip = found(await readById(id))
    return {
      ...(isNew && begun !== undefined ? { receipt: begun.receipt } : {}),
      tip,
      arrived,
      refused,
      hasWords: said.account !== '' || said.contact !== '',
    }
  } catch (error) {
    for (const { id } of waiting) await intake.cancel(contributor, id).catch(() => undefined)
    if (isNew && begun !== undefined) {
      await takeBackTip(library, contributor, intake.files, begun.receipt)
    }
    throw error
  }
}

/** As it was written, with the line breaks of everybody. */
export function plainText(text: string): string {
  return text.replaceAll('\r\n', '\n').trim()
}

function shortEnough(value: string, most: number, what: string): string {
  const text = plainText(value)
  if (text.length <= most) return text
  throw new UploadError(
    'form-malformed',
    `Your ${what} has ${text.length} letters, and ${most} are taken. Send it as a file, or in parts.`,
  )
}

function found(tip: Tip | undefined): Tip {
  if (tip === undefined) throw new UploadError('receipt-unknown', 'There is no such receipt code.')
  return tip
}

async function* countDown(
  body: ReadableStream<Uint8Array> | null,
  count: (bytes: number) => void,
): AsyncGenerator<Uint8Array> {
  for await (const bytes of body ?? []) {
    count(bytes.length)
    yield bytes
  }
}
