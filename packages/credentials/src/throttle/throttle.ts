import { createHash } from 'node:crypto'
import { toAddressBucket } from './address-bucket.ts'
import type { Admission, ThrottledAdmission } from './admission.ts'
import { AttemptQueues } from './attempt-queues.ts'
import type { LimiterResult, CreateLimiter, Limiter } from './limiter.ts'

export interface ThrottleLimits {
  /** Attempts that one address has on one account in a window. */
  readonly attemptsPerAccount: number
  /** Attempts that one address has on all accounts together in a window. */
  readonly attemptsPerAddress: number
  readonly windowSeconds: number
}

/** An account that was tried so many times {@link ThrottleLimits.attemptsPerAccount} is under attack. */
export const ATTACK_FACTOR = 10

/**
 * What all addresses together that an account was not logged in to from may have of it in a window, as a multiple of
 * {@link ThrottleLimits.attemptsPerAccount}: whoever owns a /48 has 65 536 networks, and one attempt from each (M6).
 */
export const NEW_ADDRESSES_FACTOR = 40

/**
 * An address counts as known to an account for this long after a log-in from it, seconds: 21 days. Less than the 2³¹ ms
 * that a timer can wait, since a limiter of the service's own may have one for each count.
 */
export const KNOWN_ADDRESS_SECONDS = 1_814_400

/** Counts attempts before they are made, so that of a parallel burst no more pass than may. */
export interface Throttle {
  /** Where refused attempts wait for those under way; absent where none is refused. */
  readonly queues?: AttemptQueues
  reserve(usernameKey: string, address: string | undefined): Promise<Admission>
}

/** Whoever makes an attempt at the second factor has shown the password: such attempts are counted apart. */
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

export const unthrottled: TwoFactorThrottle = { ...unlimited, secondFactor: unlimited }

/**
 * Three counts: by address, by account and address, and by account over all addresses. The last one never shuts
 * anybody out. It tells that an account is under attack, and then each address has one attempt on it in a window
 * instead of several, and all of them together have a fixed number. Addresses that the account was logged in to from
 * are exempt from both: its user still gets in from one of them, which is what a limit by account alone would let any
 * stranger prevent.
 *
 * The second factor has two: by address, and by account over all addresses, which does shut. No stranger comes as far,
 * and with a guess for each address, a thief of the password with many addresses would find six digits.
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
  /** Log-ins of an account from an address, by account and address. */
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
   * By address first: whoever makes up usernames runs into it before there are many keys of the other kinds. Where no
   * address is known, accounts alone are counted: one count for all visitors would shut all of them out.
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
      // The password's attempt has told so already.
      isSuspicious: false,
      recordSuccess: async () => {
        // What the password's attempt was counted for too: only now the user is logged in.
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

  /** Anew each time, so that the time begins with the last log-in and not with the first. */
  async #rememberAddress(accountAddress: string): Promise<void> {
    await this.#counters.knownAddresses.delete(accountAddress)
    await this.#counters.knownAddresses.penalty(accountAddress)
  }
}

/** What one attempt has been counted for so far. A refused attempt is not counted: it has tried nothing. */
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

  /** Until the first of the windows ends that stand in the way. */
  async reject(
    limit: ThrottledAdmission['limit'],
    ...windows: readonly LimiterResult[]
  ): Promise<ThrottledAdmission> {
    await this.refund()
    const waitMs = Math.min(...windows.map(({ msBeforeNext }) => msBeforeNext))
    return { admitted: false, limit, retryAfterSeconds: Math.max(1, Math.ceil(waitMs / 1000)) }
  }
}

/** Not the name itself: keys are seen in store dumps and logs. */
function accountKey(usernameKey: string): string {
  return createHash('sha256').update(usernameKey).digest('base64url').slice(0, 22)
}
