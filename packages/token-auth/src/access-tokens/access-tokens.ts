import { OptionError } from '@drawbridge/logins'
import type { LoginWithClaims } from '@drawbridge/logins/carrier'
import {
  type AccessTokenOutcome,
  type AccessTokenRules,
  checkAccessTokenClaims,
  findInvalidClaim,
  isStrictJson,
  type JoseHeader,
  parseCompactJws,
  readAccessTokenHeader
} from '@drawbridge/carrier'
import { createClaims } from './claims.ts'
import type { JwtCodec, JwtCodecs } from '../keys/jwt-codecs.ts'

/** Rules of issued and accepted tokens. */
export interface IssueRules extends AccessTokenRules {
  /** Lifetime of a new token. */
  readonly ttlSeconds: number
}

export interface AccessTokensDependencies {
  readonly codecs: JwtCodecs
  readonly rules: IssueRules
  readonly now: () => number
}

/** A new access token. */
export interface IssuedAccessToken {
  readonly token: string
  readonly expiresInSeconds: number
}

/** A longer token would not be read from a header: see `readBearer` of @drawbridge/carrier. */
const MAX_TOKEN_LENGTH = 7 * 1024

/** Issues and verifies access tokens: JWTs of the profile in RFC 9068. */
export class AccessTokens {
  readonly #dependencies: AccessTokensDependencies

  constructor(dependencies: AccessTokensDependencies) {
    this.#dependencies = dependencies
  }

  /**
   * Null where the login expires within this second, by the whole seconds that a token counts in: its token would be expired
   * on arrival, and a client that goes by `expires_in` would ask for another at once, and so on.
   *
   * @param asOf ms since the epoch: a moment before the store was asked for the login. Its revocation can then only be
   * later, and is remembered for longer than the token is valid, however long the reply of the store took.
   * @param notAfter ms since the epoch: the latest end of the token, where the credential that it is issued for ends before
   * the login.
   * @throws Error for a login that no token can carry, by what the service gave it.
   */
  issue(login: LoginWithClaims, asOf: number, notAfter = Infinity): IssuedAccessToken | null {
    const { codecs, rules } = this.#dependencies
    const claims = createClaims(login, rules, asOf, notAfter)
    if (claims.exp <= claims.iat) return null
    const invalidClaim = findInvalidClaim(claims)
    if (invalidClaim !== null) throw new Error(`no access token can carry this login: claim ${invalidClaim}`)
    const token = codecs.signing.sign(claims)
    if (token.length > MAX_TOKEN_LENGTH)
      throw new OptionError('logins.getClaims must give less: with it the access token would be too long')
    return { token, expiresInSeconds: claims.exp - claims.iat }
  }

  /** Never throws, whatever the token: each fault is a value. */
  verify(token: string): AccessTokenOutcome {
    const { codecs, rules, now } = this.#dependencies
    const jws = parseCompactJws(token, codecs.headers)
    if (jws === null) return failed('not a JWS in compact form')
    const codec = this.#selectCodec(jws.header)
    if (typeof codec === 'string') return failed(codec)
    // Parsed by the library, and not here again, which costs time (bench, `token-guard-cold-hs256`).
    const payload = verifyPayload(token, codec)
    if (payload === null) return failed('the signature is not valid')
    if (!isStrictJson(jws.payload, payload)) return failed('the payload is not a JSON object')
    return checkAccessTokenClaims(payload, rules, now())
  }

  /** The key that a header names, or what is wrong with the header. */
  #selectCodec(header: JoseHeader): JwtCodec | string {
    const usual = this.#dependencies.codecs.byHeader.get(header)
    if (usual !== undefined) return usual
    const named = readAccessTokenHeader(header)
    if (typeof named === 'string') return named
    const codec = this.#dependencies.codecs.byKid.get(named.kid)
    if (codec === undefined) return 'signed by a key that is not in the ring'
    return codec.alg === named.alg ? codec : 'of another algorithm than its key'
  }
}

/** @fastify/jwt throws for a token that it rejects, and errors of many kinds for one that it cannot read: null for all. */
function verifyPayload(token: string, codec: JwtCodec): object | null {
  try {
    return codec.verify(token)
  } catch {
    return null
  }
}

function failed(reason: string): AccessTokenOutcome {
  return { ok: false, reason }
}
