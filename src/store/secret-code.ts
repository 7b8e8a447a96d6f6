import type { Effects } from './store.ts'

/** Capitals without I and O, which are taken for digits: 4.58 bits each. */
const letters = 'ABCDEFGHJKLMNPQRSTUVWXYZ'

/** Letters drawn evenly; 24 of them are 110 bits. */
export function drawCode(effects: Effects, length: number): string {
  const evenly = 256 - (256 % letters.length)
  let code = ''
  while (code.length < length) {
    for (const byte of effects.randomBytes(length)) {
      if (byte < evenly && code.length < length) code += letters[byte % letters.length]
    }
  }
  return code
}

/** `ABCD-EFGH-…`, as it is written down. */
export function grouped(code: string): string {
  return code.match(/.{1,4}/g)?.join('-') ?? ''
}

/** As typed in: in any case, with whatever between the groups. */
export function readCode(typed: string): string {
  return typed.toUpperCase().replaceAll(/[^A-Z]/g, '')
}
