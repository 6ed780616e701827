import { hkdfSync } from 'node:crypto'
import type { BridgedSessions } from '@drawbridge/carrier'
import { deriveKeys } from '@drawbridge/logins/carrier'
import { toStoredSecret } from '../cookies/session-secret.ts'

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
    const derive = (key: Buffer) => {
      const purpose = `drawbridge session of ${loginId}`
      return Buffer.from(hkdfSync('sha256', oldSecret, key, purpose, 32)).toString('base64url')
    }
    return {
      stored: toStoredSecret(derive(keys[0] as Buffer)),
      find: (stored) =>
        keys.map(derive).find((secret) => toStoredSecret(secret).secretHash === stored?.secretHash)
    }
  }
}
