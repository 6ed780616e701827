/** The raw text of a cookie; a list where the request has several of its name, and they differ. */
export type RawCookie = string | readonly string[] | undefined

/** The cookies of one instance of the plugin in a Cookie header. Nothing is decoded. */
export interface PresentedCookies {
  readonly session: RawCookie
  readonly snapshot: RawCookie
  readonly position: RawCookie
}

export const SNAPSHOT_SUFFIX = '-snapshot'
export const POSITION_SUFFIX = '-position'

/** No browser sends more than this of one name by chance; each costs a check of its signature. */
export const MAX_SAME_NAME = 8

type Found = { -readonly [Name in keyof PresentedCookies]: PresentedCookies[Name] }

/**
 * Reads our three cookies in one scan of the header, without a split (bench, `session-guard`).
 *
 * @param name of the session cookie, which the names of the other two begin with.
 */
export function readCookies(header: string | undefined, name: string): PresentedCookies {
  const found: Found = { session: undefined, snapshot: undefined, position: undefined }
  if (header === undefined) return found
  for (let start = 0; start < header.length;) {
    const semicolon = header.indexOf(';', start)
    const end = semicolon === -1 ? header.length : semicolon
    const nameAt = skipSpaces(header, start)
    if (header.startsWith(name, nameAt)) addCookie(found, header, nameAt + name.length, end)
    start = end + 1
  }
  return found
}

/** @param at where the name of the session cookie ends. */
function addCookie(found: Found, header: string, at: number, end: number): void {
  if (header.startsWith(SNAPSHOT_SUFFIX, at))
    found.snapshot = addValue(found.snapshot, readValue(header, at + SNAPSHOT_SUFFIX.length, end))
  else if (header.startsWith(POSITION_SUFFIX, at))
    found.position = addValue(found.position, readValue(header, at + POSITION_SUFFIX.length, end))
  else found.session = addValue(found.session, readValue(header, at, end))
}

/** Which of several counts would be the choice of the sender, or of a sibling subdomain: all are returned. */
function addValue(found: RawCookie, value: string | undefined): RawCookie {
  if (found === undefined || value === undefined) return found ?? value
  if (typeof found === 'string') return found === value ? found : [found, value]
  return found.length > MAX_SAME_NAME || found.includes(value) ? found : [...found, value]
}

/**
 * Undefined where the name goes on. Spaces and tabs around name and value do not belong to them (RFC 6265 section 5.2): a
 * browser removes them before it checks the name for `__Host-`. No other white space, which it keeps.
 */
function readValue(header: string, nameEnd: number, end: number): string | undefined {
  const equals = skipSpaces(header, nameEnd)
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
