import { availableParallelism } from 'node:os'
import { clock, func, objectWithMethods, OptionError, parseOptions, wholeNumber } from '@drawbridge/options'
import * as v from 'valibot'
import { countCodePoints } from './code-points.ts'
import type { SecondFactorProvider } from './operations/second-factor-provider.ts'
import { MAX_MEMORY_KIB, MAX_WORK } from './passwords/argon2-hash.ts'
import { DEFAULT_COST } from './passwords/argon2-hasher.ts'
import type { HashVerifier } from './passwords/known-hash.ts'
import { maxHashingConcurrency } from './passwords/max-hashing-concurrency.ts'
import { type IsBreached, MIN_WORD_LENGTH } from './passwords/policy.ts'
import type { Limiters } from './throttle/limiter.ts'
import type { UserStore } from './users/user-store.ts'

/** The default values of the options. */
export const credentialsDefaults = Object.freeze({
  userStoreTimeoutMs: 3000,
  throttle: Object.freeze({
    attemptsPerAccount: 5,
    attemptsPerAddress: 100,
    windowSeconds: 900,
    maxKeys: 100_000
  }),
  hashing: Object.freeze({
    ...DEFAULT_COST,
    concurrency: Math.max(1, Math.min(availableParallelism() - 1, maxHashingConcurrency())),
    maxQueued: 64
  }),
  passwords: Object.freeze({
    minLength: 15,
    maxLength: 1024,
    contextWords: Object.freeze(['drawbridge']),
    breachCheckTimeoutMs: 3000
  })
})

/** Options of `createCredentials`. */
export interface CredentialsOptions<Profile = undefined> {
  readonly users: UserStore<Profile>
  /**
   * Timeout of one call of the user store, ms, 10 to 60 000; after it the method rejects with
   * `CredentialsUnavailableError`. Default 3000.
   */
  readonly userStoreTimeoutMs?: number
  /** Limits on attempts; `false` where something in front of this process limits them. */
  readonly throttle?: false | ThrottleOptions
  readonly hashing?: HashingOptions
  readonly passwords?: PasswordOptions
  /** What a user must present besides the password. Default: nothing. */
  readonly secondFactor?: SecondFactorProvider
  /**
   * Whether the applications that use these credentials close them: when the last one has stopped. False where they are used
   * beyond that, by a worker of the same process or by one test after the other; then call `credentials.close()`. Default
   * true.
   */
  readonly closeWithApp?: boolean
  /** Called with errors that change no outcome, such as a hash that could not be upgraded. Default: ignored. */
  readonly onError?: (error: unknown) => void
  /**
   * Milliseconds, for the windows of the throttle. Default: a monotonic clock (`performance.now`), so that setting the
   * system clock forgets no attempt.
   */
  readonly now?: () => number
}

/** Limits on attempts to sign in, and where they are counted. */
export interface ThrottleOptions {
  /** Attempts per address on one account and per window, 1 to 100. Default 5. */
  readonly attemptsPerAccount?: number
  /** Attempts per address on all accounts together and per window, 1 to 1 000 000. Default 100. */
  readonly attemptsPerAddress?: number
  /** Length of a window, 1 to 86 400. Default 900. */
  readonly windowSeconds?: number
  /** Counts of each kind in memory, about 300 bytes each; 1000 to 10 000 000. Default 100 000. */
  readonly maxKeys?: number
  /** The counters, for one count over several nodes. Default: in the memory of this process. */
  readonly limiters?: Limiters
}

/** Cost and concurrency of password hashing. */
export interface HashingOptions {
  /**
   * Memory of one hash, 1024 to 262 144. Default 19 456. Less than 7168 (with 5 passes) is for tests only;
   * memoryKiB × passes may be at most 1 048 576.
   */
  readonly memoryKiB?: number
  /** 1 to 100. Default 2. */
  readonly passes?: number
  /**
   * Hashes computed at the same time, 1 to 1023, and fewer than libuv has threads (`UV_THREADPOOL_SIZE`). Default: one
   * less than the number of cores or of those threads, whichever is smaller, and at least one.
   */
  readonly concurrency?: number
  /** Calls that may wait for a hash, 0 to 100 000; beyond that the outcome is `busy`. Default 64. */
  readonly maxQueued?: number
  /** Verifiers for hash formats that this package does not know, until the user's first sign-in. Default: none. */
  readonly verifiers?: readonly HashVerifier[]
}

