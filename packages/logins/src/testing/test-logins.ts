import { createLogins, type LoginsOptions, type PromisedClaims } from '../create-logins.ts'
import type { Logins } from '../logins.ts'
import { createMemoryFeed } from '../revocation/memory-feed.ts'
import type { RevocationFeed } from '../revocation/feed.ts'
import { createMemoryLoginStore } from '../stores/memory-login-store.ts'

/** Logins of a test, and what may happen to them in production. */
export interface TestLogins {
  readonly logins: Logins
  readonly clock: {
    /** ms since the epoch: where the clock was at the start, and `advance` has moved it to. */
    now(): number
    /** Time passes. */
    advance(seconds: number): void
  }
  /**
   * This node no longer hears the feed of revocations, as when Redis is cut off: it may serve nothing from its cache, and asks
   * the store about each request.
   */
  makeStale(): void
  makeFresh(): void
  /** Every method of the store rejects. A node that is fresh goes on to serve what it has cached. */
  storeDown(): void
  storeUp(): void
}

/** Options of {@link createTestLogins}. */
export interface TestLoginsOptions extends Omit<LoginsOptions, 'store' | 'feed' | 'now' | 'monotonicNow'> {
  /** Where the clock starts, ms since the epoch. Default: the time of this machine. */
  readonly startsAt?: number
}

type GivenOptions = TestLoginsOptions & PromisedClaims

/** Whoever declares a member that every principal has must say where it comes from, in tests too. */
type TestLoginsArguments = {} extends PromisedClaims ? [options?: GivenOptions] : [options: GivenOptions]

const NOTHING = {} as GivenOptions

/** Nodes take credentials of before the feed began to the store: theirs began a while ago. */
const FEED_AGE_MS = 60_000

/**
 * Logins in memory for the tests of a service, with a clock that the test moves and outages that it makes. As with Redis,
 * several nodes are assumed.
 *
 * @throws OptionError for an invalid option.
 * @example
 * ```ts
 * const { logins, makeStale, storeDown } = createTestLogins()
 * const app = await buildApp({ logins })
 * makeStale()
 * storeDown()
 * ```
 */
export function createTestLogins(...[given = NOTHING]: TestLoginsArguments): TestLogins {
  const { startsAt = Date.now(), ...options } = given
  let now = startsAt
  let [isStale, isDown] = [false, false]
  const clock = { now: () => now, advance: (seconds: number) => void (now += seconds * 1000) }
  const store = failWhile(() => isDown, createMemoryLoginStore({ now: clock.now }))
  const feed: RevocationFeed = {
    ...createMemoryFeed({ now: clock.now }),
    isShared: true,
    coveredFrom: startsAt - FEED_AGE_MS,
    isFresh: () => !isStale,
    renew: async () => !isStale,
    waitForPosition: async () => !isStale
  }
  return {
    logins: createLogins({ ...options, store, feed, now: clock.now } as LoginsOptions & PromisedClaims),
    clock,
    makeStale: () => void (isStale = true),
    makeFresh: () => void (isStale = false),
    storeDown: () => void (isDown = true),
    storeUp: () => void (isDown = false)
  }
}

/** A store whose methods reject while the condition is true, with those of its `adoptions`. */
function failWhile<Store extends object>(isDown: () => boolean, store: Store): Store {
  return new Proxy(store, {
    get: (target, name) => {
      const member: unknown = Reflect.get(target, name)
      if (name === 'adoptions') return failWhile(isDown, member as object)
      if (typeof member !== 'function') return member
      return async (...args: unknown[]): Promise<unknown> => {
        if (isDown()) throw new Error('the store is down, says the test')
        return Reflect.apply(member, target, args) as unknown
      }
    }
  })
}
