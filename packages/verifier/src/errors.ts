import { bearerError, type FailedAuthentication, type HttpError } from '@drawbridge/carrier'

export {
  insufficientScopeWithChallenge as insufficientScope,
  reauthenticationRequiredWithChallenge as reauthenticationRequired,
  unauthorizedWithChallenge as unauthorized
} from '@drawbridge/carrier'

/** The error for a request without a valid access token. */
export function toHttpError(failure: FailedAuthentication): HttpError {
  return bearerError(failure, 'token')
}
