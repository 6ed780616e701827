import { createHash } from 'node:crypto'

/** The name of a session, or of a token, of a provider: of one length, whatever that has written. */
export function nameOf(kind: 'session' | 'token', issuer: string, id: string): string {
  return createHash('sha256')
    .update(JSON.stringify([kind, issuer, id]))
    .digest('base64url')
}
