import type { Login, LoginChange } from '@drawbridge/logins'
import type { CarrierLogins, LoginWithClaims } from '@drawbridge/logins/carrier'
import { assertAuthenticated, isStampCurrent, STAMP_OUTDATED } from './create-login.ts'
import { invalidCredentials } from './errors.ts'
import type { CredentialsVerifier, VerifiedSignIn } from './sign-in.ts'

interface Dependencies {
  readonly credentials: Pick<CredentialsVerifier, 'isStampCurrent'>
  readonly logins: Pick<CarrierLogins, 'resolve' | 'reauthenticate' | 'revoke'>
}

/** The credential by which a login is carried on, and all that is read of the login for it. */
export interface Renewal {
  readonly login: LoginWithClaims
  readonly change: Pick<LoginChange, 'session' | 'refresh' | 'dropOther'>
}

/** Finds out, once the store was asked, whether the presented credential is the login's; null where it is not. */
export type PrepareRenewal = (login: Login) => Promise<Renewal | null>

/**
 * Moves `authenticatedAt` of a login to now, for its user whose credentials were verified again, and replaces the credential that
 * was presented, in one step of the store (ASVS 5.0 7.2.4). As at a sign-in, the stamp of the password is checked once that
 * is written: where it is stale, somebody else has changed the password, and the login is revoked.
 *
 * @param prepare does also what may fail: before anything is written.
 * @returns null where the login is not active, or the credential not its.
 * @throws HttpError 401 for the credentials of another user, which never become a switch of user; 503; TypeError for a user
 * whose second factor is still to come.
 */
export async function reauthenticateLogin(
  dependencies: Dependencies,
  loginId: string,
  { user, passwordStamp }: Pick<VerifiedSignIn, 'user' | 'passwordStamp'>,
  prepare: PrepareRenewal
): Promise<LoginWithClaims | null> {
  assertAuthenticated(user)
  const { credentials, logins } = dependencies
  const login =
    (await renew(dependencies, loginId, user.id, prepare)) ??
    // A request at the same moment may have replaced the credential, under another root secret: what it stored is found now.
    (await renew(dependencies, loginId, user.id, prepare))
  if (login === null || (await isStampCurrent(credentials, user.id, passwordStamp))) return login
  await logins.revoke(loginId, STAMP_OUTDATED)
  throw invalidCredentials('the credentials have changed meanwhile')
}

async function renew(
  { logins }: Dependencies,
  loginId: string,
  userId: string,
  prepare: PrepareRenewal
): Promise<LoginWithClaims | null> {
  const login = await logins.resolve(loginId)
  if (login === null) return null
  if (login.userId !== userId) throw invalidCredentials('the credentials are of another user than the login')
  const renewal = await prepare(login)
  const renewed = renewal && (await logins.reauthenticate(loginId, renewal.change))
  return renewed && { ...renewed, claims: renewal.login.claims }
}
