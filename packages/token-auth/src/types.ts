import type { Logins, RootSecret } from '@drawbridge/logins'
import type { CredentialsVerifier, Guards, SecondFactorFlow, AuthenticatedUser } from '@drawbridge/carrier'
import type { FastifyRequest } from 'fastify'
import type { Authenticate } from './authenticate.ts'
import type { KeyRingJwk } from './keys/jwk.ts'
import type { PublicJwkSet } from './keys/jwks.ts'

export interface TokenAuthOptions {
  readonly credentials: CredentialsVerifier
  readonly logins: Logins
  /** A JWK Set or a list of JWKs: the first signs and is private, all verify. */
  readonly keys: { readonly keys: readonly KeyRingJwk[] } | readonly KeyRingJwk[]
  /**
   * Root secret of refresh tokens and of the tickets of pending logins, or several: the first signs, all verify.
   * Default: one derived from each private key of `keys`; a key that has left the ring then takes the refresh tokens
   * made under it with it.
   */
  readonly secret?: RootSecret
  /** Where the routes are. Default `/token`. */
  readonly prefix?: string
  /** `false`: no routes, the key set's included; the verbs alone. */
  readonly routes?: boolean
  /**
   * Where the public keys are, below the prefix of the scope that the plugin is registered in. Default
   * `/.well-known/jwks.json`; `false` for nowhere.
   */
  readonly jwksPath?: string | false
  /** What our routes are filed under in an OpenAPI document; an empty list for nothing. Default `['token']`. */
  readonly tags?: readonly string[]
  /** `iss` of the tokens, issued and required. Default `drawbridge`. */
  readonly issuer?: string
  /** `aud` of the tokens, issued and required. Default `drawbridge`. */
  readonly audience?: string
  /** 1 to 3600. Default 600. */
  readonly accessTokenTtlSeconds?: number
  /** A login ends when it has not been refreshed for so long; 0 for no such limit. Default 14 days. */
  readonly refreshIdleTimeoutSeconds?: number
  /** A login ends so long after it was made, whatever is done with it. Default 30 days. */
  readonly refreshAbsoluteTimeoutSeconds?: number
  /** So long after a rotation the replaced token still gives the same successor. 0 to 300. Default 10. */
  readonly refreshGraceSeconds?: number
  /** How far the clocks of two nodes may be apart. 0 to 60. Default 5. */
  readonly clockSkewSeconds?: number
  /** How long a log-in waits for its second factor, seconds, 30 to 3600. Default 300. */
  readonly secondFactorTimeoutSeconds?: number
  /** The scopes of a new login, where `issueTokens` is given none. Default: none. */
  readonly getScopes?: (user: AuthenticatedUser) => readonly string[]
  /** ms since the epoch. Default: that of `logins`, the same on all nodes. */
  readonly now?: () => number
}

/** What a log-in and a refresh are answered with (RFC 6749 section 5.1, but that `token` is the access token). */
export interface TokenResponse {
  /** The access token. */
  readonly token: string
  readonly token_type: 'Bearer'
  /** Seconds that the access token is good for. */
  readonly expires_in: number
  readonly refresh_token: string
}

/** What a refresh token was worth. `reason` is for the service's own eyes: to a client all are one. */
export type RefreshOutcome =
  | {
      readonly ok: true
      readonly loginId: string
      readonly repeated: boolean
      readonly response: TokenResponse
    }
  | { readonly ok: false; readonly reason: 'forged' | 'unknown' | 'reused' }

/** `app.tokenAuth`. What it rejects with is an answer: 503 when the store is down. */
export interface TokenAuth extends Guards {
  /** Who makes the request, without answering it. A promise only where the store must be asked. */
  readonly authenticate: Authenticate
  /**
   * Makes a login for a user whose credentials were shown just now, and its first tokens. A user with a `proof` is asked
   * about once more; throws the 401 where it no longer holds.
   */
  issueTokens(
    request: FastifyRequest,
    user: AuthenticatedUser,
    options?: { readonly scopes?: readonly string[] }
  ): Promise<TokenResponse>
  /** For log-in routes of your own: log-ins that wait for a second factor. */
  readonly pendingLogins: SecondFactorFlow
  /** Replaces a refresh token. A reused one has ended its login when this resolves. */
  refresh(refreshToken: string): Promise<RefreshOutcome>
  /** Ends a login, whatever carries it. @returns whether it was alive. */
  revoke(loginId: string): Promise<boolean>
  /** The public keys. */
  readonly jwks: PublicJwkSet
}

declare module 'fastify' {
  interface FastifyInstance {
    tokenAuth: TokenAuth
  }
}
