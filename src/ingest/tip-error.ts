import { CodedError } from '../case/coded-error.ts'

/** Why nothing was done about a tip; the message is safe to show. */
export type TipErrorCode =
  | 'tip-unknown'
  | 'tip-decided'
  | 'tip-arriving'
  /** More files came after somebody looked at it. */
  | 'tip-changed'
  | 'tip-accepted'
  | 'receipt-unknown'

export class TipError extends CodedError<TipErrorCode> {
  override readonly name = 'TipError'
}
