import type { Login } from '@drawbridge/logins'
import type { Logins, NewLogin } from '@drawbridge/logins'
import { describeType } from '@drawbridge/logins/carrier'
import { asHttpError, invalidCredentials, orUnavailable } from './errors.ts'
import type { CredentialsVerifier, PendingUser, AuthenticatedUser } from './sign-in.ts'

interface Dependencies {
  readonly credentials: Pick<CredentialsVerifier, 'isStampCurrent'>
  readonly logins: Pick<Logins, 'create' | 'revoke'>
}

/**
 * A login of a user whose credentials were proven, and still hold once it is written. Whoever changes a password first
 * replaces the hash and then ends the logins: one that is written before they are ended is ended with them, and one that is
 * written after asks after the new hash and is taken back. Throws the 401 or 503 to answer with, and a TypeError for a user
 * whose second factor is still to come.
 */
export async function createLoginForUser(
  { credentials, logins }: Dependencies,
  newLogin: NewLogin & { readonly user: AuthenticatedUser }
): Promise<Login> {
  assertNotPending(newLogin.user)
  checkUserId(newLogin.user.id)
  const login = await orUnavailable(logins.create(newLogin))
  try {
    if (await isStampCurrent(credentials, newLogin.user)) return login
  } catch (error) {
    // Its handle is shown to nobody: one that cannot be taken back either is of no use until it expires.
    await logins.revoke(login.id).catch(() => {})
    throw asHttpError(error)
  }
  await orUnavailable(logins.revoke(login.id))
  throw invalidCredentials('the credentials have changed meanwhile')
}

/** For callers that are not checked by TypeScript. */
function assertNotPending(user: AuthenticatedUser | PendingUser): void {
  if (user.awaitsSecondFactor !== true) return
  throw new TypeError(
    'this user awaits a second factor: log in the one that pendingLogins.complete gives, not that of pendingLogins.findUser'
  )
}

/** Of a verifier or a store of users of the service's own, whose keys are often numbers. */
function checkUserId(id: unknown): void {
  if (typeof id === 'string' && id !== '') return
  throw new TypeError(`user.id must be a string, got ${id === '' ? 'an empty one' : describeType(id)}`)
}

async function isStampCurrent(
  credentials: Dependencies['credentials'],
  { id: userId, passwordStamp }: AuthenticatedUser
): Promise<boolean> {
  if (passwordStamp === undefined || credentials.isStampCurrent === undefined) return true
  return (await credentials.isStampCurrent({ userId, passwordStamp })) === true
}
