import createError from '@fastify/error'
import {
  ambiguousCredential,
  causeFrom,
  type FailedAuthentication,
  type HttpError,
  noteRejection,
  unauthorized
} from '@drawbridge/carrier'

/** An unsafe request that a page of another origin may have sent (ASVS 5.0 3.5.1). */
export const CrossOriginError = createError('DRAWBRIDGE_CROSS_ORIGIN', 'Forbidden', 403, Error, false)

/** A handler put something into `request.session` that cannot be stored. A fault of the service, not of its client. */
export const SessionDataError = createError('DRAWBRIDGE_SESSION_DATA', '%s', 500)

/** A handler asked for a new session identifier (ASVS 5.0 7.2.4), which only a new login has. A fault of the service. */
export const SessionRegenerateError = createError(
  'DRAWBRIDGE_SESSION_REGENERATE',
  'request.session.regenerate() cannot renew a login: call app.sessionAuth.startSession, which makes a new one and ends this one',
  500
)

/** The error for a request without a valid session cookie: one body for all causes; the cause is for the log. */
export function toHttpError(failure: FailedAuthentication): HttpError {
  const { reason, loginId } = failure
  return noteRejection(toError(failure), reason === 'none' ? null : { reason, carrier: 'session', loginId })
}

function toError({ reason, cause }: FailedAuthentication): HttpError {
  switch (reason) {
    case 'ambiguous':
      return ambiguousCredential(cause)
    case 'cross-origin':
      return new CrossOriginError({ cause: causeFrom(cause) })
    case 'none':
    case 'invalid':
      return unauthorized(cause)
  }
}
