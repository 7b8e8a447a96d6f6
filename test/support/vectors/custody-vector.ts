import type { Bytes } from '../../../src/custody/bytes.ts'

/** test/vectors/custody/README.md describes the kinds. `codes` is written by hand. */
export type CustodyVector = {
  readonly name: string
  readonly kind: string
  readonly codes: readonly string[]
  readonly [member: string]: unknown
}

export const bytes32 = (value: number): Bytes => new Uint8Array(32).fill(value)
export const utf8Text = (bytes: Bytes): string => new TextDecoder().decode(bytes)
export const hash = 'ab'.repeat(32)
