import { type Logins, type Principal } from '@drawbridge/logins'
import {
  ambiguousCredential,
  createLoginForUser,
  deviceFrom,
  orUnavailable,
  type AuthenticatedUser,
  parseScopes
} from '@drawbridge/carrier'
import { parseOptions } from '@drawbridge/options'
import type { FastifyReply, FastifyRequest } from 'fastify'
import * as v from 'valibot'
import type { Authenticator } from '../authenticate.ts'
import { createPlainHttpWarning } from '../cookies/warnings.ts'
import { enforceNoStore } from '../no-store.ts'
import type { ParsedOptions } from '../options.ts'
import { type OriginOptions, originEntries, rejectCrossOrigin } from '../origin.ts'
import type { SessionCookie } from '../cookies/session-cookie.ts'
import { setCookie } from '../cookies/set-cookie.ts'
import type { SnapshotCookie } from '../cookies/snapshot-cookie.ts'
import { toStoredSecret, newSecret } from '../cookies/session-secret.ts'

export interface StartSessionOptions extends OriginOptions {
  readonly scopes?: readonly string[]
}

/**
 * Signs a user in whose credentials were just proven: a new login, a new handle, and the end of each login that the
 * request came with, so that a planted cookie gains nothing (ASVS 5.0 7.2.4, session fixation). A user with a `proof` is
 * asked about once more. Throws the 400, 401, 403 or 503 to answer with.
 */
export type StartSession = (
  request: FastifyRequest,
  reply: FastifyReply,
  user: AuthenticatedUser,
  options?: StartSessionOptions
) => Promise<Principal>

interface Dependencies {
  readonly logins: Logins
  readonly authenticator: Authenticator
  readonly cookie: SessionCookie
  readonly snapshots: SnapshotCookie
  readonly isSameOrigin: (request: FastifyRequest) => boolean
  readonly options: Pick<
    ParsedOptions,
    'cookie' | 'credentials' | 'idleTimeoutSeconds' | 'absoluteTimeoutSeconds' | 'now'
  >
}

const schema = v.strictObject({ scopes: v.optional(v.unknown(), []), ...originEntries })

export function createStartSession({
  logins,
  authenticator,
  cookie,
  snapshots,
  isSameOrigin,
  options
}: Dependencies): StartSession {
  const warnOfPlainHttp = createPlainHttpWarning(options.cookie)
  return async (request, reply, user, input) => {
    const { scopes: givenScopes, ...origin } = parseOptions('sessionAuth.startSession', schema, input ?? {})
    enforceNoStore(reply)
    rejectCrossOrigin(request, isSameOrigin, origin)
    warnOfPlainHttp(request)
    const scopes = parseScopes(givenScopes, 'startSession: scopes')
    const presented = await orUnavailable(authenticator.findPresentedLogins(request))
    if (presented === null) throw ambiguousCredential('too many session cookies are presented')
    const secret = newSecret()
    const asOf = options.now()
    const { credentials, idleTimeoutSeconds, absoluteTimeoutSeconds } = options
    const login = await createLoginForUser(
      { credentials, logins },
      {
        user,
        device: deviceFrom(request),
        idleTimeoutSeconds,
        absoluteTimeoutSeconds,
        session: toStoredSecret(secret),
        scopes
      }
    )
    for (const loginId of presented.active) await orUnavailable(logins.revoke(loginId))
    const principal = logins.toPrincipal(login, 'session')
    const signed = cookie.sign({ loginId: login.id, secret })
    setCookie(reply, cookie.createLine(signed))
    const snapshot = authenticator.createSnapshot(login, principal, asOf)
    for (const line of snapshots.createLines(signed, snapshot)) setCookie(reply, line)
    request.principal = principal
    return principal
  }
}
