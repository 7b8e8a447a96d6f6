/** Looks into the files of a tip before anybody decides about it: in the sandbox, and nothing is recorded. */
import type { Finding, ItemFacts } from '../case/item-facts.ts'
import type { Library } from '../store/library.ts'
import type { Tip } from '../store/tips.ts'
import { probeFile } from './examine-item.ts'

export interface ExaminedFile {
  readonly sha256: string
  readonly kind: ItemFacts['kind']
  readonly mediaType: string
  readonly findings: Finding[]
}

export async function examineTip(library: Library, tip: Tip): Promise<readonly ExaminedFile[]> {
  const examined: ExaminedFile[] = []
  for (const { sha256, name = '', withdrawnAt } of tip.files) {
    if (withdrawnAt !== undefined) continue
    const { facts, findings } = await library.blobs.inScratch((scratch) =>
      library.blobs.lend(sha256, (path) => probeFile(path, name, scratch)),
    )
    const { kind, mediaType } = facts
    examined.push({ sha256, kind, mediaType, findings: [...findings] })
  }
  return examined
}
