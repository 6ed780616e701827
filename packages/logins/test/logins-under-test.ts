import { createLogins, type LoginsOptions } from '../src/create-logins.ts'
import type { CarrierLogins } from '../src/carrier-logins.ts'
import type { NewLogin } from '../src/logins.ts'
import type { RoutePolicy } from '../src/cache/outage-policy.ts'
import type { VerifiedCredential } from '../src/cache/verified-credential.ts'
import type { CredentialCache } from '../src/cache/credential-cache.ts'
import { createMemoryFeed } from '../src/revocation/memory-feed.ts'
import { loginEndsAt, type Login } from '../src/login/login.ts'
import type { Principal } from '../src/login/principal.ts'
import { createMemoryLoginStore } from '../src/stores/memory-login-store.ts'
import { sha256 } from '../src/testing/store-case.ts'
import { TestClock } from '@drawbridge/test-support/clock'
import { spy as spyOn } from '@drawbridge/test-support/spies/spy'

/** As a carrier sees them. */
export const createCarrierLogins = (options: LoginsOptions) => createLogins(options) as CarrierLogins

/** The real memory store and feed, with a clock that only the test moves. */
export function setUp(options: Partial<LoginsOptions> = {}) {
  const clock = new TestClock()
  const store = createMemoryLoginStore({ now: clock.now })
  const spy = spyOn(store)
  const node = { fresh: true }
  const feed = Object.assign(createMemoryFeed({ now: clock.now }), { isFresh: () => node.fresh })
  const logins = createCarrierLogins({
    store: spy.store,
    feed: spy.wrap(feed),
    now: clock.now,
    ...options
  })
  return { clock, spy, store, node, feed, logins }
}

export const newLoginInput = (changes: Partial<NewLogin> = {}): NewLogin => ({
  user: { id: 'user-1', username: 'user' },
  device: { userAgent: 'curl/8.5.0', address: '192.0.2.1' },
  idleTimeoutSeconds: 1800,
  absoluteTimeoutSeconds: 43_200,
  session: { secretHash: sha256('cookie') },
  refresh: { familyHash: sha256('family'), hash: sha256('token 0') },
  scopes: ['read'],
  ...changes
})

/** What a guard does with a credential that is not cached: it asks the store and caches the result. */
export async function resolveAndCache(
  logins: CarrierLogins,
  cache: CredentialCache,
  login: Login
): Promise<Principal | null> {
  const found = await logins.resolve(login.id)
  if (found === null) return null
  const principal = logins.toPrincipal(await logins.withClaims(found), 'session')
  const endsAt = loginEndsAt(found)
  const validity = { expiresAt: endsAt, loginEndsAt: endsAt, lastSeenAt: found.lastSeenAt }
  logins.remember(cache, `credential of ${login.id}`, { principal, validity })
  return principal
}

/** What a guard does: it looks in the cache, and asks the store on a miss. */
export async function authenticate(
  logins: CarrierLogins,
  cache: CredentialCache,
  login: Login
): Promise<Principal | null> {
  return cache.get(`credential of ${login.id}`) ?? resolveAndCache(logins, cache, login)
}

/** What a carrier does with a credential that its cache does not have. */
export async function resolveOnMiss(
  logins: CarrierLogins,
  cache: CredentialCache,
  credential: string,
  askStore: () => Promise<VerifiedCredential | null>,
  policy: RoutePolicy = {},
  signed?: VerifiedCredential
): Promise<Principal | null> {
  const cached = await logins.freshen(cache, credential, policy)
  if (cached !== undefined) return cached
  const query = logins.startQuery()
  try {
    const verified = await askStore()
    if (verified === null) return null
    return logins.remember(cache, credential, verified, policy.countsAsUse, query) ? verified.principal : null
  } catch (error) {
    const principal = logins.fallback(cache, credential, policy, signed)
    if (principal === undefined) throw error
    return principal
  }
}
