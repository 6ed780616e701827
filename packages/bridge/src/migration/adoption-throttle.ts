import { clientAddress, type CredentialsVerifier } from '@drawbridge/carrier'
import { OptionError } from '@drawbridge/options'
import type { FastifyRequest } from 'fastify'
import type { ForeignMigration } from './options.ts'

/**
 * Limits the logins that are made for old credentials of one address. Those are valid: it is for what a thief of a secret could
 * make, and for a client that has each request begin a login. A limit that is met makes nobody a stranger.
 */
export interface AdoptionThrottle {
  /** Rejects where the store of the counts is down. @returns null where a login may be made; else seconds until then. */
  admit(request: FastifyRequest): Promise<number | null>
  /** For an admitted request, which made no login. */
  refund(request: FastifyRequest): Promise<void>
}

const DEFAULTS = { adoptionsPerAddress: 1000, windowSeconds: 900 } as const

/** @throws OptionError where a limit is set that the credentials cannot count. */
export function createAdoptionThrottle(
  { name, throttle }: Pick<ForeignMigration, 'name' | 'throttle'>,
  credentials: CredentialsVerifier
): AdoptionThrottle {
  if (throttle === false) return UNLIMITED
  const { adoptionsPerAddress, windowSeconds } = throttle ?? DEFAULTS
  const counter = credentials.createAddressThrottle?.({
    name: 'adoption',
    requestsPerAddress: adoptionsPerAddress,
    windowSeconds
  })
  if (counter === undefined && throttle !== undefined)
    throw new OptionError(
      `migrations: the throttle of "${name}" needs credentials with a createAddressThrottle function, as those of createCredentials`
    )
  if (counter === undefined) return UNLIMITED
  const toCounted = (request: FastifyRequest) => ({ address: clientAddress(credentials, request) })
  return {
    admit: async (request) => {
      const admission = await counter.admit(toCounted(request))
      return admission.ok ? null : admission.retryAfterSeconds
    },
    refund: (request) => counter.refund(toCounted(request))
  }
}

const UNLIMITED: AdoptionThrottle = { admit: async () => null, refund: async () => {} }
