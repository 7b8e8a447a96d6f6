import type { HonoRequest } from 'hono'

const safe = new Set(['GET', 'HEAD', 'OPTIONS'])

/**
 * Whether a request that changes something comes from one of our own pages or from a program that
 * is no browser. Browsers say where a request comes from (Fetch Metadata; older ones `Origin`), and
 * no page can make them say otherwise.
 */
export function isSameOrigin(request: HonoRequest): boolean {
  if (safe.has(request.method)) return true
  const site = request.header('sec-fetch-site')
  if (site !== undefined) return site === 'same-origin' || site === 'none'
  const origin = request.header('origin')
  if (origin === undefined) return true
  return URL.canParse(origin) && new URL(origin).host === request.header('host')
}
