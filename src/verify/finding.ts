/** docs/formats/bundle-proof.md, section 6, says when each is raised. */
type FindingCode =
  | 'bundle-unreadable'
  | 'file-not-regular'
  | 'file-unreadable'
  | 'file-too-large'
  | 'manifest-malformed'
  | 'manifest-path-unsafe'
  | 'manifest-path-duplicate'
  | 'file-missing'
  | 'file-changed'
  | 'file-extra'
  | 'opened-malformed'
  | 'key-malformed'
  | 'key-not-trusted'
  | 'checkpoint-malformed'
  | 'checkpoint-signature-invalid'
  | 'entry-malformed'
  | 'record-malformed'
  | 'private-record-opened'
  | 'receipt-malformed'
  | 'receipt-checkpoint-differs'
  | 'record-does-not-open'
  | 'receipt-not-in-checkpoint'
  | 'publication-record-missing'
  | 'publication-record-ambiguous'
  | 'manifest-changed'
  | 'incident-differs'
  | 'record-after-publication'
  | 'recipe-malformed'
  | 'recipe-changed'
  | 'recipe-missing'
  | 'recipe-record-mismatch'
  | 'input-without-record'
  | 'recipe-cycle'
  | 'media-without-recipe'

/** `path` and `message` are safe to print: what is not plain ASCII is escaped. */
export type Finding = {
  readonly code: FindingCode
  readonly path?: string
  readonly message: string
}

/** A text of the bundle that is not as its format says. The message says why. */
export class Malformed extends Error {
  override readonly name = 'Malformed'
}

export type Findings = {
  readonly all: () => readonly Finding[]
  readonly add: (code: FindingCode, path: string | undefined, message: string) => void
  /** The value, or a finding with the reason why there is none. */
  readonly attempt: <T>(
    code: FindingCode,
    path: string,
    read: () => T | Promise<T>,
  ) => Promise<T | undefined>
}

const maxShownLength = 300

/** Names in a bundle are hostile text: terminal escapes, right-to-left marks, newlines. */
const showText = (text: string): string =>
  text
    .slice(0, maxShownLength)
    .replaceAll(
      /[^ -[\]-~]/gu,
      (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
    )
    .slice(0, maxShownLength)

export const createFindings = (): Findings => {
  const findings = new Map<string, Finding>()
  const add: Findings['add'] = (code, path, message) => {
    const shown = path === undefined ? {} : { path: showText(path) }
    findings.set(JSON.stringify([code, path, message]), { code, ...shown, message })
  }
  return {
    add,
    all: () => [...findings.values()],
    attempt: async (code, path, read) => {
      try {
        return await read()
      } catch (error) {
        if (!(error instanceof Malformed)) throw error
        add(code, path, error.message)
        return undefined
      }
    },
  }
}
