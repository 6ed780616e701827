import { plainError, safeListener } from '@drawbridge/options'
import { changePassword, type ChangePasswordInput } from './operations/change-password.ts'
import type { Dependencies } from './operations/dependencies.ts'
import { createUserManagement, type UserManagement } from './operations/manage-users.ts'
import { register, type RegisterInput } from './operations/register.ts'
import { type VerifySecondFactorInput, verifySecondFactor } from './operations/second-factor.ts'
import { setPassword, type SetPasswordInput } from './operations/set-password.ts'
import {
  isStampCurrent,
  type PasswordStamp,
  stampOf,
  type StampOfInput,
  type UserStamp
} from './operations/stamp.ts'
import { verify, type VerifyInput } from './operations/verify.ts'
import { type CredentialsOptions, parseCredentialsOptions, type ParsedOptions } from './options.ts'
import type {
  ChangePasswordOutcome,
  RegisterOutcome,
  SetPasswordOutcome,
  VerifySecondFactorOutcome,
  VerifyOutcome
} from './outcomes.ts'
import { type HashingHealth, HashingQueue } from './passwords/hashing-queue.ts'
import { createPasswordHasher } from './passwords/password-hasher.ts'
import { createPasswordPolicy } from './passwords/policy.ts'
import { traceHasher } from './passwords/trace-hasher.ts'
import {
  type AddressLimits,
  type AddressThrottle,
  createAddressThrottle
} from './throttle/address-throttle.ts'
import { createMemoryLimiters } from './throttle/memory-limiter.ts'
import { createThrottle, type TwoFactorThrottle, unthrottled } from './throttle/throttle.ts'
import { withStoreTimeout } from './users/with-store-timeout.ts'

/** The state of the credentials of one node. */
export interface CredentialsHealth {
  /** The queue in which passwords wait to be hashed or compared. */
  readonly hashing: HashingHealth
}

/**
 * Users and their passwords. Every method rejects with `CredentialsUnavailableError` when a store is down, and with
 * nothing else; what is expected to happen is an outcome.
 */
export interface Credentials<Profile = undefined> extends UserManagement {
  /** Checks a username and a password. Attempts are throttled. */
  verify(input: VerifyInput): Promise<VerifyOutcome>
  /**
   * Checks the response of a user for whom `verify` has returned `second-factor-required`. Only where the option
   * `secondFactor` is set. The caller must make sure that the password was verified before; in the routes of the
   * plugins the pending login does.
   */
  verifySecondFactor?(input: VerifySecondFactorInput): Promise<VerifySecondFactorOutcome>
  /**
   * Whether the password that was verified is still the user's: false once it was changed, or the user was disabled or
   * removed. The same of a password that was enough, once the user needs a second factor. Call it once the login is written,
   * since a change may have completed since the password was compared.
   */
  isStampCurrent(stamp: PasswordStamp): Promise<boolean>
  /**
   * The user and the current stamp, by id or by username, for a token that must die when the password changes. Null for
   * a user who is unknown or disabled.
   */
  stampOf(input: StampOfInput): Promise<UserStamp | null>
  /** Adds a user, with the `profile` that the user store takes. Reveals whether a username is taken, so limit who may call it and how often. */
  register(input: RegisterInput<Profile>): Promise<RegisterOutcome>
  /** Requires the current password, and is throttled as `verify` is. Afterwards revoke the user's other logins. */
  changePassword(input: ChangePasswordInput): Promise<ChangePasswordOutcome>
  /**
   * Sets a password without the current one: for a reset by mail, and for tools of an operator. Pending sign-ins, and tokens that
   * are bound to the stamp, die with it. Afterwards revoke the user's logins.
   */
  setPassword(input: SetPasswordInput): Promise<SetPasswordOutcome>
  /** The state of this node: no I/O. */
  health(): CredentialsHealth
  /**
   * Creates a limit on requests of one address that are no attempts to sign in, and cost something all the same. They are counted
   * where attempts are, and not at all where those are not.
   *
   * @throws OptionError
   */
  createAddressThrottle(limits: AddressLimits): AddressThrottle
  /**
   * Closes the counters of attempts (`throttle.limiters`). The plugins call it, see `closeWithApp` of
   * {@link CredentialsOptions}. Repeated, it does nothing more.
   */
  close(): Promise<void>
  /** As configured. */
  readonly closeWithApp: boolean
}

/**
 * Creates the methods that check and change the passwords of the users in a store.
 *
 * @throws OptionError when an option is wrong.
 * @example
 * ```ts
 * const credentials = createCredentials({ users: createKyselyUserStore({ db }) })
 * const outcome = await credentials.verify({ username: 'kim', password, address: request.ip })
 * if (outcome.ok) await app.sessionAuth.startSession(request, reply, outcome)
 * ```
 */
export function createCredentials<Profile = undefined>(
  input: CredentialsOptions<Profile>
): Credentials<Profile> {
  // From here on a profile is only passed on.
  const options = parseCredentialsOptions(input as unknown as CredentialsOptions)
  const deps = createDependencies(options)
  const { secondFactor } = deps
  return Object.freeze({
    verify: (attempt) => verify(deps, attempt),
    isStampCurrent: (stamp) => isStampCurrent(deps, stamp),
    stampOf: (owner) => stampOf(deps, owner),
    register: (registration) => register(deps, registration as RegisterInput),
    changePassword: (change) => changePassword(deps, change),
    setPassword: (change) => setPassword(deps, change),
    ...createUserManagement(deps.users),
    createAddressThrottle: (limits) => createAddressThrottle(options, limits),
    health: () => ({ hashing: deps.hashingQueue.health() }),
    close: createClose(options),
    closeWithApp: options.closeWithApp,
    ...(secondFactor && {
      verifySecondFactor: (attempt: VerifySecondFactorInput) =>
        verifySecondFactor({ ...deps, secondFactor }, attempt)
    })
  } satisfies Credentials<Profile>)
}

function createDependencies(options: ParsedOptions): Dependencies {
  const { memoryKiB, passes, concurrency, maxQueued, verifiers } = options.hashing
  const listener = safeListener(options.onError)
  const onError = (error: unknown) => listener(plainError(error))
  const throttle = createConfiguredThrottle(options)
  const hashingQueue = new HashingQueue(concurrency, maxQueued)
  return {
    users: withStoreTimeout(options.users, {
      timeoutMs: options.userStoreTimeoutMs,
      // A sign-in looks its user up when its turn comes. The queued ones would each wait for the timeout in turn.
      onLookupTimeout: (error) => hashingQueue.rejectWaiting(error)
    }),
    hasher: traceHasher(createPasswordHasher({ memoryKiB, passes }, verifiers)),
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

function createConfiguredThrottle({ throttle, now }: ParsedOptions): TwoFactorThrottle {
  if (throttle === false) return unthrottled
  const { limiters, maxKeys } = throttle
  const createLimiter = limiters ? limiters.createLimiter.bind(limiters) : createMemoryLimiters(maxKeys, now)
  return createThrottle(throttle, createLimiter)
}

function createClose({ throttle }: ParsedOptions): () => Promise<void> {
  let closed: Promise<void> | undefined
  const close = async (): Promise<void> => {
    if (throttle !== false) await throttle.limiters?.close?.()
  }
  return () => (closed ??= close())
}
