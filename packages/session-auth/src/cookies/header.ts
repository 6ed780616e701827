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
    const value = readValue(header, name, start, end)
    if (value !== undefined) {
      if (found !== undefined && found !== value) return AMBIGUOUS
      found = value
    }
    start = end + 1
  }
  return found
}

/** More than this of one name no browser sends by chance; each costs a look at its signature. */
const MAX_SAME_NAME = 8

/** The raw texts of all cookies of a name that differ; AMBIGUOUS where they are too many to look into. */
export function findCookies(header: string, name: string): readonly string[] | typeof AMBIGUOUS {
  const values = header.split(';').map((pair) => readValue(pair, name, 0, pair.length))
  const found = new Set(values.filter((value) => value !== undefined))
  return found.size > MAX_SAME_NAME ? AMBIGUOUS : [...found]
}

/**
 * Spaces and tabs around name and value do not belong to them (RFC 6265 section 5.2): a browser removes them before it
 * judges a `__Host-` by its name. No other white space, which it leaves.
 */
function readValue(header: string, name: string, start: number, end: number): string | undefined {
  const nameAt = skipSpaces(header, start)
  if (!header.startsWith(name, nameAt)) return undefined
  const equals = skipSpaces(header, nameAt + name.length)
  if (header.charCodeAt(equals) !== EQUALS) return undefined
  const from = skipSpaces(header, equals + 1)
  let to = end
  while (to > from && isSpace(header.charCodeAt(to - 1))) to--
  return header.slice(from, to)
}

const EQUALS = 0x3d

function skipSpaces(text: string, start: number): number {
  let at = start
  while (isSpace(text.charCodeAt(at))) at++
  return at
}

function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x09
}

/** @fastify/cookie percent-encodes what it sets. Empty for what no encoder writes. */
export function decodeOnce(raw: string): string {
  try {
    return decodeURIComponent(raw)
  } catch {
    return ''
  }
}
