const byExtension: ReadonlyMap<string, string> = new Map([
  ['html', 'text/html; charset=utf-8'],
  ['css', 'text/css; charset=utf-8'],
  ['js', 'text/javascript; charset=utf-8'],
  ['json', 'application/json; charset=utf-8'],
  ['vtt', 'text/vtt; charset=utf-8'],
  ['txt', 'text/plain; charset=utf-8'],
  ['sha256', 'text/plain; charset=utf-8'],
  ['vkey', 'text/plain; charset=utf-8'],
  ['tlog-proof', 'text/plain; charset=utf-8'],
  ['mp4', 'video/mp4'],
  ['png', 'image/png'],
  ['jpg', 'image/jpeg'],
  ['woff2', 'font/woff2'],
])

/** By the bundle's own file names; anything else is shown as plain text at most. */
export function mediaTypeOf(path: string): string {
  const extension = /\.([a-z0-9-]+)$/.exec(path)?.[1] ?? ''
  return byExtension.get(extension) ?? 'text/plain; charset=utf-8'
}
