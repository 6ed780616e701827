import createError from '@fastify/error'
import { causeFrom, type HttpError, noteRejection } from '@drawbridge/carrier'
import type { Carrier } from '@drawbridge/logins'
import type { FastifyRequest } from 'fastify'
import type { Carriers } from './carriers.ts'
import { type RejectedRequest, rejectedBy } from './outcome.ts'

const TwoUsers = createError('DRAWBRIDGE_TWO_USERS', 'Bad Request', 400, Error, false)

const AlreadyCarried = createError('DRAWBRIDGE_ALREADY_CARRIED', 'Conflict', 409, Error, false)

/** 400: the request presents logins of two users. */
export function twoUsers(cause: string): HttpError {
  return noteRejection(new TwoUsers({ cause: causeFrom(cause) }), { reason: 'two-users', carrier: null })
}

/** 409: the login has a credential of the kind that was asked for, and it cannot be given again. It stays as it is. */
export function alreadyCarried(cause: string): HttpError {
  return new AlreadyCarried({ cause: causeFrom(cause) })
}

/** The error for a request without a login. A 401 has a challenge, since a token would be accepted too (RFC 9110 section 15.5.2). */
export function toHttpError(
  carriers: Carriers,
  rejected: RejectedRequest,
  request: FastifyRequest
): HttpError {
  const { reason, carrier, loginId } = rejected
  const error = createHttpError(carriers, rejected, request)
  // A page of another origin may send a request without a cookie too.
  const isPresented = reason !== 'cross-origin' || carriers.sessions.isPresented(request)
  const isCounted = reason !== 'none' && isPresented
  return noteRejection(error, isCounted ? { reason, carrier, loginId } : null)
}

function createHttpError(
  { sessions, tokens }: Carriers,
  { reason, carrier, cause }: RejectedRequest,
  request: FastifyRequest
): HttpError {
  if (reason === 'two-users') return twoUsers(cause)
  if (carrier === 'session' && reason !== 'invalid')
    return sessions.guarded.toHttpError({ ok: false, reason, cause }, request)
  const presented = carrier === 'session' ? 'none' : reason
  return tokens.guarded.toHttpError({ ok: false, reason: presented, cause }, request)
}

/** 401: the credential of a carrier was valid, or seemed so, until the store was asked. */
export function invalidCredential(
  carriers: Carriers,
  carrier: Carrier,
  cause: string,
  request: FastifyRequest
): HttpError {
  return toHttpError(carriers, rejectedBy(carrier, { ok: false, reason: 'invalid', cause }), request)
}
