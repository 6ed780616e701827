import { type Logins, type Principal } from '@drawbridge/logins'
import {
  ambiguousCredential,
  createProvenLogin,
  deviceOf,
  orUnavailable,
  type ProvenUser,
  readScopes
} from '@drawbridge/logins/fastify'
import { parseOptions } from '@drawbridge/options'
import type { FastifyReply, FastifyRequest } from 'fastify'
import * as v from 'valibot'
import type { SessionAuthenticator } from './authenticate.ts'
import { createPlainHttpWarning } from './cookie-warnings.ts'
import { keepCookiePrivate } from './keep-private.ts'
import type { ParsedOptions } from './options.ts'
import { type OriginOptions, originOptions, refuseCrossOrigin } from './same-origin.ts'
import type { SessionCookie } from './session-cookie.ts'
import { setCookie } from './set-cookie.ts'
import type { SnapshotCookie } from './snapshot-cookie.ts'
import { handleOf, newSecret } from './session-handle.ts'

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
  user: ProvenUser,
  options?: StartSessionOptions
) => Promise<Principal>

interface Parts {
  readonly logins: Logins
  readonly authenticator: SessionAuthenticator
  readonly cookie: SessionCookie
  readonly snapshots: SnapshotCookie
  readonly isSameOrigin: (request: FastifyRequest) => boolean
  readonly options: Pick<ParsedOptions, 'cookie' | 'credentials' | 'idleSeconds' | 'absoluteSeconds' | 'now'>
}

const schema = v.strictObject({ scopes: v.optional(v.unknown(), []), ...originOptions })

export function createStartSession({
  logins,
  authenticator,
  cookie,
  snapshots,
  isSameOrigin,
  options
}: Parts): StartSession {
  const warnOfPlainHttp = createPlainHttpWarning(options.cookie)
  return async (request, reply, user, input) => {
    const { scopes: given, ...origin } = parseOptions('sessionAuth.startSession', schema, input ?? {})
    keepCookiePrivate(reply)
    refuseCrossOrigin(request, isSameOrigin, origin)
    warnOfPlainHttp(request)
    const scopes = readScopes(given, 'startSession: scopes')
    const presented = await orUnavailable(authenticator.provenLogins(request))
    if (presented === null) throw ambiguousCredential('too many session cookies are presented')
    const secret = newSecret()
    const asOf = options.now()
    const { credentials, idleSeconds, absoluteSeconds } = options
    const login = await createProvenLogin(
      { credentials, logins },
      {
        user,
        device: deviceOf(request),
        idleSeconds,
        absoluteSeconds,
        session: handleOf(secret),
        scopes
      }
    )
    for (const loginId of presented.living) await orUnavailable(logins.revoke(loginId))
    const principal = logins.principalOf(login, 'session')
    const signed = cookie.write({ loginId: login.id, secret })
    setCookie(reply, cookie.lineFor(signed))
    const snapshot = authenticator.snapshotOf(login, principal, asOf)
    for (const line of snapshots.linesFor(signed, snapshot)) setCookie(reply, line)
    request.principal = principal
    return principal
  }
}
