import { refuseKey } from '@drawbridge/carrier'
import type { Bridge, GuardHook, PageGuardOptions } from '@drawbridge/bridge'
import type { FastifyRequest } from 'fastify'

/** The hooks of a route of one's own account. */
export type AccountGuard = [GuardHook, (request: FastifyRequest) => Promise<void>]

/** The guard of the bridge, for logins that a user has signed in to: a personal access token may read and change no account. */
export function createAccountGuard({ guard }: Bridge, options: PageGuardOptions = {}): AccountGuard {
  return [guard(options), async ({ principal }) => refuseKey(principal)]
}
