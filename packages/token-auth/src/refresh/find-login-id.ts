import type { Logins } from '@drawbridge/logins'
import { hashFamily, type RefreshTokenFormat } from './refresh-token.ts'

/**
 * The login that a refresh token is of, of whatever generation: to end it, any token that it ever gave is enough. One
 * that has ended is named too, so that a log-out can be repeated (RFC 7009 section 2.2). Null for a token that was not
 * made here, and for one that was made up with a stolen root secret: that lacks the family of the login that it names.
 */
export async function findLoginId(
  { logins, format }: { readonly logins: Pick<Logins, 'resolve'>; readonly format: RefreshTokenFormat },
  presented: string
): Promise<string | null> {
  const token = format.read(presented)
  if (token === null) return null
  const login = await logins.resolve(token.loginId)
  const isSameFamily = login === null || login.refresh?.familyHash === hashFamily(token.family)
  return isSameFamily ? token.loginId : null
}
