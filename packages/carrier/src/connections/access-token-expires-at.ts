import { readBearer } from '../bearer.ts'
import { parseJsonObject } from '../compact-jws.ts'

/** What is read of a request. */
interface RequestWithHeaders {
  readonly headers: { readonly authorization?: string | undefined }
}

/**
 * When an access token expires, ms since the epoch, for `expiresAt` of `logins.signalOf`: of the one that a request presents, or of one
 * that came in a message. Undefined where there is none, such as behind a guard that takes cookies too.
 *
 * It verifies nothing: only for a request that a guard has let through, or a token that `verify` has accepted.
 *
 * @example
 * const expiresAt = accessTokenExpiresAt(request)
 * const signal = logins.signalOf(principalOf(request), { until: reply.raw, expiresAt })
 */
export function accessTokenExpiresAt(source: RequestWithHeaders | string): number | undefined {
  const header = typeof source === 'string' ? `Bearer ${source}` : source.headers.authorization
  const bearer = readBearer(header)
  if (bearer.kind !== 'token') return undefined
  const payload = bearer.token.split('.')[1]
  const exp = payload === undefined ? undefined : parseJsonObject(Buffer.from(payload, 'base64url'))?.exp
  return typeof exp === 'number' ? exp * 1000 : undefined
}
