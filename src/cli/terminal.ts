/** Where a command speaks; passed in, so that tests can listen. */
export interface Terminal {
  /** Results: what a script reads. */
  out(text: string): void
  /** Everything else: progress, warnings, errors. */
  err(text: string): void
  readonly errIsTerminal: boolean
  readonly color: boolean
  readonly columns: number
}

export function processTerminal(): Terminal {
  return {
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    errIsTerminal: process.stderr.isTTY,
    color: process.stdout.isTTY && process.env['NO_COLOR'] === undefined,
    columns: process.stdout.columns || 80,
  }
}

/**
 * Hostile text made safe to print: control, format and direction characters
 * (terminal escapes, right-to-left overrides) become visible escapes.
 */
export function printable(text: string): string {
  return text.replace(
    /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]/gu,
    (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  )
}

export function printJson(terminal: Terminal, value: unknown): void {
  terminal.out(`${JSON.stringify(value, undefined, 2)}\n`)
}
