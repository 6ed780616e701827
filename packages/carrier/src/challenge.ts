import type { Carrier } from '@drawbridge/logins'
import type { FailedAuthentication } from './authenticate-outcome.ts'
import {
  ambiguousCredential,
  type HttpError,
  insufficientScope,
  reauthenticationRequired,
  unauthorized
} from './errors.ts'
import { noteRejection } from './rejections.ts'

/**
 * 401 for a route that takes tokens, with a challenge (RFC 6750 section 3). One body whatever the cause, which is for the log.
 *
 * @param error what is wrong with the presented token; absent where none was presented.
 */
export function unauthorizedWithChallenge(cause: string, error?: 'invalid_token'): HttpError {
  return unauthorized(cause, challenge(error))
}

/** 403 for a route that takes tokens: the login lacks this scope, or one of these, separated by spaces. */
export function insufficientScopeWithChallenge(scope: string): HttpError {
  return insufficientScope(scope, challenge('insufficient_scope', scope))
}

/** 401 where a token was presented: its user authenticated more than so many seconds ago (RFC 9470 section 3). */
export function reauthenticationRequiredWithChallenge(maxAgeSeconds: number): HttpError {
  return reauthenticationRequired(maxAgeSeconds, {
    'www-authenticate':
      'Bearer realm="drawbridge", error="insufficient_user_authentication", ' +
      `error_description="The user must authenticate again", max_age=${maxAgeSeconds}`
  })
}

/** The error for a request without a valid bearer token: one body for all causes; the cause is for the log, and has nothing of the token. */
export function bearerError(failure: FailedAuthentication, carrier: Carrier): HttpError {
  const { reason, loginId } = failure
  return noteRejection(createError(failure), reason === 'none' ? null : { reason, carrier, loginId })
}

function createError({ reason, cause }: FailedAuthentication): HttpError {
  switch (reason) {
    case 'ambiguous':
      return ambiguousCredential(cause, challenge('invalid_request'))
    case 'none':
      return unauthorizedWithChallenge(cause)
    case 'invalid':
    case 'cross-origin':
      return unauthorizedWithChallenge(cause, 'invalid_token')
  }
}

/**
 * The header with the challenge of a 400, 401 or 403 (RFC 6750 section 3): without an error where no token was presented.
 * Nothing that a client sent is in it.
 */
export function challenge(
  error?: 'invalid_request' | 'invalid_token' | 'insufficient_scope',
  scope?: string
): Readonly<Record<string, string>> {
  const parameters = ['realm="drawbridge"']
  if (error !== undefined) parameters.push(`error="${error}"`)
  if (scope !== undefined) parameters.push(`scope="${scope}"`)
  return { 'www-authenticate': `Bearer ${parameters.join(', ')}` }
}
