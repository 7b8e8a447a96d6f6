import type { CaseProblemCode } from '../case/problem.ts'
import type { CaseRecord } from '../store/case-records.ts'

/** What is wrong with an edit, at a place in the record or in the story's text. */
export interface EditIssue {
  readonly code: CaseProblemCode
  /** Such as `on[1].claim`, or `story.md:12:3`. */
  readonly at: string
  readonly message: string
}

export type EditErrorCode =
  /** It was edited since: `current` is what it says now, or `order` the order that a list has. */
  | 'version-conflict'
  /** It exists, and was to be made new: `current` is what it says. */
  | 'record-exists'
  | 'record-missing'
  | 'incident-missing'
  | 'incident-exists'
  /** Its shape or a reference is wrong: `issues`. */
  | 'record-invalid'
  /** Others refer to it: `issues` names them. */
  | 'record-in-use'

/** An edit that was not made. The message is safe to show to whoever may edit. */
export class EditError extends Error {
  override readonly name = 'EditError'
  readonly code: EditErrorCode
  readonly issues: readonly EditIssue[]
  readonly current?: CaseRecord
  readonly order?: readonly string[]

  constructor(
    code: EditErrorCode,
    message: string,
    more: Partial<Pick<EditError, 'issues' | 'current' | 'order'>> = {},
  ) {
    super(message)
    this.code = code
    this.issues = more.issues ?? []
    if (more.current !== undefined) this.current = more.current
    if (more.order !== undefined) this.order = more.order
  }
}
