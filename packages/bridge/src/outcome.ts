import type { Authenticated, FailedAuthentication } from '@drawbridge/carrier'
import type { Carrier } from '@drawbridge/logins'

/** Why a request presents no login that counts. */
export interface RejectedRequest {
  readonly ok: false
  /** Those of one carrier; `two-users`: a token, or a key, and a session are presented, both valid, of different users. */
  readonly reason: FailedAuthentication['reason'] | 'two-users'
  /** Whose credential was rejected; null where none is presented, or one of each. */
  readonly carrier: Carrier | null
  /** For the log, not for the client. */
  readonly cause: string
  /** The login that the credential names, where it is one that we made. */
  readonly loginId?: string | undefined
}

/** Whether a request presents a login, by either carrier. */
export type BridgeOutcome = Authenticated | RejectedRequest

/** The failure of one carrier. */
export function rejectedBy(
  carrier: Carrier,
  { reason, cause, loginId }: FailedAuthentication
): RejectedRequest {
  return { ok: false, reason, cause, carrier: reason === 'none' ? null : carrier, loginId }
}

/**
 * Which of the two credentials of a request counts, where its token, or its key, is valid. The session of another user is never passed
 * over in silence: who of the two sent the request is not known. A cookie that is not valid is a left-over of whoever used
 * the browser before, and plays no part.
 *
 * Two logins of one user are no conflict: the token counts, which code chose for this request; the cookie came by itself.
 */
export function chooseCredential(
  token: Authenticated,
  session: Authenticated | FailedAuthentication
): BridgeOutcome {
  if (!session.ok) return session.reason === 'ambiguous' ? rejectedBy('session', session) : token
  return session.principal.userId === token.principal.userId ? token : TWO_USERS
}

export const TWO_USERS: RejectedRequest = {
  ok: false,
  reason: 'two-users',
  carrier: null,
  cause: 'a token and a session of different users are presented'
}
