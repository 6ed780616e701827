import { createHash } from 'node:crypto'
import { addressBucket } from './address-bucket.ts'
import { AttemptLines } from './attempt-lines.ts'
import type { Count, CreateLimiter, Limiter } from './limiter.ts'

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

/** An attempt that may be made, and has been counted. Say how it went; where nothing is said, it has failed. */
export interface Admitted {
  readonly admitted: true
  /** Attempts of this window on the account that have not succeeded, from all addresses; this one is not among them. */
  readonly failures: number
  /** So many that one address alone cannot have made them: if this one succeeds, its user should hear of it. */
  readonly isSuspicious: boolean
  /** The credentials were right: forgets what was counted against the account, here and in all. */
  succeeded(): Promise<void>
  /** Nothing was tried after all: gives back what was counted. */
  withdraw(): Promise<void>
}

export interface Refused {
  readonly admitted: false
  /** Which limit: of the address, of the address on the account, or of any address on an account under attack. */
  readonly by: 'address' | 'account' | 'attack'
  readonly retryAfterSeconds: number
}

export type Admission = Admitted | Refused

/** Counts attempts before they are made, so that of a parallel burst no more pass than may. */
export interface Throttle {
  /** Where refused attempts wait for those under way; absent where none is refused. */
  readonly lines?: AttemptLines
  admit(usernameKey: string, address: string | undefined): Promise<Admission>
}

/** Whoever makes an attempt at the second factor has shown the password: such attempts are counted apart. */
export interface TwoFactorThrottle extends Throttle {
  readonly secondFactor: Throttle
}

const admitAll: Throttle = {
  admit: async () => ({
    admitted: true,
    failures: 0,
    isSuspicious: false,
    succeeded: async () => {},
    withdraw: async () => {}
  })
}

export const unthrottled: TwoFactorThrottle = { ...admitAll, secondFactor: admitAll }

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
    byPair: limiter('account-address', attemptsPerAccount),
    byAccount: limiter('account', attemptsPerAccount * ATTACK_FACTOR),
    bySecondFactor: limiter('second-factor', attemptsPerAccount),
    known: createLimiter({
      keyPrefix: 'drawbridge-known-address',
      points: 1,
      duration: KNOWN_ADDRESS_SECONDS
    })
  })
}

interface Counters {
  readonly byAddress: Limiter
  readonly byPair: Limiter
  readonly byAccount: Limiter
  readonly bySecondFactor: Limiter
  /** Log-ins of an account from an address, by account and address. */
  readonly known: Limiter
}

class CountingThrottle implements TwoFactorThrottle {
  readonly secondFactor: Throttle = {
    lines: new AttemptLines(),
    admit: (usernameKey, address) => this.#admitSecond(usernameKey, address)
  }
  readonly lines = new AttemptLines()
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
  async admit(usernameKey: string, address: string | undefined): Promise<Admission> {
    const { attemptsPerAccount, attemptsPerAddress } = this.#limits
    const { byAddress, byPair, byAccount } = this.#counters
    const bucket = addressBucket(address)
    const isCounted = address !== undefined
    const account = accountKey(usernameKey)
    const pair = `${account}:${bucket}`
    const taken = new Taken()

    if (isCounted) {
      const ofAddress = await taken.count(byAddress, bucket)
      if (ofAddress.consumedPoints > attemptsPerAddress) return taken.refuse('address', ofAddress)
    }
    const ofPair = await taken.count(byPair, pair)
    if (ofPair.consumedPoints > attemptsPerAccount) return taken.refuse('account', ofPair)
    const ofAccount = await taken.count(byAccount, account)
    const attempts = ofAccount.consumedPoints
    if (attempts > attemptsPerAccount * ATTACK_FACTOR && !(await this.#isKnown(pair))) {
      if (ofPair.consumedPoints > 1) return taken.refuse('attack', ofPair, ofAccount)
      if (attempts > attemptsPerAccount * NEW_ADDRESSES_FACTOR) return taken.refuse('attack', ofAccount)
    }

    const failures = attempts - 1
    return {
      admitted: true,
      failures,
      isSuspicious: failures >= attemptsPerAccount,
      succeeded: async () => {
        const ofAccount = [byPair.delete(pair), byAccount.delete(account), this.#remember(pair)]
        await Promise.all([...ofAccount, ...(isCounted ? [byAddress.reward(bucket)] : [])])
      },
      withdraw: () => taken.giveBack()
    }
  }

  async #admitSecond(usernameKey: string, address: string | undefined): Promise<Admission> {
    const { attemptsPerAccount, attemptsPerAddress } = this.#limits
    const { byAddress, byPair, byAccount, bySecondFactor } = this.#counters
    const bucket = addressBucket(address)
    const isCounted = address !== undefined
    const account = accountKey(usernameKey)
    const taken = new Taken()

    if (isCounted) {
      const ofAddress = await taken.count(byAddress, bucket)
      if (ofAddress.consumedPoints > attemptsPerAddress) return taken.refuse('address', ofAddress)
    }
    const ofAccount = await taken.count(bySecondFactor, account)
    if (ofAccount.consumedPoints > attemptsPerAccount) return taken.refuse('account', ofAccount)

    return {
      admitted: true,
      failures: ofAccount.consumedPoints - 1,
      // The password's attempt has told so already.
      isSuspicious: false,
      succeeded: async () => {
        // What the password's attempt was counted for too: only now the user is logged in.
        const pair = `${account}:${bucket}`
        const ofPassword = [byPair.delete(pair), byAccount.delete(account), this.#remember(pair)]
        const ofAddress = isCounted ? [byAddress.reward(bucket), byAddress.reward(bucket)] : []
        await Promise.all([bySecondFactor.delete(account), ...ofPassword, ...ofAddress])
      },
      withdraw: () => taken.giveBack()
    }
  }

  async #isKnown(pair: string): Promise<boolean> {
    return ((await this.#counters.known.get(pair))?.consumedPoints ?? 0) > 0
  }

  /** Anew each time, so that the time begins with the last log-in and not with the first. */
  async #remember(pair: string): Promise<void> {
    await this.#counters.known.delete(pair)
    await this.#counters.known.penalty(pair)
  }
}

/** What one attempt has been counted for so far. A refused attempt is not counted: it has tried nothing. */
class Taken {
  readonly #counted: (readonly [Limiter, string])[] = []

  async count(limiter: Limiter, key: string): Promise<Count> {
    const count = await limiter.penalty(key)
    this.#counted.push([limiter, key])
    return count
  }

  async giveBack(): Promise<void> {
    await Promise.all(this.#counted.map(([limiter, key]) => limiter.reward(key)))
  }

  /** Until the first of the windows ends that stand in the way. */
  async refuse(by: Refused['by'], ...windows: readonly Count[]): Promise<Refused> {
    await this.giveBack()
    const waitMs = Math.min(...windows.map(({ msBeforeNext }) => msBeforeNext))
    return { admitted: false, by, retryAfterSeconds: Math.max(1, Math.ceil(waitMs / 1000)) }
  }
}

/** Not the name itself: keys are seen in store dumps and logs. */
function accountKey(usernameKey: string): string {
  return createHash('sha256').update(usernameKey).digest('base64url').slice(0, 22)
}
