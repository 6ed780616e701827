import t from 'tap'
import { CredentialCache, type CacheEntry } from '../../src/cache/credential-cache.ts'
import type { Principal } from '../../src/login/principal.ts'
import { TestClock } from '@drawbridge/test-support/clock'
import { usedHeapBytes } from '@drawbridge/test-support/garbage'

function setUp(maxEntries = 100) {
  const clock = new TestClock()
  const revoked = new Set<string>()
  const node = { fresh: true, trustEpoch: 0, onHit: [] as string[], onExpired: [] as string[] }
  const guard = {
    isFresh: () => node.fresh,
    epoch: () => node.trustEpoch,
    isRevoked: (loginId: string) => revoked.has(loginId),
    onExpired: ({ principal: { loginId } }: CacheEntry) => void node.onExpired.push(loginId),
    onHit: (entry: CacheEntry) => void node.onHit.push(entry.principal.loginId)
  }
  const cache = new CredentialCache(maxEntries, guard, clock.now)
  const principal = (loginId: string) => ({ loginId }) as Principal
  const remember = (credential: string, seconds = 60, loginId = credential) => {
    const expiresAt = clock.now() + seconds * 1000
    const verified = { verifiedAt: clock.now(), trustEpoch: node.trustEpoch }
    const entry = {
      credential,
      principal: principal(loginId),
      expiresAt,
      loginEndsAt: null,
      touchedAt: 0,
      ...verified
    }
    cache.set(entry, clock.now())
    return entry.principal
  }
  return { cache, clock, revoked, node, remember }
}

t.test('a cached credential is returned synchronously', (t) => {
  const { cache, remember } = setUp()
  const principal = remember('one')
  t.equal(cache.get('one'), principal)
  for (const other of ['', 'ONE', 'one ', 'on', '__proto__', 'constructor'])
    t.equal(cache.get(other), undefined)
  cache.clear()
  t.equal(cache.get('one'), undefined)
  t.end()
})

t.test('a credential is compared from its first character to its last', (t) => {
  const { cache, revoked, remember } = setUp()
  const end = 'x'.repeat(60)
  const credential = `Bearer ada.${end}`
  const principal = remember(credential)
  for (const other of [`Bearer bob.${end}`, `earer ada.${end}`, ` ${credential}`, end, end.slice(-43)]) {
    t.equal(cache.get(other), undefined, other)
    t.equal(cache.has(other), false, other)
    t.equal(cache.getStale(other, 60_000), undefined, other)
  }
  t.equal(cache.lookups.absent, 5)
  t.equal(cache.get(credential), principal, 'and none of them has removed it')
  const bob = remember(`Bearer bob.${end}`, 60, 'bob')
  t.equal(cache.get(`Bearer bob.${end}`), bob)
  t.not(cache.get(credential), bob, 'never what was cached for another')
  revoked.add('bob')
  t.equal(cache.get(`Bearer bob.${end}`), undefined)
  t.end()
})

t.test('expiry is checked on every hit', (t) => {
  const { cache, clock, remember } = setUp()
  remember('one', 60)
  clock.advance(59_999)
  t.ok(cache.get('one'))
  clock.advance(1)
  t.equal(cache.get('one'), undefined)
  t.equal(cache.size, 0)
  clock.set(-60_000)
  t.equal(cache.get('one'), undefined, 'deleted, not hidden')
  t.end()
})

t.test('a credential that is presented after its entry has expired is reported once', (t) => {
  const { cache, clock, revoked, node, remember } = setUp()
  remember('one', 60)
  remember('two', 120)
  clock.advance(60_000)
  cache.get('one')
  cache.get('one')
  t.same(node.onExpired, ['one'])
  revoked.add('two')
  cache.get('two')
  t.same(node.onExpired, ['one'], 'not what was revoked before it expired')
  t.end()
})

t.test('revocation is checked on every hit', (t) => {
  const { cache, revoked, remember } = setUp()
  remember('one')
  t.ok(cache.get('one'))
  revoked.add('one')
  t.equal(cache.get('one'), undefined)
  revoked.clear()
  t.equal(cache.get('one'), undefined, 'deleted, not hidden')
  t.end()
})

t.test('a node that is not fresh does not use its cache, and does not empty it', (t) => {
  const { cache, node, remember } = setUp()
  remember('one')
  node.fresh = false
  node.onHit = []
  t.equal(cache.get('one'), undefined)
  t.same(node.onHit, [], 'and that is no use')
  node.fresh = true
  t.ok(cache.get('one'))
  t.end()
})

