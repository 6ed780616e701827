import { isIPv4, isIPv6 } from 'node:net'

/** Everything that is no address shares one bucket, so that garbage is no way around the limit. */
const NO_ADDRESS = 'none'

/** With a port, as gateways of Azure write it into X-Forwarded-For. */
const WITH_PORT = /^(?:\[([^\]]*)\]|([\d.]+)):\d{1,5}$/

/**
 * The key under which an address is counted. IPv4: each address by itself. IPv6: its /64, the network of one household
 * or server, which can change addresses within it at will. An IPv4 address written as IPv6 is the IPv4 one, whether
 * mapped (RFC 4291 section 2.5.5.2) or translated by NAT64 (RFC 6052 section 2.1). A port is ignored.
 */
export function toAddressBucket(address: string | undefined): string {
  if (typeof address !== 'string') return NO_ADDRESS
  const [, v6, v4] = WITH_PORT.exec(address) ?? []
  const [text = ''] = (v6 ?? v4 ?? address).split('%') // without the zone, which names a network interface
  if (isIPv4(text)) return text
  if (!isIPv6(text)) return NO_ADDRESS
  const groups = expandIPv6(text)
  if (embedsIPv4(groups))
    return groups
      .slice(6)
      .flatMap((group) => [group >> 8, group & 0xff])
      .join('.')
  return `${groups
    .slice(0, 4)
    .map((group) => group.toString(16))
    .join(':')}::/64`
}

const MAPPED = [0, 0, 0, 0, 0, 0xffff]
const NAT64 = [0x64, 0xff9b, 0, 0, 0, 0]

function embedsIPv4(groups: readonly number[]): boolean {
  return [MAPPED, NAT64].some((prefix) => prefix.every((group, at) => group === groups[at]))
}

/** The eight groups of an IPv6 address, however it was written. */
function expandIPv6(address: string): number[] {
  // A URL writes it as RFC 5952 requires: lower case, no leading zeros, no dotted quad, one `::`.
  const [head = '', tail] = new URL(`http://[${address}]`).hostname.slice(1, -1).split('::')
  const front = parseGroups(head)
  const back = parseGroups(tail ?? '')
  return [...front, ...Array.from({ length: 8 - front.length - back.length }, () => 0), ...back]
}

function parseGroups(text: string): number[] {
  return text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16))
}
