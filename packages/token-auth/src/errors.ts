import {
  ambiguousCredential,
  challenge,
  type FailedAuthentication,
  type HttpError,
  unauthorizedWithChallenge as unauthorized
} from '@drawbridge/carrier'

export {
  insufficientScopeWithChallenge as insufficientScope,
  reauthenticationRequiredWithChallenge as reauthenticationRequired,
  unauthorizedWithChallenge as unauthorized
} from '@drawbridge/carrier'

/** The error for a request without a valid access token: one body for all causes; the cause is for the log. */
export function toHttpError({ reason, cause }: FailedAuthentication): HttpError {
  switch (reason) {
    case 'ambiguous':
      return ambiguousCredential(cause, challenge('invalid_request'))
    case 'none':
      return unauthorized(cause)
    case 'invalid':
    case 'cross-origin':
      return unauthorized(cause, 'invalid_token')
  }
}
