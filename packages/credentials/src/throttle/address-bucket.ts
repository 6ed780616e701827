import { isIPv4, isIPv6 } from 'node:net'

/** All that is no address shares one bucket, so that garbage is no way around the limit. */
const NO_ADDRESS = 'none'

/**
 * Which addresses count as one. IPv4: each by itself. IPv6: a /64, which is what one household or server is given
 * and can change addresses within at will. An IPv4 address written as IPv6 is the IPv4 one.
 */
export function addressBucket(address: string): string {
  if (typeof address !== 'string') return NO_ADDRESS
  const [text = ''] = address.split('%') // a zone names an interface of this machine
  if (isIPv4(text)) return text
  if (!isIPv6(text)) return NO_ADDRESS
  const groups = expand(text)
  const isMapped = groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff
  if (isMapped)
    return groups
      .slice(6)
      .flatMap((group) => [group >> 8, group & 0xff])
      .join('.')
  return `${groups
    .slice(0, 4)
    .map((group) => group.toString(16))
    .join(':')}::/64`
}

/** The eight groups of an IPv6 address, however it was written. */
function expand(address: string): number[] {
  // A URL writes it the one way of RFC 5952: lower case, no leading zeros, no dotted quad, one `::`.
  const [head = '', tail] = new URL(`http://[${address}]`).hostname.slice(1, -1).split('::')
  const front = groupsOf(head)
  const back = groupsOf(tail ?? '')
  return [...front, ...Array.from({ length: 8 - front.length - back.length }, () => 0), ...back]
}

function groupsOf(text: string): number[] {
  return text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16))
}
