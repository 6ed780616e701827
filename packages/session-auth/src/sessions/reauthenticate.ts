import {
  type CredentialsVerifier,
  enforceNoStore,
  failedAuthentication,
  reauthenticateLogin,
  refuseKey,
  reauthenticationEntries,
  type Reauthentication
} from '@drawbridge/carrier'
import type { Login, LoginChange, Principal } from '@drawbridge/logins'
import type { CarrierLogins } from '@drawbridge/logins/carrier'
import { parseOptions } from '@drawbridge/options'
import type { FastifyReply, FastifyRequest } from 'fastify'
import * as v from 'valibot'
import { COOKIE_FAILURES } from '../authenticate.ts'
import { readCookies } from '../cookies/header.ts'
import type { SessionCookie } from '../cookies/session-cookie.ts'
import { type SessionCookieValue, toStoredSecret, verifySecret } from '../cookies/session-secret.ts'
import type { SnapshotCookie } from '../cookies/snapshot-cookie.ts'
import { toHttpError } from '../errors.ts'
import { type OriginOptions, originEntries, rejectCrossOrigin } from '../origin.ts'
import { sendSession } from './send.ts'
import type { Successors } from './successors.ts'

/** Input of `reauthenticate`. */
export interface ReauthenticateInput extends Reauthentication, OriginOptions {}

export interface ReauthenticateDependencies {
  readonly logins: CarrierLogins
  readonly cookie: SessionCookie
  readonly snapshots: SnapshotCookie
  readonly successors: Successors
  readonly isSameOrigin: (request: FastifyRequest) => boolean
  readonly warnOfPlainHttp: (request: FastifyRequest) => void
  readonly options: { readonly credentials: CredentialsVerifier; readonly now: () => number }
}

const schema = v.strictObject({ ...reauthenticationEntries, ...originEntries })

/** See `SessionAuth.reauthenticate`. */
export async function reauthenticate(
  dependencies: ReauthenticateDependencies,
  request: FastifyRequest,
  reply: FastifyReply,
  input: ReauthenticateInput
): Promise<Principal> {
  const { logins, cookie, options } = dependencies
  refuseKey(request.principal)
  const { user, passwordStamp, dropOther, ...parsed } = parseOptions(
    'sessionAuth.reauthenticate',
    schema,
    input
  )
  enforceNoStore(reply)
  rejectCrossOrigin(request, dependencies.isSameOrigin, parsed)
  dependencies.warnOfPlainHttp(request)
  const presented = cookie.verify(readCookies(request.headers.cookie, cookie.name).session)
  if (typeof presented === 'string') throw toHttpError(COOKIE_FAILURES[presented])
  const { content } = presented
  const asOf = options.now()
  let secret = ''
  const signIn = { user, passwordStamp }
  const login = await reauthenticateLogin(
    { credentials: options.credentials, logins },
    content.loginId,
    signIn,
    async (found) => {
      const next = selectSecret(dependencies, content, found)
      if (next === undefined) return null
      secret = next
      const change = { session: toChange(content, next), dropOther }
      return { login: await logins.withClaims(found), change }
    }
  )
  if (login === null)
    throw toHttpError(
      failedAuthentication(
        'invalid',
        'the login is not active, or the session cookie is not its',
        content.loginId
      )
    )
  return sendSession(dependencies, request, reply, { login, secret, asOf }, content.isPersistent)
}

/**
 * The next secret. Also for a cookie that is worthless since a request before: its response may have been lost, and the user
 * has authenticated for this one too.
 */
function selectSecret(
  { logins, successors }: Pick<ReauthenticateDependencies, 'logins' | 'successors'>,
  content: SessionCookieValue,
  { session }: Login
): string | undefined {
  const now = logins.now()
  return verifySecret(content.secret, session, now)
    ? successors.create(content)
    : successors.find(content, session, now)
}

function toChange({ secret }: SessionCookieValue, next: string): Required<LoginChange>['session'] {
  return { ...toStoredSecret(next), replaces: toStoredSecret(secret).secretHash }
}
