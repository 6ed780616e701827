import {
  createGuardHook,
  enforceNoStore,
  type GuardedCarrier,
  type GuardHook,
  insufficientScope,
  onHeaders,
  setNoStore
} from '@drawbridge/carrier'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Authenticator, Renewal, UnresolvedCookies } from './authenticate.ts'
import { toHttpError } from './errors.ts'
import { crossOriginError, isSafeRequest } from './origin.ts'
import { includesCookie, toLines } from './cookies/set-cookie.ts'
import type { SessionCookie } from './cookies/session-cookie.ts'
import type { SnapshotCookie } from './cookies/snapshot-cookie.ts'

/** What a guard needs. */
export interface GuardDependencies {
  readonly authenticator: Authenticator
  readonly cookie: SessionCookie
  readonly snapshots: SnapshotCookie
}

/** What a guard does with sessions. No promise for one that this node knows (bench, `session-guard`). */
export function createGuardedCarrier(dependencies: GuardDependencies): GuardedCarrier<UnresolvedCookies> {
  const { authenticator } = dependencies
  return {
    carriers: ['session'],
    authenticateLocally: (request, countsAsUse) => authenticator.authenticateLocally(request, countsAsUse),
    resolve: async (unresolved, policy, reply) => {
      const outcome = await authenticator.resolve(unresolved, policy)
      if (reply !== undefined && outcome.ok && outcome.renewal !== null)
        renew(dependencies, reply, outcome.renewal, policy.countsAsUse !== false)
      return outcome
    },
    setNoStore: (reply) => setNoStore(reply, 'Cookie'),
    toHttpError,
    insufficientScope: (missing) => insufficientScope(missing)
  }
}

/**
 * Sends cookies again with the response. Whether it does is decided when the response is sent: until then another request may
 * have signed in or logged out with this cookie, which revoked its login, and a response to an older credential must not
 * replace the newer one in the browser (S01). Nor does it replace what the handler itself has set.
 *
 * A snapshot that has expired makes the next request ask the store, which then learns of the use: a request that does not
 * count as use sends none, so that the next one asks.
 */
function renew(
  { authenticator, cookie, snapshots }: GuardDependencies,
  reply: FastifyReply,
  renewal: Renewal,
  countsAsUse: boolean
): void {
  const { content, isOutdated, snapshot } = renewal
  const signed = isOutdated ? cookie.sign(content) : renewal.signed
  const cookies = [
    ...(isOutdated ? [cookie.createLine(signed)] : []),
    ...(snapshot === null || !countsAsUse ? [] : snapshots.createLines(signed, snapshot))
  ]
  if (cookies.length === 0) return
  enforceNoStore(reply)
  onHeaders(reply, (_statusCode, headers) => {
    const lines = toLines(headers['set-cookie'])
    const current = authenticator.isStillActive(renewal) ? cookies : []
    const added = current.filter(({ name }) => !includesCookie(lines, name)).map(({ line }) => line)
    return added.length === 0 ? {} : { 'set-cookie': [...lines, ...added] }
  })
}

/** For sign-in and log-out, which read or set the cookie without a guard. */
export function createOriginGuard(isSameOrigin: (request: FastifyRequest) => boolean): GuardHook {
  return createGuardHook((request, reply) => {
    setNoStore(reply, 'Cookie')
    return isSafeRequest(request) || isSameOrigin(request) ? null : crossOriginError(request)
  })
}
