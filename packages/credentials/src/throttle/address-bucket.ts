import { isIPv4, isIPv6 } from 'node:net'

/** All that is no address shares one bucket, so that garbage is no way around the limit. */
const NO_ADDRESS = 'none'

/** With a port, as Azure's gateways write it into X-Forwarded-For. */
const WITH_PORT = /^(?:\[([^\]]*)\]|([\d.]+)):\d{1,5}$/

/**
 * Which addresses count as one. IPv4: each by itself. IPv6: a /64, which is what one household or server is given
 * and can change addresses within at will. An IPv4 address written as IPv6 is the IPv4 one, whether mapped (RFC 4291
 * section 2.5.5.2) or behind the NAT64 of an IPv6 network (RFC 6052 section 2.1). A port is none of the address.
 */
export function toAddressBucket(address: string | undefined): string {
  if (typeof address !== 'string') return NO_ADDRESS
  const [, v6, v4] = WITH_PORT.exec(address) ?? []
  const [text = ''] = (v6 ?? v4 ?? address).split('%') // a zone names an interface of this machine
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
  // A URL writes it the one way of RFC 5952: lower case, no leading zeros, no dotted quad, one `::`.
  const [head = '', tail] = new URL(`http://[${address}]`).hostname.slice(1, -1).split('::')
  const front = parseGroups(head)
  const back = parseGroups(tail ?? '')
  return [...front, ...Array.from({ length: 8 - front.length - back.length }, () => 0), ...back]
}

function parseGroups(text: string): number[] {
  return text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16))
}
