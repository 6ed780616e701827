import { createHash } from 'node:crypto'
import { toAddressBucket } from './address-bucket.ts'
import type { Admission, ThrottledAdmission } from './admission.ts'
import { AttemptQueues } from './attempt-queues.ts'
import type { LimiterResult, CreateLimiter, Limiter } from './limiter.ts'

/** The configured limits. */
export interface ThrottleLimits {
  /** Attempts per address on one account and per window. */
  readonly attemptsPerAccount: number
  /** Attempts per address on all accounts together and per window. */
  readonly attemptsPerAddress: number
  readonly windowSeconds: number
}

/** An account with more attempts than this multiple of {@link ThrottleLimits.attemptsPerAccount} is under attack. */
export const ATTACK_FACTOR = 10

/**
 * Attempts of all unknown addresses together on an account per window, as a multiple of
 * {@link ThrottleLimits.attemptsPerAccount}: the owner of a /48 has 65 536 networks, with one attempt from each (M6).
 */
export const NEW_ADDRESSES_FACTOR = 40

/**
 * How long an address is known to an account after a sign-in from it, seconds: 21 days. Less than the 2³¹ ms that a
 * timer can wait, since a limiter of the service's own may use one timer per count.
 */
export const KNOWN_ADDRESS_SECONDS = 1_814_400

/** Counts attempts before they are made, so that a parallel burst does not exceed the limit. */
export interface Throttle {
  /** Where rejected attempts wait for earlier ones in flight; absent where no attempt is rejected. */
  readonly queues?: AttemptQueues
  /** Counts an attempt, unless a limit rejects it. `address` is undefined where there is none. */
  reserve(usernameKey: string, address: string | undefined): Promise<Admission>
}

/** Attempts at a second factor are counted apart, since their users have presented the password. */
export interface TwoFactorThrottle extends Throttle {
  readonly secondFactor: Throttle
}

const unlimited: Throttle = {
  reserve: async () => ({
    admitted: true,
    failures: 0,
    isSuspicious: false,
    recordSuccess: async () => {},
    refund: async () => {}
  })
}

/** For the option `throttle: false`. */
export const unthrottled: TwoFactorThrottle = { ...unlimited, secondFactor: unlimited }

/**
 * Three counts: by address, by account and address, and by account over all addresses. The last one never locks the
 * account. It detects that the account is under attack, and then each address has one attempt on it per window instead
 * of several, and all of them together have a fixed number. Known addresses, from which the user has signed in before,
 * are exempt from both: so the user can still sign in from them. A limit by account alone would let any stranger lock
 * the user out.
 *
 * The second factor has two counts: by address, and by account over all addresses. This one does lock, since a stranger
 * without the password cannot reach it, and an attacker who knows the password and has many addresses could otherwise
 * guess six digits.
 */
export function createThrottle(limits: ThrottleLimits, createLimiter: CreateLimiter): TwoFactorThrottle {
  const { attemptsPerAccount, attemptsPerAddress, windowSeconds } = limits
  const limiter = (keyPrefix: string, points: number) =>
    createLimiter({ keyPrefix: `drawbridge-${keyPrefix}`, points, duration: windowSeconds })
  return new CountingThrottle(limits, {
    byAddress: limiter('address', attemptsPerAddress),
    byAccountAddress: limiter('account-address', attemptsPerAccount),
    byAccount: limiter('account', attemptsPerAccount * ATTACK_FACTOR),
    bySecondFactor: limiter('second-factor', attemptsPerAccount),
    knownAddresses: createLimiter({
      keyPrefix: 'drawbridge-known-address',
      points: 1,
      duration: KNOWN_ADDRESS_SECONDS
    })
  })
}

interface Counters {
  readonly byAddress: Limiter
  readonly byAccountAddress: Limiter
  readonly byAccount: Limiter
  readonly bySecondFactor: Limiter
  /** Sign-ins by account and address. */
  readonly knownAddresses: Limiter
}

class CountingThrottle implements TwoFactorThrottle {
  readonly secondFactor: Throttle = {
    queues: new AttemptQueues(),
    reserve: (usernameKey, address) => this.#reserveSecondFactor(usernameKey, address)
  }
  readonly queues = new AttemptQueues()
  readonly #limits: ThrottleLimits
  readonly #counters: Counters

  constructor(limits: ThrottleLimits, counters: Counters) {
    this.#limits = limits
    this.#counters = counters
  }

