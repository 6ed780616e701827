/** More than one cookie of a name, and they differ: which one counts would be the sender's choice, or a sibling's. */
export const AMBIGUOUS = Symbol('ambiguous')

/**
 * The raw text of a cookie in a Cookie header, whose name must be just this one; nothing is decoded.
 * One scan and no split (bench, `session-guard`, with a look-up of what is found: 0.26 µs and not 0.54).
 */
export function findCookie(header: string, name: string): string | undefined | typeof AMBIGUOUS {
  let found: string | undefined
  for (let start = 0; start < header.length;) {
    const semicolon = header.indexOf(';', start)
    const end = semicolon === -1 ? header.length : semicolon
    while (header.charCodeAt(start) === 0x20) start++
    if (header.startsWith(name, start) && header.charCodeAt(start + name.length) === 0x3d) {
      const value = header.slice(start + name.length + 1, end)
      if (found !== undefined && found !== value) return AMBIGUOUS
      found = value
    }
    start = end + 1
  }
  return found
}

/** @fastify/cookie percent-encodes what it sets. Empty for what no encoder writes. */
export function decodeOnce(raw: string): string {
  try {
    return decodeURIComponent(raw)
  } catch {
    return ''
  }
}

/**
 * A piece of a header keeps the whole header alive, all cookies of the service in it, for as long as it is itself: what
 * is remembered has a text of its own (bench, a cached session, by RSS: 641 bytes and not 1064).
 */
export function ownText(raw: string): string {
  const copy = Buffer.from(raw, 'latin1').toString('latin1')
  // Header values are of latin1; what is not is kept as it is, since its copy would be another credential.
  return copy === raw ? copy : raw
}
