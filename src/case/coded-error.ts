/**
 * An error with a code that keeps its meaning, and a message that is safe to show. Each area has a
 * class of its own; `egress/`, alone in its sandbox, and `custody/` have theirs whole.
 */
export class CodedError<Code extends string> extends Error {
  readonly code: Code

  constructor(code: Code, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}
