import createError from '@fastify/error'

/** An unsafe request that a page of another origin may have sent (ASVS 5.0 3.5.1). */
export const CrossOriginError = createError('DRAWBRIDGE_CROSS_ORIGIN', 'Forbidden', 403, Error, false)

/** A handler put into `request.session` what cannot be kept there. A fault of the service, not of its client. */
export const SessionDataError = createError('DRAWBRIDGE_SESSION_DATA', '%s', 500)
