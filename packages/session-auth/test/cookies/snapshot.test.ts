import type { Principal } from '@drawbridge/logins'
import t from 'tap'
import { SnapshotSeal } from '../../src/cookies/snapshot.ts'
import { SECRET } from '../make-app.ts'

const principal: Principal = {
  userId: 'user-1',
  username: 'ada',
  loginId: 'login-1',
  carrier: 'session',
  authenticatedAt: 1,
  expiresAt: 2,
  scopes: ['read']
}
const snapshot = { principal, sealedAt: 1, endsAt: 2 }

t.test('no route can change the principal of a snapshot, which is cached for the next request', async (t) => {
  const seal = new SnapshotSeal([SECRET], 'drawbridge')
  const opened = seal.open('cookie', seal.seal('cookie', snapshot))
  t.match(opened, snapshot)
  t.ok(Object.isFrozen(opened?.principal))
  t.ok(Object.isFrozen(opened?.principal.scopes))
})

t.test('no nonce is used twice, however many are drawn at a time', async (t) => {
  const NONCE_LENGTH = 16
  const SEALED = 1000
  const seal = new SnapshotSeal([SECRET], 'drawbridge')
  const sealed = Array.from({ length: SEALED }, () => seal.seal('cookie', snapshot))
  t.equal(new Set(sealed.map((text) => text.slice(0, NONCE_LENGTH))).size, SEALED)
  t.ok(sealed.every((text) => seal.open('cookie', text)?.principal.userId === 'user-1'))
})
