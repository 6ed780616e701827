import { type Logins, type Principal } from '@drawbridge/logins'
import { createProvenLogin, deviceOf, orUnavailable, type ProvenUser } from '@drawbridge/logins/fastify'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { SessionAuthenticator } from './authenticate.ts'
import { refusal } from './guard.ts'
import { keepCookiePrivate } from './keep-private.ts'
import type { ParsedOptions } from './options.ts'
import type { SessionCookie } from './session-cookie.ts'
import type { SnapshotCookie } from './snapshot-cookie.ts'
import { handleOf, newSecret } from './session-handle.ts'

export interface StartSessionOptions {
  readonly scopes?: readonly string[]
}

/**
 * Signs a user in whose credentials were just proven: a new login, a new handle, and the end of the login that the
 * request came with, so that a planted cookie gains nothing (ASVS 5.0 7.2.4, session fixation). A user with a `proof` is
 * asked about once more. Throws the 400, 401 or 503 to answer with.
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
  readonly options: Pick<
    ParsedOptions,
    'credentials' | 'idleSeconds' | 'absoluteSeconds' | 'snapshotSeconds' | 'now'
  >
}

export function createStartSession({
  logins,
  authenticator,
  cookie,
  snapshots,
  options
}: Parts): StartSession {
  const warnOfPlainHttp = createPlainHttpWarning(cookie)
  return async (request, reply, user, { scopes = [] } = {}) => {
    keepCookiePrivate(reply)
    warnOfPlainHttp(request)
    const presented = await orUnavailable(authenticator.resolve(request))
    if (!presented.ok && presented.reason === 'ambiguous') throw refusal(presented)
    const secret = newSecret()
    const asOf = options.now()
    const { credentials, absoluteSeconds } = options
    const login = await createProvenLogin(
      { credentials, logins },
      {
        user,
        device: deviceOf(request),
        idleSeconds: idleSecondsOf(options),
        absoluteSeconds,
        session: handleOf(secret),
        scopes
      }
    )
    if (presented.ok) await orUnavailable(logins.revoke(presented.principal.loginId))
    const principal = logins.principalOf(login, 'session')
    const signed = cookie.set(reply, { loginId: login.id, secret })
    snapshots.set(reply, signed, authenticator.snapshotOf(login, principal, asOf))
    request.principal = principal
    return principal
  }
}

/** The store hears of a session's use when its snapshot is renewed, and so that much later. */
function idleSecondsOf({ idleSeconds, snapshotSeconds }: Parts['options']): number {
  return idleSeconds === 0 ? 0 : idleSeconds + snapshotSeconds
}

const LOOPBACK = /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/

/**
 * A browser drops a Secure cookie that comes over plain http, and the user seems not to be logged in. The cookie is
 * sent all the same: behind a proxy that ends TLS the connection only looks like plain http.
 */
function createPlainHttpWarning({ attributes }: SessionCookie): (request: FastifyRequest) => void {
  let isSaid = !attributes.secure
  return (request) => {
    if (isSaid || request.protocol === 'https' || LOOPBACK.test(request.host)) return
    isSaid = true
    request.log.warn(
      'a Secure session cookie was set over what seems to be plain http, where browsers drop it; behind a proxy that ends TLS, set trustProxy'
    )
  }
}
