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

/** RFC 6750 section 2.1: the scheme in any case (RFC 9110 section 11.1), one space, `b64token`. */
const BEARER = /^bearer [A-Za-z0-9\-._~+/]+=*$/i
const SCHEME = /^bearer(?:[ \t]|$)/i

/** Reads an Authorization header (RFC 6750 section 2.1). */
export function readBearer(header: string | undefined): Bearer {
  if (header === undefined) return NONE
  if (header.length <= MAX_TOKEN_LENGTH && BEARER.test(header))
    return { kind: 'token', token: header.slice('bearer '.length) }
  return SCHEME.test(header) ? MALFORMED : NONE
}

const USUAL_SCHEME = 'Bearer '

/**
 * The token of a header whose scheme is spelt as usual, for whom checks each of its letters anyway; null for any other header, which
 * {@link readBearer} reads.
 */
export function readUsualBearer(header: string): string | null {
  if (header.length > MAX_TOKEN_LENGTH || !header.startsWith(USUAL_SCHEME)) return null
  return header.slice(USUAL_SCHEME.length)
}

const NAME = 'authorization'

/**
 * Whether a request has more than one Authorization header. Node silently drops all but the first, and a proxy may have
 * read the last.
 */
export function hasDuplicateAuthorization(rawHeaders: readonly string[]): boolean {
  return rawHeaders.filter((text, at) => at % 2 === 0 && text.toLowerCase() === NAME).length > 1
}
