/** Looks into the files of a tip before anybody decides about it: in the sandbox, and nothing is recorded. */
import type { Finding, ItemFacts } from '../case/item-facts.ts'
import type { Library } from '../store/library.ts'
import type { Tip, TipFile } from '../store/tips.ts'
import { probeFile } from './examine-item.ts'

export interface ExaminedFile {
  readonly sha256: string
  readonly kind: ItemFacts['kind']
  readonly mediaType: string
  readonly findings: Finding[]
}

/** Hostile files can cost hours each: no more are begun, and `notLookedInto` says which are left. */
const mostFiles = 100
const mostMilliseconds = 10 * 60_000

/** The first of its files, as many as a hundred and ten minutes allow. */
export async function examineTip(
  library: Library,
  tip: Tip,
  probe = probeFile,
): Promise<readonly ExaminedFile[]> {
  const until = library.effects.now().getTime() + mostMilliseconds
  const examined: ExaminedFile[] = []
  for (const { sha256, name = '' } of notLookedInto(tip, []).slice(0, mostFiles)) {
    if (library.effects.now().getTime() >= until) break
    const { facts, findings } = await library.blobs.inScratch((scratch) =>
      library.blobs.lend(sha256, (path) => probe(path, name, scratch)),
    )
    const { kind, mediaType } = facts
    examined.push({ sha256, kind, mediaType, findings: [...findings] })
  }
  return examined
}

/** Those that were not withdrawn. */
export function notLookedInto(tip: Tip, examined: readonly ExaminedFile[]): readonly TipFile[] {
  const done = new Set(examined.map(({ sha256 }) => sha256))
  return tip.files.filter(
    ({ sha256, withdrawnAt }) => withdrawnAt === undefined && !done.has(sha256),
  )
}
