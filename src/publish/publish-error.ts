import { CodedError } from '../case/coded-error.ts'

export type PublishErrorCode =
  /** The story asks for an exhibit that was not rendered, or without a part it needs. */
  | 'exhibit-missing'
  /** The story refers to something that the case does not hold. */
  | 'reference-missing'
  /** Two files of the bundle would have the same path, or a path is not safe. */
  | 'path-unusable'

export class PublishError extends CodedError<PublishErrorCode> {
  override readonly name = 'PublishError'
}