/** Policy for new passwords. */
export interface PasswordOptions {
  /** Minimum length of a new password in code points, 8 to 64. Default 15. */
  readonly minLength?: number
  /**
   * Maximum length of any password in code points, 64 to 4096. Default 1024. If you lower it, users whose password is
   * longer can no longer sign in.
   */
  readonly maxLength?: number
  /**
   * Words that do not count towards the minimum length, of 3 code points or more. Default: `drawbridge`. Add the name
   * of your service.
   */
  readonly contextWords?: readonly string[]
  /** Looks up a new password, which meets all other rules, in a list of breached ones. Pass the signal on to fetch. */
  readonly isBreached?: IsBreached
  /** Timeout of `isBreached`, ms, 10 to 60 000. Default 3000. */
  readonly breachCheckTimeoutMs?: number
  /**
   * When `isBreached` rejects or times out: `fail-open` applies the other rules alone and calls `onError`, so that an
   * outage of somebody else's service prevents no change of password; `fail-closed` rejects with
   * `CredentialsUnavailableError`. Default `fail-open`.
   */
  readonly onBreachCheckFailure?: 'fail-open' | 'fail-closed'
}

const { throttle, hashing, passwords } = credentialsDefaults

const contextWord = v.custom<string>(
  (value) => typeof value === 'string' && countCodePoints(value) >= MIN_WORD_LENGTH,
  `must be a text of ${MIN_WORD_LENGTH} code points or more`
)

const throttleSchema = v.strictObject({
  attemptsPerAccount: v.optional(wholeNumber(1, 100), throttle.attemptsPerAccount),
  attemptsPerAddress: v.optional(wholeNumber(1, 1_000_000), throttle.attemptsPerAddress),
  windowSeconds: v.optional(wholeNumber(1, 86_400), throttle.windowSeconds),
  maxKeys: v.optional(wholeNumber(1000, 10_000_000), throttle.maxKeys),
  limiters: v.optional(objectWithMethods<Limiters>('{ createLimiter }, a function', 'createLimiter'))
})

const hashingSchema = v.strictObject({
  memoryKiB: v.optional(wholeNumber(1024, MAX_MEMORY_KIB), hashing.memoryKiB),
  passes: v.optional(wholeNumber(1, 100), hashing.passes),
  concurrency: v.optional(wholeNumber(1, 1023), hashing.concurrency),
  maxQueued: v.optional(wholeNumber(0, 100_000), hashing.maxQueued),
  verifiers: v.optional(
    v.array(
      objectWithMethods<HashVerifier>('{ matches, verify }, two functions', 'matches', 'verify'),
      'must be a list'
    ),
    []
  )
})

const passwordsSchema = v.strictObject({
  minLength: v.optional(wholeNumber(8, 64), passwords.minLength),
  maxLength: v.optional(wholeNumber(64, 4096), passwords.maxLength),
  contextWords: v.optional(v.array(contextWord, 'must be a list of texts'), passwords.contextWords),
  isBreached: v.optional(func<IsBreached>()),
  breachCheckTimeoutMs: v.optional(wholeNumber(10, 60_000), passwords.breachCheckTimeoutMs),
  onBreachCheckFailure: v.optional(
    v.picklist(['fail-open', 'fail-closed'], 'must be fail-open or fail-closed'),
    'fail-open'
  )
})

const disabled = v.literal(false)

const schema = v.strictObject({
  users: objectWithMethods<UserStore>(
    'a UserStore',
    'findByUsernameKey',
    'findById',
    'insert',
    'replacePasswordHash'
  ),
  userStoreTimeoutMs: v.optional(wholeNumber(10, 60_000), credentialsDefaults.userStoreTimeoutMs),
  throttle: v.optional(
    v.lazy((input): typeof disabled | typeof throttleSchema => (input === false ? disabled : throttleSchema)),
    {}
  ),
  hashing: v.optional(hashingSchema, {}),
  passwords: v.optional(passwordsSchema, {}),
  secondFactor: v.optional(
    objectWithMethods<SecondFactorProvider>('{ isRequired, verify }, two functions', 'isRequired', 'verify')
  ),
  closeWithApp: v.optional(v.boolean('must be true or false'), true),
  onError: v.optional(func<(error: unknown) => void>(), () => () => {}),
  now: v.optional(clock(), () => () => performance.now())
})

/** The options with their defaults applied. */
export type ParsedOptions = Readonly<v.InferOutput<typeof schema>>

/** @throws OptionError when an option is wrong, alone or together with another. */
export function parseCredentialsOptions(input: CredentialsOptions): ParsedOptions {
  const options = parseOptions('credentials', schema, input)
  const { memoryKiB, passes, concurrency } = options.hashing
  if (memoryKiB * passes > MAX_WORK) {
    throw new OptionError(
      `credentials.hashing.memoryKiB × passes must not be above ${MAX_WORK}, got ${memoryKiB * passes}`
    )
  }
  if (concurrency > maxHashingConcurrency()) {
    throw new OptionError(
      `credentials.hashing.concurrency must not be above ${maxHashingConcurrency()}, which leaves one of libuv's threads to DNS ` +
        `and files; raise UV_THREADPOOL_SIZE, got ${concurrency}`
    )
  }
  return options
}
