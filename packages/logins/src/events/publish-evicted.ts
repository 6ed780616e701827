import { kindOf, type Login } from '../login/login.ts'
import { unreadLogin } from './describe-login.ts'
import type { PublishEvent } from './login-events.ts'

/** Publishes what had to make room for a new login: of the same user and kind. A pending login has no events. */
export function publishEvicted(publish: PublishEvent, newLogin: Login, loginIds: readonly string[]): void {
  if (kindOf(newLogin) === 'pending') return
  for (const loginId of loginIds)
    publish(() => ({
      type: 'login-revoked',
      ...unreadLogin(loginId, newLogin.userId),
      by: 'limit',
      reason: 'max-logins-per-user'
    }))
}
