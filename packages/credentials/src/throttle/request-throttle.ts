import { clock, objectWithMethods, parseOptions, wholeNumber } from '@drawbridge/options'
import * as v from 'valibot'
import { wrapOutage } from '../errors.ts'
import { toAddressBucket } from './address-bucket.ts'
import type { CreateLimiter, Limiter, Limiters } from './limiter.ts'
import { createMemoryLimiters } from './memory-limiter.ts'
import { accountKey } from './throttle.ts'

/** Options of {@link createRequestThrottle}. */
export interface RequestThrottleOptions {
  /** What is counted, such as `password-reset`: a part of the keys. */
  readonly name: string
  /** Requests for one account per window, from all addresses together, 1 to 1000. Default 5. */
  readonly requestsPerAccount?: number
  /** Requests of one address per window, 1 to 1 000 000. Default 20. */
  readonly requestsPerAddress?: number
  /** Length of a window, 1 to 86 400. Default 900. */
  readonly windowSeconds?: number
  /** Counts of each kind in memory; 1000 to 10 000 000. Default 100 000. */
  readonly maxKeys?: number
  /** The counters, for one count over several nodes. Default: in the memory of this process. */
  readonly limiters?: Limiters
  /** Milliseconds. Default: a monotonic clock (`performance.now`). */
  readonly now?: () => number
}

/** What a request is counted against. */
export interface CountedRequest {
  /** A canonical username or the id of a user; absent where the request names none. */
  readonly account?: string
  /** The client's IP address, as far as the caller trusts it; undefined where it has none. */
  readonly address: string | undefined
}

/** Whether a request is admitted. */
export type RequestAdmission =
  | { readonly ok: true }
  | { readonly ok: false; readonly reason: 'throttled'; readonly retryAfterSeconds: number }

/** Limits how often something may be asked for that is no attempt to sign in, such as a mail with a link. */
export interface RequestThrottle {
  /**
   * Counts a request, unless a limit rejects it. A count of an account is the same whether it exists, so that a response
   * reveals nothing.
   *
   * @throws CredentialsUnavailableError where the store of the counts is down.
   */
  admit(request: CountedRequest): Promise<RequestAdmission>
  /**
   * Takes an admitted request back, which had no price after all.
   *
   * @throws CredentialsUnavailableError where the store of the counts is down.
   */
  refund(request: CountedRequest): Promise<void>
}

const schema = v.strictObject({
  name: v.pipe(
    v.string('must be a string'),
    v.regex(/^[a-z][a-z-]{0,63}$/, 'must be a name like "password-reset"')
  ),
  requestsPerAccount: v.optional(wholeNumber(1, 1000), 5),
  requestsPerAddress: v.optional(wholeNumber(1, 1_000_000), 20),
  windowSeconds: v.optional(wholeNumber(1, 86_400), 900),
  maxKeys: v.optional(wholeNumber(1000, 10_000_000), 100_000),
  limiters: v.optional(objectWithMethods<Limiters>('{ createLimiter }, a function', 'createLimiter')),
  now: v.optional(clock(), () => () => performance.now())
})

/**
 * Counts requests by address and by account, with the counters of the sign-ins. By address first, whose limit stops an address
 * that makes up names. Unlike an attempt to sign in, a request that succeeds is not given back: each has its price.
 *
 * @throws OptionError
 * @example
 * const throttle = createRequestThrottle({ name: 'invitation', requestsPerAddress: 10 })
 * const admission = await throttle.admit({ account: username, address: request.ip })
 */
export function createRequestThrottle(options: RequestThrottleOptions): RequestThrottle {
  const { name, limiters, maxKeys, now, windowSeconds, requestsPerAccount, requestsPerAddress } =
    parseOptions('requestThrottle', schema, options)
  const createLimiter: CreateLimiter = limiters
    ? limiters.createLimiter.bind(limiters)
    : createMemoryLimiters(maxKeys, now)
  const limiter = (kind: string, points: number) =>
    createLimiter({ keyPrefix: `drawbridge-${name}-${kind}`, points, duration: windowSeconds })
  const byAddress = limiter('address', requestsPerAddress)
  const byAccount = limiter('account', requestsPerAccount)
  return Object.freeze<RequestThrottle>({
    admit: ({ account, address }) =>
      wrapOutage(async () => {
        const ofAddress = await count(
          byAddress,
          toAddressBucket(address),
          requestsPerAddress,
          address === undefined
        )
        if (!ofAddress.ok) return ofAddress
        return count(byAccount, accountKey(account ?? ''), requestsPerAccount, account === undefined)
      }),
    refund: ({ account, address }) =>
      wrapOutage(async () => {
        if (address !== undefined) await byAddress.reward(toAddressBucket(address))
        if (account !== undefined) await byAccount.reward(accountKey(account))
      })
  })
}

/** @param isExempt without an address or an account: one count for all of them would lock all of them out. */
async function count(
  limiter: Limiter,
  key: string,
  limit: number,
  isExempt: boolean
): Promise<RequestAdmission> {
  if (isExempt) return { ok: true }
  const { consumedPoints, msBeforeNext } = await limiter.penalty(key)
  if (consumedPoints <= limit) return { ok: true }
  await limiter.reward(key)
  return { ok: false, reason: 'throttled', retryAfterSeconds: Math.max(1, Math.ceil(msBeforeNext / 1000)) }
}
