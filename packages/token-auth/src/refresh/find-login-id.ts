import type { CarrierLogins } from '@drawbridge/logins/carrier'
import { hashFamily, type RefreshTokenFormat } from './refresh-token.ts'

/**
 * The id of the login of a refresh token of any generation: any token that a login ever had is enough to revoke it. Also of
 * a login that is not active any more, so that a log-out can be repeated (RFC 7009 section 2.2). Null for a token that this
 * service did not make, and for one made with a stolen root secret, which lacks the family of the login that it names. A pending
 * login has none.
 */
export async function findLoginId(
  {
    logins,
    format
  }: {
    readonly logins: Pick<CarrierLogins, 'resolve' | 'resolvePending'>
    readonly format: RefreshTokenFormat
  },
  presented: string
): Promise<string | null> {
  const token = format.read(presented)
  if (token === null) return null
  const login = (await logins.resolve(token.loginId)) ?? (await logins.resolvePending(token.loginId))
  const isSameFamily = login === null || login.refresh?.familyHash === hashFamily(token.family)
  return isSameFamily ? token.loginId : null
}
