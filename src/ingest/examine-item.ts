import type { Finding, ItemFacts, RecordingFacts } from '../case/item-facts.ts'
import { encodeRecipe } from '../custody/recipe.ts'
import { readDocument } from '../media/documents.ts'
import { MediaError } from '../media/media-error.ts'
import { nameAndContent } from '../media/name-and-content.ts'
import { probePhoto } from '../media/photo.ts'
import { probeRecording } from '../media/probe.ts'
import { makeProxies, type Proxies } from '../media/proxies.ts'
import { sniffFile } from '../media/sniff.ts'
import type { Blob } from '../store/blobs.ts'
import { addDerivative, readDerivative } from '../store/derivatives.ts'
import { noteFindings, readFacts, readFindings, readItem, setFacts } from '../store/items.ts'
import type { Library } from '../store/library.ts'
import type { Agent } from '../store/store.ts'

export interface ExaminedItem {
  readonly sha256: string
  readonly sizeBytes: number
  /** RFC 3339. */
  readonly receivedAt: string
  readonly facts: ItemFacts
  readonly findings: readonly Finding[]
}

export interface ItemWish {
  readonly incident: string
  readonly sha256: string
  /** As the sender calls it, for comparing with the content. */
  readonly name: string
}

/**
 * Probes a received item in the sandbox: exact frames, notices, and for a
 * recording its proxies, poster and peaks. Facts, findings and derivatives are
 * one transaction, so an item is examined or it is not; doing it again finds it
 * done. Bad content is a finding; throws MediaError and StoreError for trouble
 * of this machine.
 */
export async function examineItem(
  library: Library,
  agent: Agent,
  wish: ItemWish,
  onShare: (share: number) => void,
): Promise<ExaminedItem> {
  const { sha256 } = wish
  const known = await readExamined(library, sha256)
  if (known !== undefined) return known
  await library.blobs.inScratch(async (scratch) => {
    const { facts, findings, made } = await library.blobs.lend(sha256, async (path) => {
      const probed = await probeFile(path, wish.name, scratch)
      onShare(0.1)
      if (probed.facts.kind !== 'recording') return { ...probed, made: undefined }
      return { ...probed, made: await tryProxies(path, sha256, probed.facts, scratch) }
    })
    onShare(0.9)
    const all = [...findings, ...(made?.findings ?? [])]
    await keepExamination(library, agent, wish, facts, all, made?.proxies)
  })
  const examined = await readExamined(library, sha256)
  if (examined === undefined) throw new TypeError('an item was examined and is not there')
  return examined
}

/** A recording that stops the decoder is kept, with a finding in place of its proxies. */
async function tryProxies(
  path: string,
  sha256: string,
  facts: RecordingFacts,
  scratch: string,
): Promise<{ readonly proxies?: Proxies; readonly findings: readonly Finding[] }> {
  try {
    const proxies = await makeProxies(path, sha256, facts, scratch)
    return { proxies, findings: proxies.findings }
  } catch (error) {
    if (
      !(error instanceof MediaError) ||
      !/^(?:failed|(?:time|memory|output)-limit)$/.test(error.code)
    )
      throw error
    const code = error.code === 'failed' ? 'undecodable-frames' : 'limit-exceeded'
    const message = `No proxy could be made: ${error.message}. The original is kept; ask for another copy.`
    return { findings: [{ code, severity: 'problem', message }] }
  }
}

async function readExamined(library: Library, sha256: string): Promise<ExaminedItem | undefined> {
  return library.read(async (reader) => {
    const item = await readItem(reader, sha256)
    const facts = await readFacts(reader, sha256)
    if (item === undefined || facts === undefined) return undefined
    const { sizeBytes, receivedAt } = item
    return { sha256, sizeBytes, receivedAt, facts, findings: await readFindings(reader, sha256) }
  })
}

export async function probeFile(
  path: string,
  name: string,
  scratch: string,
): Promise<{ readonly facts: ItemFacts; readonly findings: readonly Finding[] }> {
  const sniffed = await sniffFile(path)
  const misnamed = nameAndContent(name, sniffed)
  const also = misnamed === undefined ? [] : [misnamed]
  switch (sniffed.kind) {
    case 'recording': {
      const probed = await probeRecording(path, sniffed)
      return { facts: probed.facts, findings: [...also, ...probed.findings] }
    }
    case 'photo': {
      const probed = await probePhoto(path, sniffed, scratch)
      return { facts: probed.facts, findings: [...also, ...probed.findings] }
    }
    case 'document': {
      const read = await readDocument(path, sniffed)
      return { facts: read.facts, findings: [...also, ...read.findings] }
    }
    case 'other':
      return {
        facts: { kind: 'other', mediaType: sniffed.mediaType },
        findings: [...also, sniffed.finding],
      }
  }
}

interface KeptProxy {
  readonly kind: string
  readonly output: Blob
  readonly mediaType: string
}

async function keepExamination(
  library: Library,
  agent: Agent,
  { incident, sha256 }: ItemWish,
  facts: ItemFacts,
  findings: readonly Finding[],
  proxies: Proxies | undefined,
): Promise<void> {
  const kept: KeptProxy[] = []
  const recipe = proxies === undefined ? undefined : await encodeRecipe(proxies.recipe)
  for (const { role, path, mediaType } of proxies?.files ?? []) {
    kept.push({ kind: `proxy-${role}`, output: await library.blobs.putFile(path), mediaType })
  }
  if (proxies?.peaks !== undefined) {
    const output = await library.blobs.putBytes(proxies.peaks)
    kept.push({ kind: 'peaks', output, mediaType: 'application/octet-stream' })
  }
  // Facts can be probed again and are no act; findings and derivatives append their entries.
  await library.transactWithoutEntry(agent, async (tx) => {
    await setFacts(tx, sha256, facts)
    await noteFindings(tx, sha256, findings)
    for (const { kind, output, mediaType } of kept) {
      if (recipe === undefined) continue
      const made = await readDerivative(tx, recipe.text, kind, incident)
      if (made !== undefined) continue
      await addDerivative(tx, {
        kind,
        incident,
        item: sha256,
        recipe: recipe.text,
        output,
        mediaType,
      })
    }
  })
}
