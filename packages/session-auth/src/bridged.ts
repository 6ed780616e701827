import { type BridgedSessions, enforceNoStore, installFollower } from '@drawbridge/carrier'
import { type CarrierLogins, LOGIN_ID_PREFIX_LENGTH } from '@drawbridge/logins/carrier'
import type { FastifyRequest } from 'fastify'
import type { Authenticator } from './authenticate.ts'
import { readCookies } from './cookies/header.ts'
import type { PositionCookie } from './cookies/position-cookie.ts'
import { createSnapshot } from './cookies/snapshot.ts'
import { createGuardedCarrier, type GuardDependencies, renewSession } from './guard.ts'
import type { ParsedOptions } from './options.ts'
import { crossOriginError } from './origin.ts'
import { createSecuritySchemes } from './security-schemes.ts'
import { carrySession, createDeriveSecrets } from './sessions/carry.ts'
import { createDeriveSession } from './sessions/derive.ts'
import { endSession } from './sessions/end.ts'
import { findPresentedLogins } from './sessions/presented-logins.ts'
import { reauthenticate } from './sessions/reauthenticate.ts'
import { revokeOthers } from './sessions/revoke-others.ts'
import { sendSession } from './sessions/send.ts'
import type { Successors } from './sessions/successors.ts'

interface Dependencies extends GuardDependencies {
  readonly logins: CarrierLogins
  readonly authenticator: Authenticator
  readonly warnOfPlainHttp: (request: FastifyRequest) => void
  readonly positions: PositionCookie
  readonly successors: Successors
  readonly isSameOrigin: (request: FastifyRequest) => boolean
  readonly options: ParsedOptions
}

/** What a bridge calls. */
export function createBridged(dependencies: Dependencies): BridgedSessions {
  const { authenticator, cookie, logins, options, isSameOrigin, following } = dependencies
  const carrying = { ...dependencies, derive: createDeriveSecrets(options.secret, cookie.name) }
  return {
    carrier: 'session',
    logins,
    credentials: options.credentials,
    idleTimeoutSeconds: options.idleTimeoutSeconds,
    absoluteTimeoutSeconds: options.absoluteTimeoutSeconds,
    guarded: createGuardedCarrier(dependencies),
    securitySchemes: createSecuritySchemes(cookie),
    isPresented: ({ headers }) => readCookies(headers.cookie, cookie.name).session !== undefined,
    mayBeOfOtherUser: ({ headers }, loginId) =>
      headers.cookie !== undefined && mayBeOfOtherUser(headers.cookie, cookie.name, loginId),
    identify: (request, policy) => authenticator.identify(request, { ...policy, countsAsUse: false }),
    isSameOrigin,
    crossOriginError,
    present: (request) => authenticator.present(request),
    listPresented: async (request) => (await findPresentedLogins(dependencies, request))?.active ?? null,
    carry: (token, login) => carrySession(carrying, token, login),
    send: (request, reply, session) => {
      enforceNoStore(reply)
      dependencies.warnOfPlainHttp(request)
      return sendSession(dependencies, request, reply, session)
    },
    deriveSession: createDeriveSession(options.secret, cookie.name),
    sendLater: (reply, { login, secret, asOf }) => {
      const content = { loginId: login.id, secret, isPersistent: false }
      const { expiresAt } = login
      const snapshot = createSnapshot(login, logins.toPrincipal(login, 'session'), asOf)
      const renewal = { content, signed: cookie.sign(content), isOutdated: true, snapshot, expiresAt, asOf }
      renewSession(dependencies, reply, renewal, true)
    },
    follow: (follower) => installFollower('sessionAuth', following, follower),
    hasSecret: (secret) => options.secret.includes(secret),
    revokeOthers: (request, reply, cause) => revokeOthers(dependencies, request, reply, cause),
    reauthenticate: (request, reply, verified) => reauthenticate(dependencies, request, reply, verified),
    end: (request, reply) => endSession(dependencies, request, reply, { allowCrossOrigin: true })
  }
}

const [EQUALS, HYPHEN] = [0x3d, 0x2d]

/**
 * Whether a Cookie header may have a session of another user than that of the login: a search for the name, without reading
 * the header. What is spelt otherwise than browsers do may be, and is then read; after a hyphen the cookie is another of ours.
 */
function mayBeOfOtherUser(header: string, name: string, loginId: string): boolean {
  for (let at = header.indexOf(name); at !== -1; at = header.indexOf(name, at)) {
    at += name.length
    const code = header.charCodeAt(at)
    if (code !== HYPHEN && (code !== EQUALS || !hasSamePrefix(header, at + 1, loginId))) return true
  }
  return false
}

/** A loop: `slice` would make a text for each request. */
function hasSamePrefix(header: string, from: number, loginId: string): boolean {
  for (let at = 0; at < LOGIN_ID_PREFIX_LENGTH; at++) {
    if (header.charCodeAt(from + at) !== loginId.charCodeAt(at)) return false
  }
  return true
}
