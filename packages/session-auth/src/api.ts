import {
  authenticate,
  createGuard,
  createSecondFactorFlow,
  createVerifyPassword,
  type FollowerSlot,
  offerBridged,
  parseRoutePolicy,
  UnsentLogins
} from '@drawbridge/carrier'
import { Authenticator } from './authenticate.ts'
import { createPositionCookie } from './cookies/position-cookie.ts'
import { createSessionCookie } from './cookies/session-cookie.ts'
import { createSnapshotCookie } from './cookies/snapshot-cookie.ts'
import { createPlainHttpWarning } from './cookies/warnings.ts'
import { createBridged } from './bridged.ts'
import { createOriginGuard } from './guard.ts'
import { createSigningPurpose, type ParsedOptions } from './options.ts'
import { createOriginCheck, rejectCrossOrigin } from './origin.ts'
import { createSessionData } from './session-data/session-data.ts'
import { endSession } from './sessions/end.ts'
import { reauthenticate } from './sessions/reauthenticate.ts'
import { revokeOthers } from './sessions/revoke-others.ts'
import { createSignIn, type SignIn } from './sessions/sign-in.ts'
import { startSession } from './sessions/start.ts'
import { createSuccessors } from './sessions/successors.ts'
import type { SessionAuth } from './types.ts'

export interface SessionAuthApi {
  /** What the plugin adds to the application. */
  readonly sessionAuth: SessionAuth
  /** For the routes. */
  readonly signIn: SignIn
  /** What the plugin notices failed responses by. */
  readonly unsent: UnsentLogins
}

/** Creates what the plugin adds to the application, and what only its routes use. */
export function createApi(options: ParsedOptions): SessionAuthApi {
  const { logins } = options
  const cookie = createSessionCookie(options)
  const snapshots = createSnapshotCookie(options)
  const positions = createPositionCookie(options, logins)
  const isSameOrigin = createOriginCheck(options)
  const { now } = options
  const authenticator = new Authenticator({ logins, cookie, snapshots, positions, isSameOrigin, now })
  const warnOfPlainHttp = createPlainHttpWarning(options.cookie)
  const successors = createSuccessors(options.secret, cookie.name)
  const following: FollowerSlot = { follower: undefined }
  const unsent = new UnsentLogins(logins)
  const dependencies = {
    logins,
    unsent,
    following,
    authenticator,
    cookie,
    snapshots,
    positions,
    successors,
    isSameOrigin,
    warnOfPlainHttp,
    options
  }
  const bridged = createBridged(dependencies)
  const guard = createGuard('sessionAuth', bridged.guarded, logins)
  const api: SessionAuth = {
    guard,
    authenticate: (request, policy) =>
      authenticate(bridged.guarded, request, parseRoutePolicy('sessionAuth.authenticate', policy, logins)),
    requireSameOrigin: createOriginGuard(isSameOrigin),
    startSession: (request, reply, input) => startSession(dependencies, request, reply, input),
    reauthenticate: (request, reply, input) => reauthenticate(dependencies, request, reply, input),
    verifyPassword: createVerifyPassword('sessionAuth.verifyPassword', options, (request) =>
      rejectCrossOrigin(request, isSameOrigin, { allowCrossOrigin: false })
    ),
    pendingLogins: createSecondFactorFlow({
      ...options,
      unsent,
      secrets: options.secret,
      identity: createSigningPurpose(options)
    }),
    endSession: async (request, reply, input) => {
      await endSession(dependencies, request, reply, input)
    },
    revokeOthers: (request, reply, input) => revokeOthers(dependencies, request, reply, input),
    sessionData: createSessionData({ logins, successors }, cookie, guard, following)
  }
  return { sessionAuth: offerBridged(api, bridged), signIn: createSignIn(dependencies), unsent }
}
