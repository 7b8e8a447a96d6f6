import { isIP } from 'node:net'

import { isPublicAddress } from './address.ts'
import { EgressError } from './egress-error.ts'

const longestAddress = 2048

/**
 * An address as somebody pasted it, or as a server redirects to it. The URL
 * parser has the numbers of IPv4 in decimal, octal and hexadecimal down to one
 * form, which is then looked at.
 * @throws EgressError `address-unsupported`, `address-not-public`
 */
export function readTarget(text: string, base?: URL): URL {
  const unsupported = (why: string): EgressError =>
    new EgressError('address-unsupported', `${why}; give an address that begins with https://`)
  const trimmed = text.trim()
  if (trimmed.length > longestAddress) throw unsupported('the address is too long')
  const url = URL.parse(trimmed, base?.href)
  if (url === null) throw unsupported('it is no address of the web')
  if (url.protocol !== 'https:') throw unsupported(`it is no https address (${url.protocol})`)
  if (url.username !== '' || url.password !== '') {
    throw unsupported('it holds a name or a password')
  }
  if (url.port !== '') throw unsupported('it names a port of its own')
  url.hash = ''
  const host = hostOf(url)
  if (isIP(host) !== 0) {
    assertPublic(host, host)
  } else if (!host.replace(/\.$/, '').includes('.')) {
    throw new EgressError('address-not-public', `${host} is a name of a local network`)
  }
  return url
}

/** Without the brackets of IPv6. */
export const hostOf = (url: URL): string => url.hostname.replace(/^\[|\]$/g, '')

/** @throws EgressError `address-not-public` */
export function assertPublic(address: string, host: string): void {
  if (isPublicAddress(address)) return
  throw new EgressError(
    'address-not-public',
    `${host} leads to an address that is not on the public internet; nothing was asked of it`,
  )
}
