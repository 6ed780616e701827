import type { ParsedOptions } from '../options.ts'
import {
  createRequestThrottle,
  type RequestThrottle,
  type RequestThrottleOptions
} from './request-throttle.ts'

/** How many requests one address may make. Each is as in {@link RequestThrottleOptions}. */
export type AddressLimits = Required<
  Pick<RequestThrottleOptions, 'name' | 'requestsPerAddress' | 'windowSeconds'>
>

/** See `Credentials.createAddressThrottle`. */
export type AddressThrottle = RequestThrottle

/** @throws OptionError */
export function createAddressThrottle(
  { throttle, now }: Pick<ParsedOptions, 'throttle' | 'now'>,
  limits: AddressLimits
): AddressThrottle {
  if (throttle === false) return UNLIMITED
  const { maxKeys, limiters } = throttle
  return createRequestThrottle({ ...limits, maxKeys, now, ...(limiters && { limiters }) })
}

const UNLIMITED: AddressThrottle = Object.freeze({
  admit: async () => ({ ok: true }) as const,
  refund: async () => {}
})
