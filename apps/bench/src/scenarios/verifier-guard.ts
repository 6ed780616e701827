import { generateSigningKey, tokenAuth, type TokenResponse } from '@drawbridge/token-auth'
import { verifier } from '@drawbridge/verifier'
import Fastify from 'fastify'
import type { Scenario, Setting } from '../harness/server.ts'
import { createBenchCredentials, createBenchLogins, seasonedFeed, userAt } from './bench-logins.ts'
import { greetingFor, SECRET, USER_AGENT } from './greeting.ts'

const ISSUER = 'https://login.example'
const AUDIENCE = 'https://api.example'
/** As the issuer's logins: longer than its tokens are valid. */
const RETENTION_SECONDS = 3660

/** Our verifier: the guard of a service that has neither a store nor a secret. */
export const verifierGuard: Scenario = async (setting) => {
  const { verifierOptions, token } = await createIssuer(setting)
  const app = Fastify()
  await app.register(verifier, verifierOptions)
  app.get('/', { onRequest: app.verifier.guard }, async ({ principal }) =>
    greetingFor(principal?.username ?? '')
  )
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  return {
    url,
    requests: { method: 'GET', path: '/', place: 'authorization', values: [`Bearer ${token}`] }
  }
}

/** A token, and the options of a verifier that accepts it: its feed is of a service that has run for a while. */
export async function createIssuer(setting: Setting) {
  const [logins, credentials] = await Promise.all([
    createBenchLogins(setting),
    createBenchCredentials(setting)
  ])
  const app = Fastify()
  await app.register(tokenAuth, {
    credentials,
    logins,
    secret: SECRET,
    keys: [generateSigningKey('EdDSA')],
    issuer: ISSUER,
    audience: AUDIENCE,
    accessTokenTtlSeconds: 3600
  })
  app.post('/mint', async (request) => app.tokenAuth.issueTokens(request, { user: userAt(0) }))
  const response = await app.inject({ method: 'POST', url: '/mint', headers: { 'user-agent': USER_AGENT } })
  const { token } = response.json<TokenResponse>()
  const verifierOptions = {
    issuer: ISSUER,
    audience: AUDIENCE,
    keys: app.tokenAuth.jwks,
    feed: seasonedFeed(),
    retentionSeconds: RETENTION_SECONDS
  }
  return { verifierOptions, token }
}
