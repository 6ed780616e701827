import { wrapOutage } from '@drawbridge/logins/carrier'
import type { RevocationCause } from '@drawbridge/logins'
import { invalidLogoutToken } from './errors.ts'
import { nameOf } from './names.ts'
import type { ParsedOptions } from './options.ts'
import type { LogoutToken } from './verify-logout-token.ts'

const CAUSE: Required<RevocationCause> = { by: 'foreign', reason: 'back-channel-logout' }

type Dependencies = Pick<ParsedOptions, 'logins' | 'sessions'>

/**
 * Revokes what a logout token ends (OpenID Connect Back-Channel Logout 1.0 section 2.7), once. A token is remembered when its logins are
 * revoked and not before, so that a provider may send it again after a 503.
 */
export async function endLogins({ logins, sessions }: Dependencies, token: LogoutToken): Promise<void> {
  const name = nameOf('token', token.provider.issuer, token.jti)
  if (await wrapOutage(() => sessions.wasAccepted(name))) throw invalidLogoutToken('it was accepted before')
  await revoke({ logins, sessions }, token)
  await wrapOutage(() => sessions.accept(name, token.expiresAt))
}

/** Where it is not known which logins are of the session, all logins of the user: none that was to end may stay. */
async function revoke(
  { logins, sessions }: Dependencies,
  { provider, subject, sessionId }: LogoutToken
): Promise<void> {
  const linked =
    sessionId === undefined
      ? []
      : await wrapOutage(() => sessions.find(nameOf('session', provider.issuer, sessionId)))
  for (const loginId of linked) await logins.revoke(loginId, CAUSE)
  if (linked.length > 0) return
  if (subject === undefined) throw invalidLogoutToken('no login is known to be of its session')
  const userId = await wrapOutage(async () => provider.userOf(subject))
  if (userId !== null) await logins.revokeUser(userId, CAUSE)
}
