import { isIPv6 } from 'node:net'

/** Of IPv6 the /64 that one subscriber has all of; an IPv4 address written as IPv6 is that. */
export function networkOf(address: string): string {
  if (!isIPv6(address)) return address
  const host = new URL(`http://[${address.replace(/%.*/s, '')}]`).hostname.slice(1, -1)
  const [left = [], right = []] = host.split('::').map((half) => half.split(':').filter(Boolean))
  const groups = [...left, ...Array<string>(8 - left.length - right.length).fill('0'), ...right]
  if (groups.slice(0, 6).join(':') !== '0:0:0:0:0:ffff') return groups.slice(0, 4).join(':')
  const bytes = groups.slice(6).flatMap((group) => {
    const value = Number.parseInt(group, 16)
    return [value >> 8, value & 255]
  })
  return bytes.join('.')
}
