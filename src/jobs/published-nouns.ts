import { text } from 'node:stream/consumers'
import type { CommentAbout } from '../store/comments.ts'
import type { Library } from '../store/library.ts'
import { readPublishedFile } from '../store/publications.ts'

/** What readers can see of an incident, and so speak of. */
interface PublishedNouns {
  readonly claims: ReadonlySet<string>
  readonly quotes: ReadonlySet<string>
  readonly footage: ReadonlySet<string>
}

const mostKept = 200

/** Of the latest published revision; undefined for an incident of which nothing is published. */
export function publishedNouns(
  library: Library,
): (incident: string) => Promise<PublishedNouns | undefined> {
  // By the hash of its file: it never says anything else.
  const kept = new Map<string, PublishedNouns>()
  const read = async (sha256: string): Promise<unknown> =>
    JSON.parse(await text(library.blobs.read(sha256)))
  return async (incident) => {
    const [claims, alignment] = await Promise.all(
      ['data/claims.json', 'data/alignment.json'].map((path) =>
        readPublishedFile(library, incident, path),
      ),
    )
    if (claims === undefined || alignment === undefined) return undefined
    const key = `${claims.sha256} ${alignment.sha256}`
    const known = kept.get(key)
    if (known !== undefined) return known
    const said = (await read(claims.sha256)) as {
      readonly claims: readonly { readonly id: string }[]
      readonly statements: readonly { readonly id: string }[]
    }
    const clock = (await read(alignment.sha256)) as {
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
}

export function isPublished(nouns: PublishedNouns, about: CommentAbout): boolean {
  if (about.kind === 'story') return true
  if (about.kind === 'moment') return nouns.footage.has(about.footage)
  return (about.kind === 'claim' ? nouns.claims : nouns.quotes).has(about.id)
}
