import type { CarriedSession, CarryResult, PresentedToken } from '@drawbridge/carrier'
import type { StoredSessionSecret } from '@drawbridge/logins'
import { type CarrierLogins, deriveKeys, type LoginWithClaims } from '@drawbridge/logins/carrier'
import { toStoredSecret, verifySecret } from '../cookies/session-secret.ts'
import type { ParsedOptions } from '../options.ts'
import { deriveSecrets } from './derive.ts'

export interface CarrySessionDependencies {
  readonly logins: Pick<CarrierLogins, 'carry'>
  readonly options: Pick<ParsedOptions, 'absoluteTimeoutSeconds' | 'now'>
  readonly derive: DeriveSecrets
}

/**
 * The session secrets that a login of tokens may get, one for each root secret. Derived, not drawn: any number of calls, on
 * any node, give the same one, with nothing to store or to agree on.
 */
export type DeriveSecrets = (token: PresentedToken, expiresAt: number) => readonly string[]

/** @param name of the session cookie, which is the identity of the instance. */
export function createDeriveSecrets(secrets: readonly string[], name: string): DeriveSecrets {
  const keys = deriveKeys(secrets, `carried session ${name}`)
  return ({ loginId, family }, expiresAt) =>
    deriveSecrets(keys, family, `drawbridge session of ${loginId} until ${expiresAt}`)
}

/**
 * Adds a session to the login of a refresh token. It ends when a session of a sign-in now would, or
 * with the login where that is sooner: what lasts for weeks in an app's own storage should not in a browser's.
 */
export async function carrySession(
  { logins, options, derive }: CarrySessionDependencies,
  token: PresentedToken,
  login: LoginWithClaims
): Promise<CarryResult<CarriedSession>> {
  const asOf = options.now()
  const expiresAt = Math.floor(Math.min(asOf + options.absoluteTimeoutSeconds * 1000, login.expiresAt))
  const [newest = ''] = derive(token, expiresAt)
  const session = { ...toStoredSecret(newest), expiresAt }
  const outcome = await logins.carry(token.loginId, { add: 'session', presented: token, session })
  if (outcome.kind === 'unknown' || outcome.kind === 'reused') return { ok: false, reason: outcome.kind }
  const secret = findSecret(derive, token, outcome.login.session, asOf)
  return secret === undefined
    ? { ok: false, reason: 'taken' }
    : {
        ok: true,
        carried: { login: { ...outcome.login, claims: login.claims }, secret, asOf },
        isRepeated: outcome.kind === 'kept'
      }
}

/** Of the root secrets, that of the node which added the session. */
function findSecret(
  derive: DeriveSecrets,
  token: PresentedToken,
  stored: StoredSessionSecret | null,
  now: number
): string | undefined {
  const expiresAt = stored?.expiresAt ?? null
  if (expiresAt === null) return undefined
  return derive(token, expiresAt).find((secret) => verifySecret(secret, stored, now))
}
