import { hasDuplicateAuthorization } from '@drawbridge/carrier'
import type { Carrier } from '@drawbridge/logins'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { type OldCookie, parseCookie, readCookies, removeCookie, type ParsedCookie } from './old-cookie.ts'

/** Where clients present a credential, and so how it is removed. */
export interface PresentedIn {
  /** The cookie; or `'bearer'`, an Authorization header. */
  readonly in: OldCookie | 'bearer'
  /** Other cookies that a log-out removes too, such as that of "remember me" or of a signature. */
  readonly alsoRemove?: readonly OldCookie[]
  /** The credentials of a request. Default: the values of the cookie, or the token of the header. */
  readonly find?: (request: FastifyRequest) => readonly string[]
}

/** What {@link PresentedIn} says, as functions. */
export interface Presentation {
  readonly carrier: Carrier
  /** Null for a credential that is longer than any. */
  readonly find: (request: FastifyRequest) => readonly (string | null)[]
  readonly clear: (reply: FastifyReply) => void
  /** Undefined for a bearer. */
  readonly cookie: ParsedCookie | undefined
}

/** Node accepts 16 KiB of headers by default. */
const MAX_LENGTH = 16 * 1024

/** @throws OptionError */
export function createPresentation(
  owner: string,
  { in: place, alsoRemove = [], find }: PresentedIn
): Presentation {
  const cookie = place === 'bearer' ? undefined : parseCookie(`${owner}.in`, place)
  const others = alsoRemove.map((other, at) => parseCookie(`${owner}.alsoRemove.${at}`, other))
  const removed = cookie === undefined ? others : [cookie, ...others]
  const read = find ?? (cookie === undefined ? readBearer : (request) => readCookies(request, cookie.name))
  return {
    carrier: cookie === undefined ? 'token' : 'session',
    find: (request) => read(request).map((text) => (text.length > MAX_LENGTH ? null : text)),
    clear: (reply) => removed.forEach((each) => removeCookie(reply, each)),
    cookie
  }
}

/** Any text without spaces: that of some systems is no `b64token` (RFC 6750 section 2.1). */
const BEARER = /^bearer +([\x21-\x7e]+)$/i

/** The token of an Authorization header; none where there are several, of which a proxy may have read another one. */
export function readBearer({ headers, raw }: FastifyRequest): readonly string[] {
  const token = BEARER.exec(headers.authorization ?? '')?.[1]
  return token === undefined || hasDuplicateAuthorization(raw.rawHeaders) ? [] : [token]
}
