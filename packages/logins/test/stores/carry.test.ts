import t from 'tap'
import type { Login, RefreshTokenState, StoredSessionSecret } from '../../src/login/login.ts'
import { carriedLogin, type CarryInput, decideCarry } from '../../src/stores/carry.ts'
import { newLogin } from '../../src/testing/store-case.ts'

const NOW = 100_000

const refresh: RefreshTokenState = {
  familyHash: 'f',
  generation: 7,
  hash: 'h7',
  previousHash: 'h6',
  sealed: 's7',
  rotatedAt: NOW - 5000
}
const session = (expiresAt: number | null = null): StoredSessionSecret => ({ secretHash: 'c', expiresAt })

const addSession = (generation: number, hash: string, familyHash = 'f'): CarryInput => ({
  add: 'session',
  presented: { familyHash, generation, hash, graceSeconds: 10 },
  session: { secretHash: 'new', expiresAt: NOW + 60_000 }
})
const addRefresh = (secretHash: string): CarryInput => ({
  add: 'refresh',
  presented: { secretHash },
  refresh: { familyHash: 'new f', hash: 'new h' }
})

const decide = (login: Pick<Login, 'session' | 'refresh'>, input: CarryInput, now = NOW) =>
  decideCarry(login, input, now)

t.test('what a refresh token adds', (t) => {
  const login = { session: null, refresh }
  t.equal(decide(login, addSession(7, 'h7')), 'add', 'the newest')
  t.equal(decide(login, addSession(8, 'h8')), 'add', 'one of a generation that the store has not reached')
  t.equal(decide(login, addSession(6, 'h6')), 'add', 'the one before')
  t.equal(decide(login, addSession(6, 'h6'), NOW + 4999), 'add', 'until the end of the window')
  t.equal(decide(login, addSession(6, 'h6'), NOW + 5000), 'reuse', 'after the window')
  t.equal(decide(login, addSession(5, 'h5')), 'reuse', 'an older one')
  t.equal(decide(login, addSession(7, 'other')), 'reuse', 'another of its generation')
  t.equal(decide(login, addSession(7, 'h7', 'g')), 'unknown', 'one of another family')
  t.equal(decide({ session: null, refresh: null }, addSession(7, 'h7')), 'unknown', 'of a pending login')
  t.equal(
    decide({ session: session(), refresh: null }, addSession(7, 'h7')),
    'unknown',
    'of a login without one'
  )
  t.end()
})

t.test('a valid session secret stays, and an expired one is replaced', (t) => {
  for (const [generation, hash] of [
    [7, 'h7'],
    [6, 'h6']
  ] as const) {
    const input = addSession(generation, hash)
    t.equal(decide({ session: session(), refresh }, input), 'keep', 'as long as the login')
    t.equal(decide({ session: session(NOW + 1), refresh }, input), 'keep')
    t.equal(decide({ session: session(NOW), refresh }, input), 'add')
  }
  t.equal(
    decide({ session: session(), refresh }, addSession(5, 'h5')),
    'reuse',
    'whatever else the login has'
  )
  t.end()
})

t.test('what a session secret adds', (t) => {
  t.equal(decide({ session: session(), refresh: null }, addRefresh('c')), 'add')
  t.equal(decide({ session: session(NOW + 1), refresh: null }, addRefresh('c')), 'add')
  t.equal(decide({ session: session(NOW), refresh: null }, addRefresh('c')), 'unknown', 'expired')
  t.equal(decide({ session: session(), refresh: null }, addRefresh('d')), 'unknown', 'another')
  t.equal(decide({ session: null, refresh: null }, addRefresh('c')), 'unknown', 'of a pending login')
  t.equal(decide({ session: session(), refresh }, addRefresh('c')), 'keep', 'there is a refresh token')
  t.equal(decide({ session: session(), refresh }, addRefresh('d')), 'unknown')
  t.equal(decide({ session: session(NOW), refresh }, addRefresh('c')), 'unknown')
  t.end()
})

t.test('to add a credential changes that and the last use, and nothing else', (t) => {
  const login = newLogin({ userId: 'user', session: null, refresh: null, data: { a: 1 } }, NOW)
  const input = addSession(7, 'h7')
  t.same(carriedLogin(login, input, NOW + 1), {
    ...login,
    lastSeenAt: NOW + 1,
    session: { secretHash: 'new', expiresAt: NOW + 60_000 }
  })
  const first = { familyHash: 'new f', generation: 0, hash: 'new h', previousHash: null, sealed: null }
  t.same(carriedLogin(login, addRefresh('c'), NOW + 1), {
    ...login,
    lastSeenAt: NOW + 1,
    refresh: { ...first, rotatedAt: NOW + 1 }
  })
  t.equal(carriedLogin(login, input, NOW - 1).lastSeenAt, NOW, 'the clock was set back')
  t.end()
})

t.test('what was added is valid, and a second call keeps it', (t) => {
  const bySession = newLogin({ userId: 'user', session: session(), refresh: null }, NOW)
  t.equal(decide(carriedLogin(bySession, addRefresh('c'), NOW), addRefresh('c')), 'keep')
  const byToken = newLogin({ userId: 'user', session: null, refresh }, NOW)
  const both = carriedLogin(byToken, addSession(7, 'h7'), NOW)
  t.equal(decide(both, addSession(7, 'h7')), 'keep')
  t.equal(decide(both, addRefresh('new')), 'keep')
  t.equal(decide(both, addSession(7, 'h7'), NOW + 60_000), 'add', 'until its end')
  t.end()
})
