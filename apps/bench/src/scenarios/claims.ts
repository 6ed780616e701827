import { randomUUID } from 'node:crypto'
import { USER } from './greeting.ts'

/** As many and as long as those of our access tokens, so that no peer has more to parse. */
export function newClaims() {
  const now = Math.floor(Date.now() / 1000)
  return {
    iss: 'drawbridge',
    aud: 'drawbridge',
    sub: USER.id,
    sid: 'c29tZSBsb2dpbiBpZCBvZiBvdXJz',
    jti: randomUUID().replaceAll('-', '').slice(0, 22),
    client_id: 'drawbridge',
    preferred_username: USER.username,
    auth_time: now,
    iat: now,
    exp: now + 3600
  }
}
