import type { StoredSessionSecret } from '@drawbridge/logins'
import { deriveKeys } from '@drawbridge/logins/carrier'
import { type SessionCookieValue, verifySecret } from '../cookies/session-secret.ts'
import { deriveSecrets } from './derive.ts'

type Predecessor = Pick<SessionCookieValue, 'loginId' | 'secret'>

/** The secrets that replace those of sessions when their users authenticate again. */
export interface Successors {
  /** The secret that replaces this one. */
  create(predecessor: Predecessor): string
  /**
   * The secret that the store has, where it is the successor of this one, by whichever root secret; undefined otherwise.
   * @param now ms since the epoch.
   */
  find(predecessor: Predecessor, stored: StoredSessionSecret | null, now: number): string | undefined
}

/**
 * A successor is derived, not drawn: simultaneous requests on any nodes, and one that is repeated after a lost response, get the
 * same, and a cookie is known to be the one before. By the root secret alone, or by the old cookie alone, nobody has it.
 *
 * @param name of the session cookie, which is the identity of the instance.
 */
export function createSuccessors(secrets: readonly string[], name: string): Successors {
  const keys = deriveKeys(secrets, `session after authentication ${name}`)
  const derive = (from: readonly Buffer[], { loginId, secret }: Predecessor) =>
    deriveSecrets(from, secret, `drawbridge next session of ${loginId}`)
  return {
    create: (predecessor) => derive(keys.slice(0, 1), predecessor)[0] as string,
    find: (predecessor, stored, now) =>
      derive(keys, predecessor).find((secret) => verifySecret(secret, stored, now))
  }
}
