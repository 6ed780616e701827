import * as carrier from '@drawbridge/carrier'
import type { FailedAuthentication, HttpError } from '@drawbridge/carrier'
import { challenge } from './access-tokens/challenge.ts'

/**
 * 401 for a route of your own, with a challenge (RFC 6750 section 3). One body whatever the cause, which is for the log.
 *
 * @param error what is wrong with the presented token; absent where none was presented.
 */
export function unauthorized(cause: string, error?: 'invalid_token'): HttpError {
  return carrier.unauthorized(cause, challenge(error))
}

/** 403 for a route of your own: the login lacks this scope, or one of these, separated by spaces. */
export function insufficientScope(scope: string): HttpError {
  return carrier.insufficientScope(scope, challenge('insufficient_scope', scope))
}

/** The error for a request without a valid access token: one body for all causes; the cause is for the log. */
export function toHttpError({ reason, cause }: FailedAuthentication): HttpError {
  switch (reason) {
    case 'ambiguous':
      return carrier.ambiguousCredential(cause, challenge('invalid_request'))
    case 'none':
      return unauthorized(cause)
    case 'invalid':
    case 'cross-origin':
      return unauthorized(cause, 'invalid_token')
  }
}
