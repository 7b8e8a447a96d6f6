/** Where others reach the desk: `https://desk.example.org`, with a port where it is not the usual one. */
export interface PublicUrl {
  /** Without a slash at the end. */
  readonly origin: string
  /** As browsers send it in `Host`. */
  readonly host: string
}

/** Undefined for what is no address of a whole host over https. */
export function readPublicUrl(text: string): PublicUrl | undefined {
  const url = URL.parse(text)
  if (url === null || url.protocol !== 'https:' || url.username !== '' || url.password !== '') {
    return undefined
  }
  if (url.pathname !== '/' || /[?#]/.test(text)) return undefined
  return { origin: url.origin, host: url.host }
}
