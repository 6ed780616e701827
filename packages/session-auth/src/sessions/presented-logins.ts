import type { Login } from '@drawbridge/logins'
import type { CarrierLogins } from '@drawbridge/logins/carrier'
import type { FastifyRequest } from 'fastify'
import { readCookies } from '../cookies/header.ts'
import type { SessionCookie } from '../cookies/session-cookie.ts'
import { verifySecret } from '../cookies/session-secret.ts'
import type { Successors } from './successors.ts'

/** The logins that the cookies of a request belong to. */
export interface PresentedLogins {
  readonly active: readonly Login[]
  /** Those that had the cookie until their users authenticated again: it is good for nothing but to revoke them. */
  readonly replaced: readonly Login[]
  /** Of cookies that we issued, where the store has no such login any more. */
  readonly removed: readonly string[]
}

/**
 * Asks the store for the login of each cookie of our name, whatever secret signed it: the hash in the record proves the cookie,
 * also where this node does not know the secret that another node signed with. To revoke logins, and for nothing else.
 * Null where there are too many cookies to ask about; rejects when the store is down.
 */
export async function findPresentedLogins(
  {
    cookie,
    logins,
    successors
  }: {
    readonly cookie: SessionCookie
    readonly logins: Pick<CarrierLogins, 'resolve' | 'resolvePending' | 'now'>
    readonly successors: Successors
  },
  { headers }: FastifyRequest
): Promise<PresentedLogins | null> {
  const values = cookie.decodeAll(readCookies(headers.cookie, cookie.name).session)
  if (values === null) return null
  const [active, replaced, removed]: [Login[], Login[], string[]] = [[], [], []]
  for (const { loginId, secret, isSigned } of values) {
    // A cookie that was made with a stolen root secret may name a login that is pending, and has none.
    const login = (await logins.resolve(loginId)) ?? (await logins.resolvePending(loginId))
    const now = logins.now()
    if (login === null && isSigned) removed.push(loginId)
    if (login === null) continue
    if (verifySecret(secret, login.session, now)) active.push(login)
    else if (successors.find({ loginId, secret }, login.session, now) !== undefined) replaced.push(login)
  }
  return { active, replaced, removed }
}
