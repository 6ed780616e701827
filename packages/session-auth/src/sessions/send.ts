import type { CarriedSession } from '@drawbridge/carrier'
import type { Principal } from '@drawbridge/logins'
import type { CarrierLogins } from '@drawbridge/logins/carrier'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { SessionCookie } from '../cookies/session-cookie.ts'
import { setCookie } from '../cookies/set-cookie.ts'
import { createSnapshot } from '../cookies/snapshot.ts'
import type { SnapshotCookie } from '../cookies/snapshot-cookie.ts'

export interface SendSessionDependencies {
  readonly logins: Pick<CarrierLogins, 'toPrincipal'>
  readonly cookie: SessionCookie
  readonly snapshots: SnapshotCookie
}

/** Sets the cookies of a session with the response, and the principal of the request. */
export function sendSession(
  { logins, cookie, snapshots }: SendSessionDependencies,
  request: FastifyRequest,
  reply: FastifyReply,
  { login, secret, asOf }: CarriedSession,
  isPersistent = false
): Principal {
  const principal = logins.toPrincipal(login, 'session')
  const signed = cookie.sign({ loginId: login.id, secret, isPersistent })
  setCookie(reply, cookie.createLine(signed, isPersistent ? secondsUntil(login.expiresAt, asOf) : undefined))
  const snapshot = createSnapshot(login, principal, asOf)
  for (const line of snapshots.createLines(signed, snapshot)) setCookie(reply, line)
  request.principal = principal
  return principal
}

/** The `Max-Age` of a cookie that lasts as long as its login, whatever its use. @param now ms since the epoch. */
export function secondsUntil(expiresAt: number, now: number): number {
  return Math.max(0, Math.floor((expiresAt - now) / 1000))
}
