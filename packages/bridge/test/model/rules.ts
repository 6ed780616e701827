import { carriedLogin, decideCarry, decideRotation, loginEndsAt, rotatedState } from '@drawbridge/logins'
import type { Login, StoredSessionSecret } from '@drawbridge/logins'
import { isValidSecret } from '@drawbridge/logins/carrier'
import { chooseCredential, rejectedBy } from '../../src/outcome.ts'
import type { Authenticated, FailedAuthentication } from '@drawbridge/carrier'
import type { BridgeOutcome } from '../../src/index.ts'
import type { Credentials } from './state.ts'

/** Small numbers, in the order that the real ones have. */
export const LIMITS = {
  graceSeconds: 2,
  accessTokenMs: 5000,
  sessionIdleMs: 8000,
  sessionAbsoluteMs: 20_000,
  refreshIdleMs: 12_000,
  refreshAbsoluteMs: 40_000
} as const

/** The rules that the model follows: the functions that ship, and the few decisions that are made beside them. */
export interface Rules {
  readonly decideCarry: typeof decideCarry
  readonly carriedLogin: typeof carriedLogin
  readonly decideRotation: typeof decideRotation
  readonly rotatedState: typeof rotatedState
  readonly chooseCredential: typeof chooseCredential
  readonly loginEndsAt: typeof loginEndsAt
  /** As `verifySecret` of session-auth, where a hash is the secret itself. */
  isSecretOf(secret: string, stored: StoredSessionSecret | null, now: number): boolean
  /** What the guard does with a request whose token is not valid. */
  rejectToken(token: FailedAuthentication, session: Authenticated | FailedAuthentication): BridgeOutcome
  /** The session secret for a family of refresh tokens. @param draw a new random secret. */
  deriveSession(family: string, expiresAt: number, draw: () => string): string
  /** The first refresh token for a session secret. */
  deriveRefresh(
    secret: string,
    loginId: string,
    draw: () => string
  ): { readonly family: string; readonly secret: string }
  /** When a session that is added ends, ms since the epoch. */
  carriedSessionEndsAt(login: Login, now: number): number
  /** When an access token ends. @param notAfter end of the session that it is issued for, ms since the epoch. */
  accessTokenEndsAt(login: Login, now: number, notAfter: number): number
  /** The credential that gets a session or a refresh token; null for none. */
  selectForExchange(presented: Credentials): 'cookie' | 'access' | null
  /** Whether a node rejects a login whose revocation it knows, whatever the store has. */
  readonly checksRevocations: boolean
}

export const shippedRules: Rules = {
  decideCarry,
  carriedLogin,
  decideRotation,
  rotatedState,
  chooseCredential,
  loginEndsAt,
  isSecretOf: (secret, stored, now) => isValidSecret(stored, now) && stored.secretHash === secret,
  rejectToken: (token) => rejectedBy('token', token),
  deriveSession: (family, expiresAt) => `session(${family},${expiresAt})`,
  deriveRefresh: (secret, loginId) => ({
    family: `family(${secret},${loginId})`,
    secret: `token(${secret},${loginId})`
  }),
  carriedSessionEndsAt: (login, now) => Math.min(now + LIMITS.sessionAbsoluteMs, login.expiresAt),
  accessTokenEndsAt: (login, now, notAfter) =>
    Math.min(now + LIMITS.accessTokenMs, loginEndsAt(login), notAfter),
  selectForExchange: ({ cookie }) => (cookie === null ? null : 'cookie'),
  checksRevocations: true
}
