export type MediaErrorCode =
  /** Ended from outside: by the operator, or by a system short of memory. Says nothing about the file. */
  | 'killed'
  | 'sandbox-unavailable'
  | 'program-missing'
  | 'time-limit'
  | 'memory-limit'
  | 'output-limit'
  | 'rejected'
  | 'failed'
  | 'disk-full'
  | 'folder-unusable'
  | 'too-many-files'

/**
 * Trouble around media programs. The message is safe to show: it names no path
 * of this machine, and text that came out of a media program is cut and cleaned.
 */
export class MediaError extends Error {
  override readonly name = 'MediaError'
  readonly code: MediaErrorCode

  constructor(code: MediaErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.code = code
  }
}

export function diskFull(cause?: unknown): MediaError {
  return new MediaError('disk-full', 'the disk is full: make room and try again', cause)
}

export function tooManyFiles(cause: unknown): MediaError {
  return new MediaError(
    'too-many-files',
    'more files have to be open at once than may be: raise the limit (ulimit -n) or take fewer recordings',
    cause,
  )
}

/** What a program said last. Media files can put words in its mouth. */
export function lastWords(stderr: string): string {
  const lines = stderr
    .split('\n')
    .map((line) => line.replaceAll(/[^\p{L}\p{N}\p{P}\p{S} ]/gu, ' ').trim())
    .filter((line) => line !== '')
  return lines.slice(-3).join('; ').slice(-300)
}
