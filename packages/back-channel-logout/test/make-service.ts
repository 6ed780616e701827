import { createLogins, createMemoryLoginStore, type LoginStore } from '@drawbridge/logins'
import { sessionAuth } from '@drawbridge/session-auth'
import { spy } from '@drawbridge/test-support/spies/spy'
import Fastify from 'fastify'
import { exportJWK, generateKeyPair, type JWTHeaderParameters, SignJWT } from 'jose'
import type { Test } from 'tap'
import { backChannelLogout, type BackChannelLogoutOptions } from '../src/index.ts'

const SECRET = 'a root secret for tests, 0123456789'
export const ISSUER = 'https://accounts.example'
export const CLIENT_ID = 'our-client'
export const EVENT = 'http://schemas.openid.net/event/backchannel-logout'

/** A provider, as far as it signs. */
export async function createSigner(kid = 'one') {
  const { privateKey, publicKey } = await generateKeyPair('RS256')
  const jwk = { ...(await exportJWK(publicKey)), kid, alg: 'RS256', use: 'sig' }
  const sign = (claims: object, header: Partial<JWTHeaderParameters> = {}) =>
    new SignJWT({ ...claims })
      .setProtectedHeader({ alg: 'RS256', kid, typ: 'logout+jwt', ...header })
      .sign(privateKey)
  return { jwk, sign }
}

/** A service of one process, whose clock is set by hand, with a provider. */
export async function makeService(t: Test, options: Partial<BackChannelLogoutOptions> = {}) {
  const clock = { now: Date.UTC(2027, 0, 1) }
  const now = () => clock.now
  const { store, down } = spy<LoginStore>(createMemoryLoginStore({ now }))
  const logins = createLogins({ store, now, effectiveWithinHeader: true })
  const signer = await createSigner()
  const app = Fastify()
  t.teardown(() => app.close())
  const credentials = { verify: async () => ({ ok: false, reason: 'malformed' }) as const }
  await app.register(sessionAuth, { credentials, logins, secret: SECRET, cookie: { secure: false } })
  await app.register(backChannelLogout, {
    logins,
    providers: [
      {
        issuer: ISSUER,
        clientId: CLIENT_ID,
        keys: { keys: [signer.jwk] },
        userOf: (subject) => (subject.startsWith('sub-') ? subject.slice('sub-'.length) : null)
      }
    ],
    ...options
  })
  app.get('/me', { onRequest: app.sessionAuth.guard }, ({ principal }) => principal?.username)
  app.post<{ Body: { user: string; claims?: { iss: string; sid?: string } } }>(
    '/sign-in',
    async (request, reply) => {
      const { user, claims } = request.body
      const { loginId } = await app.sessionAuth.startSession(request, reply, {
        user: { id: user, username: user }
      })
      if (claims !== undefined) await app.backChannelLogout.link(loginId, claims)
      return {}
    }
  )
  /** @returns the cookie of a sign-in. */
  const signIn = async (user: string, claims?: { iss: string; sid?: string }) => {
    const response = await app.inject({ method: 'POST', url: '/sign-in', payload: { user, claims } })
    if (response.statusCode !== 200) throw new Error(response.body)
    return [response.headers['set-cookie']]
      .flat()
      .map((line) => line?.split(';', 1)[0])
      .join('; ')
  }
  const me = async (cookie: string) => (await app.inject({ url: '/me', headers: { cookie } })).statusCode
  const post = (payload: string, type = 'application/x-www-form-urlencoded') =>
    app.inject({ method: 'POST', url: '/backchannel-logout', headers: { 'content-type': type }, payload })
  let count = 0
  /** What a provider would send, with what is given. */
  const claimsOf = (given: object) => {
    const iat = Math.floor(clock.now / 1000)
    return {
      iss: ISSUER,
      aud: CLIENT_ID,
      iat,
      exp: iat + 120,
      jti: `jti-${(count += 1)}`,
      events: { [EVENT]: {} },
      ...given
    }
  }
  const logOut = async (given: object, header?: Partial<JWTHeaderParameters>) =>
    post(`logout_token=${await signer.sign(claimsOf(given), header)}`)
  return { app, clock, down, logins, signer, signIn, me, post, claimsOf, logOut }
}
