import type { Dependencies } from '../src/operations/dependencies.ts'
import { HashingQueue } from '../src/passwords/hashing-queue.ts'
import { createPasswordHasher, type PasswordHasher } from '../src/passwords/password-hasher.ts'
import { createPasswordPolicy, type PolicyLimits } from '../src/passwords/policy.ts'
import { createMemoryLimiters } from '../src/throttle/memory-limiter.ts'
import { createThrottle } from '../src/throttle/throttle.ts'
import { createMemoryUserStore } from '../src/users/memory-user-store.ts'

/** The least that the options allow: about a millisecond per hash. */
export const CHEAP_COST = { memoryKiB: 1024, passes: 1 }

export const POLICY: PolicyLimits = {
  minLength: 15,
  maxLength: 1024,
  contextWords: ['drawbridge'],
  breachCheckTimeoutMs: 10_000,
  onBreachCheckFailure: 'fail-open'
}

export const PASSWORD = 'a phrase of some length'

export interface Work {
  /** Hashes computed to compare with, the dummy ones too. */
  compared: number
  /** New hashes made. */
  made: number
}

/** The real hasher, with a count of its calls. */
export function createCountingHasher(work: Work, cost = CHEAP_COST): PasswordHasher {
  const hasher = createPasswordHasher(cost)
  return {
    ...hasher,
    hash: (password) => {
      work.made += 1
      return hasher.hash(password)
    },
    rehash: (...input) => {
      work.made += 1
      return hasher.rehash(...input)
    },
    compare: (stored, password) => {
      work.compared += 1
      return hasher.compare(stored, password)
    }
  }
}

export interface TestDependencies {
  readonly deps: Dependencies
  readonly work: Work
  readonly errors: unknown[]
  /** ms since the epoch; advances only when a test sets it. */
  readonly clock: { now: number }
}

/** The real dependencies with the default limits, a manual clock, and a count of hashes. */
export function createTestDependencies(overrides: Partial<Dependencies> = {}): TestDependencies {
  const work: Work = { compared: 0, made: 0 }
  const errors: unknown[] = []
  const clock = { now: 1_700_000_000_000 }
  const onError = (error: unknown): void => void errors.push(error)
  const limits = { attemptsPerAccount: 5, attemptsPerAddress: 100, windowSeconds: 900 }
  const deps: Dependencies = {
    users: createMemoryUserStore(),
    hasher: createCountingHasher(work),
    hashingQueue: new HashingQueue(2, 64),
    throttle: createThrottle(
      limits,
      createMemoryLimiters(1000, () => clock.now)
    ),
    policy: createPasswordPolicy(POLICY, onError),
    maxPasswordLength: 1024,
    onError,
    ...overrides
  }
  return { deps, work, errors, clock }
}
