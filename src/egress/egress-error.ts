/** Why an address on the web was not fetched. Messages may be shown; they hold nothing but the address. */
export const egressErrorCodes = [
  /** Not an address of the web that is fetched here: only `https://`, without name and password. */
  'address-unsupported',
  /** It leads into a network that is not the public internet. */
  'address-not-public',
  'name-not-found',
  'too-many-redirects',
  /** No connection, a certificate that does not hold, a connection that broke. */
  'not-reachable',
  /** The server answers with something else than the file. */
  'refused-by-server',
  'too-large',
  'too-slow',
  /** Less came than the server said, or nothing. */
  'incomplete',
  /** The egress process could not be started in its sandbox. */
  'sandbox-unavailable',
  /** The operator's own program cannot be started, or ended without doing its work. */
  'collector-unusable',
  'collector-failed',
] as const

export type EgressErrorCode = (typeof egressErrorCodes)[number]

export class EgressError extends Error {
  override readonly name = 'EgressError'
  readonly code: EgressErrorCode

  constructor(code: EgressErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}
