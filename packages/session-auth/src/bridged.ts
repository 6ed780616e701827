import { type BridgedSessions, enforceNoStore } from '@drawbridge/carrier'
import type { CarrierLogins } from '@drawbridge/logins/carrier'
import type { FastifyRequest } from 'fastify'
import type { Authenticator } from './authenticate.ts'
import { type RawCookie, readCookies } from './cookies/header.ts'
import type { PositionCookie } from './cookies/position-cookie.ts'
import { createGuardedCarrier, type GuardDependencies } from './guard.ts'
import type { ParsedOptions } from './options.ts'
import { crossOriginError } from './origin.ts'
import { createSecurityScheme } from './security-scheme.ts'
import { carrySession, createDeriveSecrets } from './sessions/carry.ts'
import { endSession } from './sessions/end.ts'
import { findPresentedLogins } from './sessions/presented-logins.ts'
import { revokeOthers } from './sessions/revoke-others.ts'
import { sendSession } from './sessions/send.ts'

interface Dependencies extends GuardDependencies {
  readonly logins: CarrierLogins
  readonly authenticator: Authenticator
  readonly warnOfPlainHttp: (request: FastifyRequest) => void
  readonly positions: PositionCookie
  readonly isSameOrigin: (request: FastifyRequest) => boolean
  readonly options: ParsedOptions
}

/** What a bridge calls. */
export function createBridged(dependencies: Dependencies): BridgedSessions {
  const { authenticator, cookie, logins, options, isSameOrigin } = dependencies
  const carrying = { ...dependencies, derive: createDeriveSecrets(options.secret, cookie.name) }
  const readSession = ({ headers }: FastifyRequest) => readCookies(headers.cookie, cookie.name).session
  return {
    carrier: 'session',
    logins,
    idleTimeoutSeconds: options.idleTimeoutSeconds,
    guarded: createGuardedCarrier(dependencies),
    securityScheme: createSecurityScheme(cookie.name),
    isPresented: (request) => readSession(request) !== undefined,
    mayBeOfOtherUser: (request, loginId) =>
      request.headers.cookie !== undefined && mayBeOfOtherUser(readSession(request), loginId),
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
    revokeOthers: (request, reply) => revokeOthers(dependencies, request, reply, undefined),
    end: (request, reply) => endSession(dependencies, request, reply, { allowCrossOrigin: true })
  }
}

/** Of the tag that all logins of a user begin with: 30 of its 32 bits, in whole characters. */
const TAG_LENGTH = 5

/** Of a cookie that is spelt otherwise it is not known, so that it is read. */
function mayBeOfOtherUser(cookie: RawCookie, loginId: string): boolean {
  if (cookie === undefined) return false
  if (typeof cookie === 'string') return !hasSameTag(cookie, loginId)
  return cookie.some((value) => !hasSameTag(value, loginId))
}

/** A loop: `slice` would make a text for each request. */
function hasSameTag(cookie: string, loginId: string): boolean {
  for (let at = 0; at < TAG_LENGTH; at++) {
    if (cookie.charCodeAt(at) !== loginId.charCodeAt(at)) return false
  }
  return true
}