t.test('each look-up is counted by what it found', (t) => {
  const { cache, clock, revoked, node, remember } = setUp()
  const none = { hit: 0, absent: 0, expired: 0, revoked: 0, reset: 0, stale: 0 }
  t.same(cache.lookups, none)
  for (const credential of ['kept', 'revoked', 'old']) remember(credential, credential === 'old' ? 1 : 60)
  clock.advance(1000)
  revoked.add('revoked')
  for (const credential of ['kept', 'kept', 'revoked', 'old', 'unknown']) cache.get(credential)
  node.fresh = false
  cache.get('kept')
  node.fresh = true
  node.trustEpoch = 1
  cache.get('kept')
  t.same(cache.lookups, { hit: 2, absent: 1, expired: 1, revoked: 1, reset: 1, stale: 1 })
  cache.get('unknown', true, false)
  t.equal(cache.lookups.absent, 1, 'a request that has missed already')
  t.same([cache.has('kept'), cache.has('old')], [true, false])
  t.end()
})

t.test('use is reported on each hit, and when a credential is cached', (t) => {
  const { cache, node, remember } = setUp()
  remember('one')
  cache.get('one')
  cache.get('other')
  t.same(node.onHit, ['one', 'one'])
  t.end()
})

t.test('it never exceeds its limit, and does not evict what is used', (t) => {
  const { cache, remember } = setUp(100)
  remember('used')
  for (let at = 0; at < 10_000; at++) {
    remember(`credential ${at}`)
    if (cache.size > 100) t.fail('unbounded')
    if (at % 20 === 0) cache.get('used')
  }
  t.ok(cache.get('used'), 'hit often enough to move to each new generation')
  t.equal(cache.get('credential 0'), undefined)
  t.ok(cache.get('credential 9999'))
  t.ok(cache.get('credential 9951'), 'the newest half is always cached')
  t.end()
})

t.test('a credential is in one generation only', (t) => {
  const { cache, revoked, remember } = setUp(4)
  remember('one')
  remember('two')
  remember('one')
  t.equal(cache.size, 2)
  revoked.add('one')
  t.equal(cache.get('one'), undefined)
  t.equal(cache.size, 1)
  t.end()
})

t.test('the smallest cache holds one credential', (t) => {
  const { cache, remember } = setUp(2)
  remember('one')
  t.ok(cache.get('one'))
  remember('two')
  t.ok(cache.get('two'))
  t.ok(cache.size <= 2)
  t.end()
})

t.test('what was verified in an earlier trust epoch is verified again', (t) => {
  const { cache, node, remember } = setUp()
  remember('one')
  node.trustEpoch = 1
  t.equal(cache.get('one'), undefined)
  remember('one')
  t.ok(cache.get('one'))
  t.end()
})

t.test('in an outage a recent entry is returned, unless it is revoked or expired', (t) => {
  const { cache, clock, revoked, node, remember } = setUp()
  remember('one', 60)
  node.fresh = false
  clock.advance(10_000)
  t.ok(cache.getStale('one', 10_000))
  t.equal(cache.getStale('one', 9_999), undefined, 'verified too long ago')
  t.equal(cache.getStale('two', 10_000), undefined)
  revoked.add('one')
  t.equal(cache.getStale('one', 10_000), undefined, 'known to be revoked')
  revoked.clear()
  clock.advance(50_000)
  t.equal(cache.getStale('one', 3_600_000), undefined, 'expired')
  t.end()
})

t.test('the credentials of one user are removed from both generations', (t) => {
  const { cache, remember } = setUp(8)
  for (const at of [0, 1, 2, 3, 4, 5])
    remember(`credential ${at}`, 60, `${at % 2 === 0 ? 'AAAAA' : 'BBBBB'}${at}`)
  t.equal(cache.size, 6)
  cache.deleteByPrefix(new Set(['AAAAA', 'CCCCC']))
  const present = [0, 1, 2, 3, 4, 5].filter((at) => cache.get(`credential ${at}`) !== undefined)
  t.strictSame(present, [1, 3, 5])
  t.end()
})

t.test('an entry retains no header of a request, also where it moves to the young generation', (t) => {
  const ENTRIES = 1000
  const HEADER_BYTES = 64 * 1024
  const { cache, remember } = setUp(4 * ENTRIES)
  const credentialAt = (at: number) => `${at}.${'x'.repeat(50)}.${String(at).padStart(6, '0')}`
  for (let at = 0; at < ENTRIES; at++) remember(credentialAt(at))
  for (let at = 0; at < ENTRIES; at++) remember(`filler ${at}`)
  const before = usedHeapBytes()
  for (let at = 0; at < ENTRIES; at++) {
    const header = Buffer.from(`name=${credentialAt(at)};${' '.repeat(HEADER_BYTES)}`).toString('latin1')
    const credential = header.slice('name='.length, header.indexOf(';'))
    if (cache.get(credential) === undefined) t.fail(`${credential} is not cached`)
  }
  t.ok(usedHeapBytes() - before < (ENTRIES * HEADER_BYTES) / 8)
  t.end()
})
