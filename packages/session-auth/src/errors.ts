import createError from '@fastify/error'

/** An unsafe request that a page of another origin may have sent (ASVS 5.0 3.5.1). */
export const CrossOriginError = createError('DRAWBRIDGE_CROSS_ORIGIN', 'Forbidden', 403, Error, false)

/** A handler put into `request.session` what cannot be kept there. A fault of the service, not of its client. */
export const SessionDataError = createError('DRAWBRIDGE_SESSION_DATA', '%s', 500)

/** A handler asked for a new handle (ASVS 5.0 7.2.4) where only a new login has one. A fault of the service. */
export const SessionRegenerateError = createError(
  'DRAWBRIDGE_SESSION_REGENERATE',
  'request.session.regenerate() cannot renew a login: call app.sessionAuth.startSession, which makes a new one and ends this one',
  500
)
