/** Where a command speaks; passed in, so that tests can listen. */
export interface Terminal {
  /** Results: what a script reads. */
  out(text: string): void
  /** Everything else: progress, warnings, errors. */
  err(text: string): void
  readonly errIsTerminal: boolean
  readonly color: boolean
  /** 80 where there is no terminal. */
  readonly columns: number
  /** Whether the locale can show more than ASCII. */
  readonly utf8: boolean
}

export function processTerminal(): Terminal {
  return {
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    errIsTerminal: process.stderr.isTTY,
    color: process.stdout.isTTY && process.env['NO_COLOR'] === undefined,
    columns: process.stdout.columns || 80,
    utf8: isUtf8Locale(process.env),
  }
}

/** By POSIX: LC_ALL, else LC_CTYPE, else LANG; with none of them the locale is C. */
export function isUtf8Locale(environment: NodeJS.ProcessEnv): boolean {
  const locale = ['LC_ALL', 'LC_CTYPE', 'LANG'].map((name) => environment[name]).find(Boolean)
  return /utf-?8/i.test(locale ?? '')
}

/**
 * Hostile text made safe to print: control, format and direction characters
 * (terminal escapes, right-to-left overrides) become visible escapes.
 */
export function printable(text: string): string {
  return text.replace(
    unprintable,
    (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  )
}

const unprintable = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]/gu

/**
 * As safe to look at as `printable`, and the same value to whoever reads it: what is
 * escaped stands in a string, as JSON escapes it (RFC 8259 section 7).
 */
export function printJson(terminal: Terminal, value: unknown): void {
  const text = JSON.stringify(value, undefined, 2)
  terminal.out(`${text.replace(unprintable, (one) => (one === '\n' ? one : jsonEscape(one)))}\n`)
}

function jsonEscape(character: string): string {
  const units = Array.from({ length: character.length }, (_, at) => character.charCodeAt(at))
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('')
}
