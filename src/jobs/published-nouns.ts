import { text } from 'node:stream/consumers'
import type { CommentAbout } from '../store/comments.ts'
import type { Library } from '../store/library.ts'
import { readLatestFiles } from '../store/publications.ts'

/** What readers can see of an incident, and so speak of. */
interface PublishedNouns {
  readonly claims: ReadonlySet<string>
  readonly quotes: ReadonlySet<string>
  readonly footage: ReadonlySet<string>
}

const mostKept = 200
/** A busy hour asks once a second. */
const freshMs = 1000
const paths = ['data/claims.json', 'data/alignment.json']

/** Of the latest published revision, or of that of a second ago; undefined for an incident of which nothing is published. */
export function publishedNouns(
  library: Library,
): (incident: string) => Promise<PublishedNouns | undefined> {
  // By the hashes of their files: they never say anything else.
  const kept = new Map<string, PublishedNouns>()
  const read = async (sha256: string): Promise<unknown> =>
    JSON.parse(await text(library.blobs.read(sha256)))
  const latest = new Map<
    string,
    { readonly atMs: number; readonly nouns: PublishedNouns | undefined }
  >()
  const ask = async (incident: string): Promise<PublishedNouns | undefined> => {
    const files = await library.readOne((reader) => readLatestFiles(reader, incident, paths))
    const [claims, alignment] = paths.map((path) => files.get(path))
    if (claims === undefined || alignment === undefined) return undefined
    const key = `${claims} ${alignment}`
    const known = kept.get(key)
    if (known !== undefined) return known
    const said = (await read(claims)) as {
      readonly claims: readonly { readonly id: string }[]
      readonly statements: readonly { readonly id: string }[]
    }
    const clock = (await read(alignment)) as {
      readonly recordings: readonly { readonly footage: string }[]
      readonly apart: readonly { readonly footage: string }[]
    }
    const nouns = {
      claims: new Set(said.claims.map(({ id }) => id)),
      quotes: new Set(said.statements.map(({ id }) => id)),
      footage: new Set([...clock.recordings, ...clock.apart].map(({ footage }) => footage)),
    }
    kept.set(key, nouns)
    const [oldest] = kept.keys()
    if (kept.size > mostKept && oldest !== undefined) kept.delete(oldest)
    return nouns
  }
  return async (incident) => {
    const nowMs = library.effects.now().getTime()
    const asked = latest.get(incident)
    if (asked !== undefined && Math.abs(nowMs - asked.atMs) < freshMs) return asked.nouns
    const nouns = await ask(incident)
    if (latest.size >= mostKept) latest.clear()
    latest.set(incident, { atMs: nowMs, nouns })
    return nouns
  }
}

export function isPublished(nouns: PublishedNouns, about: CommentAbout): boolean {
  if (about.kind === 'story') return true
  if (about.kind === 'moment') return nouns.footage.has(about.footage)
  return (about.kind === 'claim' ? nouns.claims : nouns.quotes).has(about.id)
}
