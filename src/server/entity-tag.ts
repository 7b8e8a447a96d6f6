/**
 * Whether what a client has is still that: `If-None-Match` by RFC 9110, section 13.1.2. A proxy that
 * compresses makes a strong tag weak, and a cache may name several.
 */
export function isStillThat(ifNoneMatch: string | undefined, tag: string): boolean {
  if (ifNoneMatch === undefined) return false
  if (ifNoneMatch.trim() === '*') return true
  const tags: readonly string[] = ifNoneMatch.match(/"[^"]*"/g) ?? []
  return tags.includes(tag)
}
