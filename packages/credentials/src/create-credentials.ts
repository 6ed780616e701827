import { availableParallelism } from 'node:os'
import * as v from 'valibot'
import { changePassword, type ChangePasswordInput } from './operations/change-password.ts'
import { countCodePoints } from './code-points.ts'
import {
  clock,
  func,
  objectWithMethods,
  OptionError,
  parseOptions,
  plainError,
  safeListener,
  wholeNumber
} from '@drawbridge/options'
import type {
  ChangePasswordOutcome,
  RegisterOutcome,
  VerifySecondFactorOutcome,
  VerifyOutcome
} from './outcomes.ts'
import type { Dependencies } from './operations/dependencies.ts'
import { MAX_MEMORY_KIB, MAX_WORK } from './passwords/argon2-hash.ts'
import { DEFAULT_COST } from './passwords/argon2-hasher.ts'
import { HashingQueue } from './passwords/hashing-queue.ts'
import { maxHashingConcurrency } from './passwords/max-hashing-concurrency.ts'
import type { HashVerifier } from './passwords/known-hash.ts'
import { createPasswordHasher } from './passwords/password-hasher.ts'
import { createPasswordPolicy, type IsBreached, MIN_WORD_LENGTH } from './passwords/policy.ts'
import { register, type RegisterInput } from './operations/register.ts'
import { type VerifySecondFactorInput, verifySecondFactor } from './operations/second-factor.ts'
import type { SecondFactorProvider } from './operations/second-factor-provider.ts'
import { type PasswordStamp, isStampCurrent } from './operations/stamp.ts'
import type { CreateLimiter } from './throttle/limiter.ts'
import { createMemoryLimiters } from './throttle/memory-limiter.ts'
import { createThrottle, unthrottled } from './throttle/throttle.ts'
import { withStoreTimeout } from './users/with-store-timeout.ts'
import type { UserStore } from './users/user-store.ts'
import { verify, type VerifyInput } from './operations/verify.ts'

/** Checks who somebody is. Verbs reject with `CredentialsUnavailableError`, and with nothing else. */
export interface Credentials {
  verify(attempt: VerifyInput): Promise<VerifyOutcome>
  /**
   * For a user of whom `verify` has said `second-factor`. Only where the option `secondFactor` is set. That the password
   * was shown is for the caller to know; of the routes, the pending login says so.
   */
  verifySecondFactor?(attempt: VerifySecondFactorInput): Promise<VerifySecondFactorOutcome>
  /**
   * Whether what was proven before still is: false once the password is another, or the user disabled or gone. Asked when
   * a login is written, for a change may have gone by since its compare.
   */
  isStampCurrent(stamp: PasswordStamp): Promise<boolean>
  /** Adds a user. Tells whether a username is taken, so limit who may call it and how often. */
  register(input: RegisterInput): Promise<RegisterOutcome>
  /** Needs the current password, and is throttled as `verify`. Then the caller ends the user's other logins. */
  changePassword(input: ChangePasswordInput): Promise<ChangePasswordOutcome>
}

/** The numbers that hold where an option is left out. */
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

export interface CredentialsOptions {
  readonly users: UserStore
  /**
   * How long one call of the user store may take, ms, 10 to 60 000; past that the verb rejects as unavailable. Default
   * 3000.
   */
  readonly userStoreTimeoutMs?: number
  /** Limits on attempts; false where something in front sees to it. */
  readonly throttle?: false | ThrottleOptions
  readonly hashing?: HashingOptions
  readonly passwords?: PasswordOptions
  /** What a user must show besides the password. Default: nothing. */
  readonly secondFactor?: SecondFactorProvider
  /** Told of faults that change no outcome, such as a hash that could not be upgraded. Default: nobody. */
  readonly onError?: (error: unknown) => void
  /**
   * ms, for the windows of the throttle. Default: a clock that only goes forward (`performance.now`), so that setting the
   * clock of the machine forgets no attempt.
   */
  readonly now?: () => number
}

export interface ThrottleOptions {
  /** Attempts that one address has on one account in a window, 1 to 100. Default 5. */
  readonly attemptsPerAccount?: number
  /** Attempts that one address has on all accounts together in a window, 1 to 1 000 000. Default 100. */
  readonly attemptsPerAddress?: number
  /** 1 to 86 400. Default 900. */
  readonly windowSeconds?: number
  /** How many keys of each kind are kept in memory, of about 300 bytes each; 1000 to 10 000 000. Default 100 000. */
  readonly maxKeys?: number
  /** Keeps the counts elsewhere, for several nodes with one count. Default: in the memory of this process. */
  readonly createLimiter?: CreateLimiter
}

