import { countHeaders } from './count-headers.ts'

const MAX_TOKEN_LENGTH = 8 * 1024

/** What an Authorization header has. */
export type Bearer =
  /** No header, or one of another scheme. */
  | { readonly kind: 'none' }
  /** The scheme is Bearer, and what follows cannot be a token. */
  | { readonly kind: 'malformed' }
  | { readonly kind: 'token'; readonly token: string }

const NONE: Bearer = { kind: 'none' }
const MALFORMED: Bearer = { kind: 'malformed' }

/** The scheme in any case (RFC 9110 section 11.1), one space. */
const PREFIX = /^bearer /i
const SCHEME = /^bearer(?:[ \t]|$)/i

/** `b64token` of RFC 6750 section 2.1. */
const TOKEN = /^[A-Za-z0-9\-._~+/]+=*$/

/** Reads an Authorization header (RFC 6750 section 2.1). */
export function readBearer(header: string | undefined): Bearer {
  if (header === undefined) return NONE
  const bearer = splitBearer(header)
  return bearer.kind === 'token' && !TOKEN.test(bearer.token) ? MALFORMED : bearer
}

/** As {@link readBearer}, for whom checks each letter of the token anyway: here none of them is checked (bench, `cold-guards`). */
export function splitBearer(header: string): Bearer {
  if (header.length <= MAX_TOKEN_LENGTH && PREFIX.test(header))
    return { kind: 'token', token: header.slice('bearer '.length) }
  return SCHEME.test(header) ? MALFORMED : NONE
}

/**
 * Whether a request has more than one Authorization header. Node silently drops all but the first, and a proxy may have
 * read the last.
 */
export function hasDuplicateAuthorization(rawHeaders: readonly string[]): boolean {
  return countHeaders(rawHeaders, 'authorization') > 1
}
