import type { Login, Logins, NewLogin } from '@drawbridge/logins'
import { type CarrierLogins, describeType, type LoginWithClaims } from '@drawbridge/logins/carrier'
import { invalidCredentials } from './errors.ts'
import type { AuthenticatedUser, CredentialsVerifier, PendingUser, VerifiedSignIn } from './sign-in.ts'

interface Dependencies {
  readonly credentials: Pick<CredentialsVerifier, 'isStampCurrent'>
  readonly logins: Pick<CarrierLogins, 'createWithClaims' | 'revoke'>
}

/**
 * Creates a login for a user whose credentials were verified, and checks the stamp of the password once it is written. A
 * change of password first replaces the hash and then revokes the logins: a login that is written before they are revoked
 * is revoked with them; one that is written later has a stale stamp, and is revoked here.
 *
 * @throws HttpError 401 or 503; TypeError for a user whose second factor is still to come.
 */
export async function createLoginForUser(
  { credentials, logins }: Dependencies,
  { user, passwordStamp }: Pick<VerifiedSignIn, 'user' | 'passwordStamp'>,
  newLogin: Omit<NewLogin, 'user'>
): Promise<LoginWithClaims> {
  assertAuthenticated(user)
  checkUserId(user.id)
  const login = await logins.createWithClaims({ ...newLogin, user })
  if (await revokeOnError(logins, login, () => isStampCurrent(credentials, user.id, passwordStamp)))
    return login
  await logins.revoke(login.id, STAMP_OUTDATED)
  throw invalidCredentials('the credentials have changed meanwhile')
}

/** The cause of a revocation where the password has changed since it was verified. */
export const STAMP_OUTDATED = { by: 'password', reason: 'stamp-outdated' } as const

/** Does what must succeed before a client gets the credential of a new login, and revokes the login where it fails. */
export async function revokeOnError<Result>(
  logins: Pick<Logins, 'revoke'>,
  { id }: Pick<Login, 'id'>,
  work: () => Result | Promise<Result>
): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    // No client has its credential: a login that cannot be revoked either is of no use until it expires.
    await logins.revoke(id, { by: 'service', reason: 'not-completed' }).catch(() => {})
    throw error
  }
}

/** For callers that are not checked by TypeScript. */
export function assertAuthenticated(user: AuthenticatedUser | PendingUser): void {
  if (user.awaitsSecondFactor === true)
    throw new TypeError(
      'this user awaits a second factor: sign in the one that pendingLogins.complete gives, not that of pendingLogins.findUser'
    )
  // Left in the user, it would not be checked.
  if (user.passwordStamp !== undefined)
    throw new TypeError('passwordStamp must be beside the user, not in it')
}

/** A verifier or a store of users of the service's own often has numbers for ids. */
function checkUserId(id: unknown): void {
  if (typeof id === 'string' && id !== '') return
  throw new TypeError(`user.id must be a string, got ${id === '' ? 'an empty one' : describeType(id)}`)
}

/** Whether the password that was verified is still the user's. */
export async function isStampCurrent(
  credentials: Dependencies['credentials'],
  userId: string,
  passwordStamp: string | undefined
): Promise<boolean> {
  if (passwordStamp === undefined || credentials.isStampCurrent === undefined) return true
  return (await credentials.isStampCurrent({ userId, passwordStamp })) === true
}
