import type { JoseHeader } from '../compact-jws.ts'

/** What the header of an access token names. */
export interface AccessTokenHeader {
  readonly alg: string
  readonly kid: string
}

const HEADER_MEMBERS: ReadonlySet<string> = new Set(['alg', 'kid', 'typ'])

/** RFC 9068 section 4; media types ignore case (RFC 2045 section 5.1). */
const ACCESS_TOKEN_TYPE = /^(?:application\/)?at\+jwt$/i

/**
 * What a header names, or what is wrong with it. The header of our tokens has three members. Any other is rejected, known or
 * not: `crit` and `b64` change what is signed, `jwk`, `jku` and `x5u` offer a key, `zip` and `enc` belong to another format
 * (RFC 8725 sections 3.6 and 3.10).
 */
export function readAccessTokenHeader(header: JoseHeader): AccessTokenHeader | string {
  const { alg, kid, typ } = header
  if (Object.keys(header).some((name) => !HEADER_MEMBERS.has(name))) return 'a header member that is not ours'
  if (typeof alg !== 'string' || typeof kid !== 'string') return 'no alg or no kid'
  if (typeof typ !== 'string' || !ACCESS_TOKEN_TYPE.test(typ)) return 'not typed as an access token'
  return { alg, kid }
}
