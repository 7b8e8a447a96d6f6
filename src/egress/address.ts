/**
 * Which addresses of the internet may be fetched from. Everything that IANA lists
 * as special-purpose and not globally reachable is refused, as is what carries
 * another address inside it: a server that could be talked into asking its own
 * network would be a way into that.
 */
import { BlockList, isIPv4, isIPv6 } from 'node:net'

/** iana-ipv4-special-registry, and multicast. */
const refused4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.31.196.0/24',
  '192.52.193.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '192.175.48.0/24',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
]

/** Of the one range that is given out, 2000::/3: iana-ipv6-special-registry. */
const refused6 = ['2001::/23', '2001:db8::/32', '2002::/16', '2620:4f:8000::/48', '3fff::/20']

const special = listOf(refused4, 'ipv4')
const special6 = listOf(refused6, 'ipv6')
const givenOut6 = listOf(['2000::/3'], 'ipv6')

function listOf(ranges: readonly string[], family: 'ipv4' | 'ipv6'): BlockList {
  const list = new BlockList()
  for (const range of ranges) {
    const [network = '', bits] = range.split('/')
    list.addSubnet(network, Number(bits), family)
  }
  return list
}

/** `address`: an IP address as text, without brackets. */
export function isPublicAddress(address: string): boolean {
  if (isIPv4(address)) return !special.check(address, 'ipv4')
  // A zone (`%eth0`) names a network of this machine.
  if (!isIPv6(address) || address.includes('%')) return false
  return givenOut6.check(address, 'ipv6') && !special6.check(address, 'ipv6')
}
