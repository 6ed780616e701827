import {
  type AuthenticateOutcome,
  createGuardHook,
  type FollowerSlot,
  type GuardedCarrier,
  type GuardHook,
  insufficientScope,
  isFollowed,
  noStoreFields,
  noteRejection,
  onHeaders,
  reauthenticationRequired,
  setNoStore,
  tagGuard,
  toOutcome
} from '@drawbridge/carrier'
import type { RoutePolicy } from '@drawbridge/logins'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Authenticator, Renewal, ResolvedOutcome, UnresolvedCookies } from './authenticate.ts'
import { toHttpError } from './errors.ts'
import { crossOriginError, isSafeRequest } from './origin.ts'
import { readCookies } from './cookies/header.ts'
import { includesCookie, toLines } from './cookies/set-cookie.ts'
import type { SessionCookie } from './cookies/session-cookie.ts'
import type { SnapshotCookie } from './cookies/snapshot-cookie.ts'
import { secondsUntil } from './sessions/send.ts'

/** What a guard needs. */
export interface GuardDependencies {
  readonly authenticator: Authenticator
  readonly cookie: SessionCookie
  readonly snapshots: SnapshotCookie
  readonly following: FollowerSlot
}

/** A request about which a migration decides too. */
interface FollowedRequest {
  readonly ok: null
  readonly request: FastifyRequest
  readonly known: AuthenticateOutcome | UnresolvedCookies
}

/** What a guard does with sessions. No promise for one that this node knows (bench, `session-guard`). */
export function createGuardedCarrier(
  dependencies: GuardDependencies
): GuardedCarrier<UnresolvedCookies | FollowedRequest> {
  const { authenticator, cookie, following } = dependencies
  return {
    carriers: ['session'],
    authenticateLocally: (request, countsAsUse) => {
      const known = authenticator.authenticateLocally(request, countsAsUse)
      const { follower } = following
      if (follower === undefined || (known.ok === true && follower.isSettled(known.principal))) return known
      return isFollowed(known) ? { ok: null, request, known } : known
    },
    resolve: (pending, policy, reply) =>
      'known' in pending
        ? follow(dependencies, pending, policy, reply)
        : resolve(dependencies, pending, policy, reply),
    setNoStore: (reply) => setNoStore(reply, 'Cookie'),
    // Whatever the page, a request without a cookie presents nothing.
    toHttpError: (failure, request) =>
      readCookies(request.headers.cookie, cookie.name).session === undefined
        ? noteRejection(toHttpError(failure), null)
        : toHttpError(failure),
    insufficientScope: (missing) => insufficientScope(missing),
    reauthenticationRequired: (_principal, maxAgeSeconds) => reauthenticationRequired(maxAgeSeconds)
  }
}

async function resolve(
  dependencies: GuardDependencies,
  unresolved: UnresolvedCookies,
  policy: RoutePolicy,
  reply: FastifyReply | undefined
) {
  const outcome = await dependencies.authenticator.resolve(unresolved, policy)
  return renewed(dependencies, outcome, policy, reply)
}

/** The outcome, once what it renews is on its way. */
function renewed(
  dependencies: GuardDependencies,
  outcome: ResolvedOutcome,
  { countsAsUse }: RoutePolicy,
  reply: FastifyReply | undefined
): AuthenticateOutcome {
  if (!outcome.ok) return outcome
  const { principal, renewal } = outcome
  if (reply !== undefined && renewal !== null)
    renewSession(dependencies, reply, renewal, countsAsUse !== false)
  return { ok: true, principal }
}

/** What our own credential has renewed is sent only where it counts. */
async function follow(
  dependencies: GuardDependencies,
  { request, known }: FollowedRequest,
  policy: RoutePolicy,
  reply: FastifyReply | undefined
): Promise<AuthenticateOutcome> {
  const { authenticator, following } = dependencies
  const ours = known.ok === null ? await authenticator.resolve(known, policy) : withoutRenewal(known)
  const decided = await following.follower?.follow(request, ours, policy, reply)
  if (decided === undefined || decided.kind === 'ours') return renewed(dependencies, ours, policy, reply)
  return toOutcome(decided, ours)
}

function withoutRenewal(known: AuthenticateOutcome): ResolvedOutcome {
  return known.ok ? { ...known, renewal: null } : known
}

/**
 * Sends cookies again with the response. Whether it does is decided when the response is sent: until then another request may
 * have signed in or logged out with this cookie, which revoked its login, and a response to an older credential must not
 * replace the newer one in the browser (S01). Nor does it replace what the handler itself has set.
 *
 * A snapshot that has expired makes the next request ask the store, which then learns of the use: a request that does not
 * count as use sends none, so that the next one asks.
 */
export function renewSession(
  { authenticator, cookie, snapshots }: Pick<GuardDependencies, 'authenticator' | 'cookie' | 'snapshots'>,
  reply: FastifyReply,
  renewal: Renewal,
  countsAsUse: boolean
): void {
  const { content, isOutdated, snapshot } = renewal
  const maxAge = content.isPersistent ? secondsUntil(renewal.expiresAt, renewal.asOf) : undefined
  const signed = isOutdated ? cookie.sign(content) : renewal.signed
  const cookies = [
    ...(isOutdated ? [cookie.createLine(signed, maxAge)] : []),
    ...(snapshot === null || !countsAsUse ? [] : snapshots.createLines(signed, snapshot))
  ]
  if (cookies.length === 0) return
  setNoStore(reply, 'Cookie')
  onHeaders(reply, (_statusCode, headers) => {
    const lines = toLines(headers['set-cookie'])
    const current = authenticator.isStillActive(renewal) ? cookies : []
    const added = current.filter(({ name }) => !includesCookie(lines, name)).map(({ line }) => line)
    const all = [...lines, ...added]
    return all.length === 0 ? {} : { ...noStoreFields(headers), 'set-cookie': all }
  })
}

/** For sign-in and log-out, which read or set the cookie without a guard. */
export function createOriginGuard(isSameOrigin: (request: FastifyRequest) => boolean): GuardHook {
  const guard = createGuardHook((request, reply) => {
    setNoStore(reply, 'Cookie')
    return isSafeRequest(request) || isSameOrigin(request) ? null : crossOriginError(request)
  })
  return tagGuard(guard, { carriers: [], scopes: [], isRedirecting: false })
}
