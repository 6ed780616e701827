import type { CredentialCache } from '@drawbridge/logins/carrier'
import type { FastifyRequest } from 'fastify'
import { type AuthenticateOutcome, failedAuthentication as failed } from './authenticate-outcome.ts'
import { hasDuplicateAuthorization, splitBearer } from './bearer.ts'

/** A bearer token that this node has not cached. */
export interface UncachedBearer {
  readonly ok: null
  /** Its key in the cache. */
  readonly credential: string
  /** What follows the scheme; whether it is a token is not checked. */
  readonly token: string
}

/** What this node has cached of the Authorization header of a request, or what is wrong without a look at the token. */
export function findCachedBearer(
  cache: CredentialCache,
  { headers, raw }: FastifyRequest,
  isUse?: boolean
): AuthenticateOutcome | UncachedBearer {
  const { authorization } = headers
  if (authorization === undefined) return failed('none', 'no Authorization header')
  if (hasDuplicateAuthorization(raw.rawHeaders)) return failed('ambiguous', 'two Authorization headers')
  return findCachedHeader(cache, authorization, isUse)
}

/** As {@link findCachedBearer}, of a token that was not in a header. */
export function findCachedToken(
  cache: CredentialCache,
  token: string,
  isUse?: boolean
): AuthenticateOutcome | UncachedBearer {
  return findCachedHeader(cache, toHeader(token), isUse)
}

/** The key is the whole header: to cut the token out of it first costs more (bench, `guards`). */
function findCachedHeader(
  cache: CredentialCache,
  header: string,
  isUse: boolean | undefined
): AuthenticateOutcome | UncachedBearer {
  const principal = cache.get(header, isUse)
  return principal === undefined ? findOtherSpelling(cache, header, isUse) : { ok: true, principal }
}

/** `bearer` in another case is no other credential, or one token could fill the cache. */
function findOtherSpelling(
  cache: CredentialCache,
  header: string,
  isUse: boolean | undefined
): AuthenticateOutcome | UncachedBearer {
  const bearer = splitBearer(header)
  if (bearer.kind === 'none') return failed('none', 'an Authorization header of another scheme')
  if (bearer.kind === 'malformed') return failed('invalid', 'not a bearer token')
  const { token } = bearer
  if (header.startsWith(USUAL_PREFIX)) return { ok: null, credential: header, token }
  const credential = toHeader(token)
  const principal = cache.get(credential, isUse)
  return principal === undefined ? { ok: null, credential, token } : { ok: true, principal }
}

const USUAL_PREFIX = 'Bearer '

function toHeader(token: string): string {
  return `${USUAL_PREFIX}${token}`
}
