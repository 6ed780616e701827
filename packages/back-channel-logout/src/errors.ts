import createError from '@fastify/error'
import { causeFrom, type HttpError } from '@drawbridge/carrier'

const InvalidLogoutToken = createError(
  'DRAWBRIDGE_INVALID_LOGOUT_TOKEN',
  'The logout token is not valid',
  400,
  Error,
  false
)

/** 400 (OpenID Connect Back-Channel Logout 1.0 section 2.8): one body whatever the cause, which is for the log. */
export function invalidLogoutToken(cause: string): HttpError {
  return new InvalidLogoutToken({ cause: causeFrom(cause) })
}
