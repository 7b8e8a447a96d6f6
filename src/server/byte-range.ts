export type RangeWish =
  | { readonly kind: 'all' }
  | { readonly kind: 'part'; readonly start: number; readonly end: number }
  | { readonly kind: 'unsatisfiable' }

/**
 * Reads a Range header for a body of `sizeBytes` (RFC 9110 section 14). Several
 * ranges, other units and malformed headers get the whole body, as the RFC
 * allows; `end` is exclusive.
 */
export function readRange(header: string | undefined, sizeBytes: number): RangeWish {
  const match = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header?.trim() ?? '')
  if (match === null || (match[1] === '' && match[2] === '')) return { kind: 'all' }
  const [, from = '', to = ''] = match
  if (from === '') {
    const length = Math.min(Number(to), sizeBytes)
    if (length === 0) return { kind: 'unsatisfiable' }
    return { kind: 'part', start: sizeBytes - length, end: sizeBytes }
  }
  const start = Number(from)
  if (start >= sizeBytes) return { kind: 'unsatisfiable' }
  const end = to === '' ? sizeBytes : Math.min(Number(to) + 1, sizeBytes)
  return end <= start ? { kind: 'all' } : { kind: 'part', start, end }
}
