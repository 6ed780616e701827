import type { Principal } from '@drawbridge/logins'
import type { CarrierLogins } from '@drawbridge/logins/carrier'
import {
  ambiguousCredential,
  createLoginForUser,
  deviceFrom,
  enforceNoStore,
  type FollowerSlot,
  parseSignInClaims,
  refuseKey,
  type SignInClaims,
  signInClaimsEntries,
  revokeOnError,
  type UnsentLogin,
  type UnsentLogins,
  verifiedSignInEntries,
  type VerifiedSignIn
} from '@drawbridge/carrier'
import { OptionError, parseOptions } from '@drawbridge/options'
import type { FastifyReply, FastifyRequest } from 'fastify'
import * as v from 'valibot'
import type { ParsedOptions } from '../options.ts'
import { type OriginOptions, originEntries, rejectCrossOrigin } from '../origin.ts'
import type { SessionCookie } from '../cookies/session-cookie.ts'
import { includesCookie, toLines, withdrawCookie } from '../cookies/set-cookie.ts'
import type { SnapshotCookie } from '../cookies/snapshot-cookie.ts'
import { toStoredSecret, newSecret } from '../cookies/session-secret.ts'
import { checkDataNames } from '../session-data/store.ts'
import { findPresentedLogins } from './presented-logins.ts'
import { sendSession } from './send.ts'
import type { Successors } from './successors.ts'

/** Input of `startSession`. */
export interface StartSessionInput extends VerifiedSignIn, OriginOptions, SignInClaims {
  /** Whether the cookie survives the browser, with the limits of the option `remember`. Default false. */
  readonly remember?: boolean
}

export interface StartSessionDependencies {
  readonly logins: CarrierLogins
  readonly cookie: SessionCookie
  readonly snapshots: SnapshotCookie
  readonly successors: Successors
  readonly isSameOrigin: (request: FastifyRequest) => boolean
  readonly warnOfPlainHttp: (request: FastifyRequest) => void
  readonly following: FollowerSlot
  readonly unsent: UnsentLogins
  readonly options: Pick<
    ParsedOptions,
    'credentials' | 'idleTimeoutSeconds' | 'absoluteTimeoutSeconds' | 'remember' | 'now'
  >
}

const schema = v.strictObject({
  ...verifiedSignInEntries,
  ...originEntries,
  ...signInClaimsEntries,
  remember: v.optional(v.boolean('must be true or false'), false)
})

/**
 * See `SessionAuth.startSession`.
 *
 * @param prepare what must succeed before the client gets the session.
 */
export async function startSession(
  dependencies: StartSessionDependencies,
  request: FastifyRequest,
  reply: FastifyReply,
  input: StartSessionInput,
  prepare: (principal: Principal) => void | Promise<void> = () => {}
): Promise<Principal> {
  const { logins, cookie, snapshots, successors, isSameOrigin, options } = dependencies
  refuseKey(request.principal)
  const { user, passwordStamp, remember, ...parsed } = parseOptions('sessionAuth.startSession', schema, input)
  const { idleTimeoutSeconds, absoluteTimeoutSeconds } = selectLimits(options, remember)
  enforceNoStore(reply)
  rejectCrossOrigin(request, isSameOrigin, parsed)
  dependencies.warnOfPlainHttp(request)
  const claims = parseSignInClaims(parsed, 'startSession')
  checkDataNames(claims.data ?? {}, 'startSession: data')
  const presented = await findPresentedLogins({ cookie, logins, successors }, request)
  if (presented === null) throw ambiguousCredential('too many session cookies are presented')
  const secret = newSecret()
  const asOf = options.now()
  const login = await createLoginForUser(
    { credentials: options.credentials, logins },
    { user, passwordStamp },
    {
      device: deviceFrom(request),
      idleTimeoutSeconds,
      absoluteTimeoutSeconds,
      session: toStoredSecret(secret),
      ...claims
    }
  )
  return revokeOnError(logins, login, async () => {
    await prepare(logins.toPrincipal(login, 'session'))
    await dependencies.following.follower?.beforeSignIn(request, reply, login)
    for (const { id } of [...presented.active, ...presented.replaced])
      await logins.revoke(id, { by: 'user', reason: 'sign-in' })
    dependencies.unsent.add(request, createUnsent(dependencies, login.id), reply)
    return sendSession({ logins, cookie, snapshots }, request, reply, { login, secret, asOf }, remember)
  })
}

/** A response that has a cookie of our name has this session: a hook of the service may give it other attributes. */
function createUnsent(
  { cookie, snapshots }: Pick<StartSessionDependencies, 'cookie' | 'snapshots'>,
  loginId: string
): UnsentLogin {
  return {
    loginId,
    isIn: (_statusCode, headers) => includesCookie(toLines(headers['set-cookie']), cookie.name),
    withdraw: (reply) => {
      withdrawCookie(reply, cookie.name)
      snapshots.withdraw(reply)
    }
  }
}

type Limits = Pick<ParsedOptions, 'idleTimeoutSeconds' | 'absoluteTimeoutSeconds'>

function selectLimits(options: StartSessionDependencies['options'], remember: boolean): Limits {
  if (!remember) return options
  if (options.remember !== null) return options.remember
  throw new OptionError('sessionAuth.startSession: remember needs the option sessionAuth.remember')
}
