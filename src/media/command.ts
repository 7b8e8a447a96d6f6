import type { Program } from './sandbox.ts'

/** A program's run as recipes record it: the same parameters give the same command. */
export interface Command {
  readonly program: Program
  readonly args: readonly string[]
  /** Contents of `text/0`, `text/1` … */
  readonly texts: readonly string[]
  /** What it leaves in `out/`; the first is the derivative. */
  readonly files: readonly OutputFile[]
  /** Video frames that the first file must hold. */
  readonly frames?: number
}

interface OutputFile {
  readonly name: string
  readonly mediaType: string
}
