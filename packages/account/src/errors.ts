import createError from '@fastify/error'
import { causeFrom, type HttpError } from '@drawbridge/carrier'

const InvalidToken = createError(
  'DRAWBRIDGE_INVALID_ONE_TIME_TOKEN',
  'The token is not valid, or was used',
  400,
  Error,
  false
)

/** 400: a one-time token that is forged, expired, used or outdated. One body whatever the cause, which is for the log. */
export function invalidOneTimeToken(cause: string): HttpError {
  return new InvalidToken({ cause: causeFrom(cause) })
}

/** 404: one body for an unknown login or token and for another user's. The response must not reveal which ids exist. */
export class UnknownLoginError extends Error {
  readonly statusCode = 404
  override readonly message = 'Not Found'
}
