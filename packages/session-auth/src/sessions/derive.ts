import { hkdfSync } from 'node:crypto'
import type { BridgedSessions } from '@drawbridge/carrier'
import { deriveKeys } from '@drawbridge/logins/carrier'
import { toStoredSecret } from '../cookies/session-secret.ts'

/** Session secrets that are derived from another secret, one for each key of a root secret, for one purpose. */
export function deriveSecrets(
  keys: readonly Buffer[],
  from: string | Buffer,
  purpose: string
): readonly string[] {
  return keys.map((key) => Buffer.from(hkdfSync('sha256', from, key, purpose, 32)).toString('base64url'))
}

/**
 * Sessions for the credentials of another system. By the root secret alone, or by the old credential alone, nobody has the
 * secret of one. @param name of the session cookie, which is the identity of the instance.
 */
export function createDeriveSession(
  secrets: readonly string[],
  name: string
): BridgedSessions['deriveSession'] {
  const keys = deriveKeys(secrets, `adopted session ${name}`)
  return (oldSecret, loginId) => {
    const derived = deriveSecrets(keys, oldSecret, `drawbridge session of ${loginId}`)
    const [newest = ''] = derived
    return {
      stored: toStoredSecret(newest),
      find: (stored) => derived.find((secret) => toStoredSecret(secret).secretHash === stored?.secretHash)
    }
  }
}
