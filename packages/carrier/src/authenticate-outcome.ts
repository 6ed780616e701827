import type { Principal } from '@drawbridge/logins'

/** Whether a request, or a token, presents a valid credential of an active login, and which login that is. */
export type AuthenticateOutcome =
  | { readonly ok: true; readonly principal: Principal }
  | {
      readonly ok: false
      /**
       * `none`: no credential is presented. `ambiguous`: several that differ. `invalid`: one that is not valid. `cross-origin`: a
       * page of another origin may have sent the request, which has a cookie for its credential (ASVS 5.0 3.5.1).
       */
      readonly reason: 'none' | 'ambiguous' | 'invalid' | 'cross-origin'
      /** For the log, not for the client. */
      readonly cause: string
      /** The login that the credential names, where it is one that we made. */
      readonly loginId?: string
    }

export type FailedAuthentication = Extract<AuthenticateOutcome, { ok: false }>

export function failedAuthentication(
  reason: FailedAuthentication['reason'],
  cause: string,
  loginId?: string
): FailedAuthentication {
  return loginId === undefined ? { ok: false, reason, cause } : { ok: false, reason, cause, loginId }
}
