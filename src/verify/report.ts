import type { Finding } from './finding.ts'

/** What the bundle says of itself, as far as it could be read. */
export type BundleFacts = {
  readonly files: number
  /** Undefined when the reader does not know the sizes. */
  readonly bytes: number | undefined
  /** Opened entries. */
  readonly entries: number
  readonly checkpointSize: number | undefined
  readonly origin: string | undefined
  /** 8 hexadecimal digits. */
  readonly keyId: string | undefined
  /** The bundle's key is the one the caller trusts. */
  readonly keyPinned: boolean
  /** Files that nothing names would have been found. */
  readonly listedEverything: boolean
  /** RFC 3339, by the publisher's clock. */
  readonly publishedAt: string | undefined
  readonly incident: string | undefined
  readonly revision: number | undefined
}

export type VerifyReport = {
  /** No findings. */
  readonly ok: boolean
  readonly findings: readonly Finding[]
  readonly facts: BundleFacts
  /** Sentences that a report must show beside its result. */
  readonly shows: readonly string[]
  readonly doesNotShow: readonly string[]
}

const showsWhenOk = [
  'Every file is the one whose publication was recorded in the log.',
  'Each file in media/ was recorded as made by a recipe in this bundle, from items that the log recorded as received or, for a cover, from nothing.',
  'The opened records are those that the log committed to under this checkpoint.',
]

const neverShown = [
  'That a recording is authentic, or was unaltered before it was received: a hash shows sameness since then.',
  'That the recipes give these pictures and sounds: rendering again from the originals shows that.',
  'That nothing was left out, or that the times in the records are right.',
]

export const createReport = (findings: readonly Finding[], facts: BundleFacts): VerifyReport => ({
  ok: findings.length === 0,
  findings,
  facts,
  shows: findings.length === 0 ? showsWhenOk : [],
  doesNotShow: [
    ...neverShown,
    ...(facts.keyPinned
      ? []
      : [
          'Whose log this is: the key is the one in the bundle. Compare it with one from elsewhere.',
        ]),
    ...(facts.listedEverything
      ? []
      : ['That there are no further files: the folder could not be listed.']),
  ],
})