export interface HashingOptions {
  /**
   * Memory of one hash, 1024 to 262 144. Default 19 456. Below 7168 (with 5 passes) it is too little for anything
   * but tests; memoryKiB × passes may not be above 1 048 576.
   */
  readonly memoryKiB?: number
  /** 1 to 100. Default 2. */
  readonly passes?: number
  /**
   * Hashes computed at once, 1 to 1023, and fewer than libuv has threads (`UV_THREADPOOL_SIZE`). Default: the cores less
   * one, or those threads less one, at least one.
   */
  readonly concurrency?: number
  /** Calls that may wait for their turn, 0 to 100 000; past that the outcome is `busy`. Default 64. */
  readonly maxQueued?: number
  /** Verify forms of hash that are not known here, until a user's first log-in. Default: none. */
  readonly verifiers?: readonly HashVerifier[]
}

export interface PasswordOptions {
  /** Code points that a new password must have, 8 to 64. Default 15. */
  readonly minLength?: number
  /** Code points that any password may have, 64 to 4096. Default 1024. Lowered, it shuts out who has a longer one. */
  readonly maxLength?: number
  /** Words that make a new password no longer, of 3 code points or more. Default: `drawbridge`. Name your service. */
  readonly contextWords?: readonly string[]
  /** Asks a list of breached passwords about a new one that the other rules allow. Hand the signal to fetch. */
  readonly isBreached?: IsBreached
  /** How long that may take, ms, 10 to 60 000. Default 3000. */
  readonly breachCheckTimeoutMs?: number
  /**
   * Where it rejects or takes longer: `open` judges by the other rules and tells `onError`, so that an outage of
   * somebody else's service keeps nobody from changing a password; `closed` rejects as unavailable. Default `open`.
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
  createLimiter: v.optional(func<CreateLimiter>())
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
  hashing: v.optional(
    v.strictObject({
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
    }),
    {}
  ),
  passwords: v.optional(
    v.strictObject({
      minLength: v.optional(wholeNumber(8, 64), passwords.minLength),
      maxLength: v.optional(wholeNumber(64, 4096), passwords.maxLength),
      contextWords: v.optional(v.array(contextWord, 'must be a list of texts'), passwords.contextWords),
      isBreached: v.optional(func<IsBreached>()),
      breachCheckTimeoutMs: v.optional(wholeNumber(10, 60_000), passwords.breachCheckTimeoutMs),
      onBreachCheckFailure: v.optional(
        v.picklist(['fail-open', 'fail-closed'], 'must be fail-open or fail-closed'),
        'fail-open'
      )
    }),
    {}
  ),
  secondFactor: v.optional(
    objectWithMethods<SecondFactorProvider>('{ isRequired, verify }, two functions', 'isRequired', 'verify')
  ),
  onError: v.optional(func<(error: unknown) => void>(), () => () => {}),
  now: v.optional(clock(), () => () => performance.now())
})

/** @throws OptionError when an option is wrong. */
export function createCredentials(input: CredentialsOptions): Credentials {
  const deps = createDependencies(parseOptions('credentials', schema, input))
  const { secondFactor } = deps
  return Object.freeze({
    verify: (attempt) => verify(deps, attempt),
    isStampCurrent: (stamp) => isStampCurrent(deps, stamp),
    register: (registration) => register(deps, registration),
    changePassword: (change) => changePassword(deps, change),
    ...(secondFactor && {
      verifySecondFactor: (attempt: VerifySecondFactorInput) =>
        verifySecondFactor({ ...deps, secondFactor }, attempt)
    })
  } satisfies Credentials)
}

function createDependencies(options: v.InferOutput<typeof schema>): Dependencies {
  const { memoryKiB, passes, concurrency, maxQueued, verifiers } = options.hashing
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
  const listener = safeListener(options.onError)
  const onError = (error: unknown) => listener(plainError(error))
  const throttle = createConfiguredThrottle(options.throttle, options.now)
  const hashingQueue = new HashingQueue(concurrency, maxQueued)
  return {
    users: withStoreTimeout(options.users, {
      timeoutMs: options.userStoreTimeoutMs,
      // A log-in looks its user up when it is its turn. Those who wait would each wait as long, one after the other.
      onLookupTimeout: (error) => hashingQueue.rejectWaiting(error)
    }),
    hasher: createPasswordHasher({ memoryKiB, passes }, verifiers),
    hashingQueue,
    throttle,
    ...(options.secondFactor && {
      secondFactor: { provider: options.secondFactor, throttle: throttle.secondFactor }
    }),
    policy: createPasswordPolicy(options.passwords, onError),
    maxPasswordLength: options.passwords.maxLength,
    onError
  }
}

function createConfiguredThrottle(options: v.InferOutput<typeof schema>['throttle'], now: () => number) {
  if (options === false) return unthrottled
  return createThrottle(options, options.createLimiter ?? createMemoryLimiters(options.maxKeys, now))
}
