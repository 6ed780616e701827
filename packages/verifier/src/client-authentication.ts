import { randomUUID } from 'node:crypto'
import { SignJWT } from 'jose'
import type { ClientKey } from './keys/client-key.ts'

/** What authenticates one request of a client: headers, and parameters of its form. */
export interface ClientCredentials {
  readonly headers: Readonly<Record<string, string>>
  readonly form: Readonly<Record<string, string>>
}

/** To be called for each request: an assertion is valid once. */
export type AuthenticateClient = () => Promise<ClientCredentials>

/** Options of {@link authenticateByKey}. */
export interface AssertionOptions {
  readonly clientId: string
  readonly key: ClientKey
  /** The issuer, for which alone an assertion is. */
  readonly audience: string
  /** ms since the epoch. */
  readonly now: () => number
}

/** `client_secret_basic` (RFC 6749 section 2.3.1). */
export function authenticateBySecret(clientId: string, clientSecret: string): AuthenticateClient {
  const pair = [clientId, clientSecret].map(encodeURIComponent).join(':')
  const headers = { authorization: `Basic ${Buffer.from(pair).toString('base64')}` }
  return async () => ({ headers, form: {} })
}

/** The clocks of issuer and service may be apart by as much, and no more (`clockSkewSeconds`). */
const LIFETIME_SECONDS = 60

/** `private_key_jwt`: the client signs an assertion (RFC 7523 sections 2.2 and 3). */
export function authenticateByKey({ clientId, key, audience, now }: AssertionOptions): AuthenticateClient {
  return async () => {
    const issuedAt = Math.floor(now() / 1000)
    const assertion = await new SignJWT()
      .setProtectedHeader({ alg: key.alg, kid: key.kid, typ: 'JWT' })
      .setIssuer(clientId)
      .setSubject(clientId)
      .setAudience(audience)
      .setJti(randomUUID())
      .setIssuedAt(issuedAt)
      .setExpirationTime(issuedAt + LIFETIME_SECONDS)
      .sign(key.signing)
    const form = {
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: assertion
    }
    return { headers: {}, form }
  }
}
