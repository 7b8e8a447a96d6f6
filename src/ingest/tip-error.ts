/** Why nothing was done about a tip; the message is safe to show. */
export type TipErrorCode =
  | 'tip-unknown'
  | 'tip-decided'
  | 'tip-arriving'
  | 'tip-accepted'
  | 'receipt-unknown'

export class TipError extends Error {
  override readonly name = 'TipError'
  readonly code: TipErrorCode

  constructor(code: TipErrorCode, message: string) {
    super(message)
    this.code = code
  }
}