  /**
   * By address first, whose limit stops an address that makes up usernames before there are many keys of the other
   * kinds. Without an address only accounts are counted, since one count for all visitors would lock all of them out.
   */
  async reserve(usernameKey: string, address: string | undefined): Promise<Admission> {
    const { attemptsPerAccount, attemptsPerAddress } = this.#limits
    const { byAddress, byAccountAddress, byAccount } = this.#counters
    const bucket = toAddressBucket(address)
    const hasAddress = address !== undefined
    const account = accountKey(usernameKey)
    const accountAddress = `${account}:${bucket}`
    const reservation = new Reservation()

    if (hasAddress) {
      const addressCount = await reservation.count(byAddress, bucket)
      if (addressCount.consumedPoints > attemptsPerAddress) return reservation.reject('address', addressCount)
    }
    const accountAddressCount = await reservation.count(byAccountAddress, accountAddress)
    if (accountAddressCount.consumedPoints > attemptsPerAccount)
      return reservation.reject('account', accountAddressCount)
    const accountCount = await reservation.count(byAccount, account)
    const attempts = accountCount.consumedPoints
    if (attempts > attemptsPerAccount * ATTACK_FACTOR && !(await this.#isKnownAddress(accountAddress))) {
      if (accountAddressCount.consumedPoints > 1)
        return reservation.reject('attack', accountAddressCount, accountCount)
      if (attempts > attemptsPerAccount * NEW_ADDRESSES_FACTOR)
        return reservation.reject('attack', accountCount)
    }

    const failures = attempts - 1
    return {
      admitted: true,
      failures,
      isSuspicious: failures >= attemptsPerAccount,
      recordSuccess: async () => {
        const accountResets = [
          byAccountAddress.delete(accountAddress),
          byAccount.delete(account),
          this.#rememberAddress(accountAddress)
        ]
        await Promise.all([...accountResets, ...(hasAddress ? [byAddress.reward(bucket)] : [])])
      },
      refund: () => reservation.refund()
    }
  }

  async #reserveSecondFactor(usernameKey: string, address: string | undefined): Promise<Admission> {
    const { attemptsPerAccount, attemptsPerAddress } = this.#limits
    const { byAddress, byAccountAddress, byAccount, bySecondFactor } = this.#counters
    const bucket = toAddressBucket(address)
    const hasAddress = address !== undefined
    const account = accountKey(usernameKey)
    const reservation = new Reservation()

    if (hasAddress) {
      const addressCount = await reservation.count(byAddress, bucket)
      if (addressCount.consumedPoints > attemptsPerAddress) return reservation.reject('address', addressCount)
    }
    const accountCount = await reservation.count(bySecondFactor, account)
    if (accountCount.consumedPoints > attemptsPerAccount) return reservation.reject('account', accountCount)

    return {
      admitted: true,
      failures: accountCount.consumedPoints - 1,
      // The event of the correct password has the number of failures already.
      isSuspicious: false,
      recordSuccess: async () => {
        // Also resets the counts of the password, since only now the user is signed in.
        const accountAddress = `${account}:${bucket}`
        const passwordResets = [
          byAccountAddress.delete(accountAddress),
          byAccount.delete(account),
          this.#rememberAddress(accountAddress)
        ]
        const addressRefunds = hasAddress ? [byAddress.reward(bucket), byAddress.reward(bucket)] : []
        await Promise.all([bySecondFactor.delete(account), ...passwordResets, ...addressRefunds])
      },
      refund: () => reservation.refund()
    }
  }

  async #isKnownAddress(accountAddress: string): Promise<boolean> {
    return ((await this.#counters.knownAddresses.get(accountAddress))?.consumedPoints ?? 0) > 0
  }

  /** Deleted first, so that the time begins with the last sign-in and not with the first. */
  async #rememberAddress(accountAddress: string): Promise<void> {
    await this.#counters.knownAddresses.delete(accountAddress)
    await this.#counters.knownAddresses.penalty(accountAddress)
  }
}

/** The points that one attempt has taken so far. A rejected attempt returns them, since it has tried nothing. */
class Reservation {
  readonly #points: (readonly [Limiter, string])[] = []

  async count(limiter: Limiter, key: string): Promise<LimiterResult> {
    const count = await limiter.penalty(key)
    this.#points.push([limiter, key])
    return count
  }

  async refund(): Promise<void> {
    await Promise.all(this.#points.map(([limiter, key]) => limiter.reward(key)))
  }

  /** Rejects the attempt until the first of the windows that exceed their limits ends. */
  async reject(
    limit: ThrottledAdmission['limit'],
    ...windows: readonly LimiterResult[]
  ): Promise<ThrottledAdmission> {
    await this.refund()
    const waitMs = Math.min(...windows.map(({ msBeforeNext }) => msBeforeNext))
    return { admitted: false, limit, retryAfterSeconds: Math.max(1, Math.ceil(waitMs / 1000)) }
  }
}

/** A digest, not the name itself, since keys appear in dumps of the store and in logs. */
export function accountKey(usernameKey: string): string {
  return createHash('sha256').update(usernameKey).digest('base64url').slice(0, 22)
}
