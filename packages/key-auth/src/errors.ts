import createError from '@fastify/error'
import { bearerError, type FailedAuthentication, type HttpError } from '@drawbridge/carrier'

export {
  insufficientScopeWithChallenge as insufficientScope,
  unauthorizedWithChallenge as unauthorized
} from '@drawbridge/carrier'

const MalformedKey = createError('DRAWBRIDGE_MALFORMED_KEY', '%s', 400, Error, false)

const TooManyKeys = createError(
  'DRAWBRIDGE_TOO_MANY_KEYS',
  'The user has as many personal access tokens as are allowed',
  409,
  Error,
  false
)

/** 400: a key cannot be made of this. The message is a sentence for the user, without what was sent. */
export function malformedKey(message: string): HttpError {
  return new MalformedKey(message)
}

/** 409: a key makes no room for itself; the user revokes one first. */
export function tooManyKeys(): HttpError {
  return new TooManyKeys()
}

/** The error for a request without a valid key. */
export function toHttpError(failure: FailedAuthentication): HttpError {
  return bearerError(failure, 'key')
}
