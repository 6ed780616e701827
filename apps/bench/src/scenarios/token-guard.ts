import { bridge } from '@drawbridge/bridge'
import { sessionAuth } from '@drawbridge/session-auth'
import { generateSigningKey, tokenAuth, type TokenResponse } from '@drawbridge/token-auth'
import Fastify from 'fastify'
import type { Requests, Scenario, Setting } from '../harness/server.ts'
import { greetingFor, SECRET, USER, USER_AGENT } from './greeting.ts'
import { createBenchCredentials, createBenchLogins, nodeMethods, userAt } from './bench-logins.ts'

/** Our token plugin: guard, refresh or log-out. */
export const tokenGuard: Scenario = async (setting) => {
  const {
    algorithm = 'EdDSA',
    guarded = true,
    bridged = false,
    signingKey = generateSigningKey(algorithm)
  } = setting
  const [logins, credentials] = await Promise.all([
    createBenchLogins(setting),
    createBenchCredentials(setting)
  ])
  const app = Fastify()
  await app.register(tokenAuth, {
    credentials,
    logins,
    secret: SECRET,
    keys: [signingKey],
    // The longest lifetime, so that the tokens are valid for the whole run.
    accessTokenTtlSeconds: 3600
  })
  if (bridged) {
    await app.register(sessionAuth, { credentials, logins, secret: SECRET })
    await app.register(bridge)
  }
  const responses: TokenResponse[] = []
  app.post('/mint', async (request) => {
    const { credentials: count = 1 } = setting
    while (responses.length < count)
      responses.push(await app.tokenAuth.issueTokens(request, { user: userAt(responses.length) }))
    return {}
  })
  if (guarded)
    app.get('/', { onRequest: bridged ? app.bridge.guard : app.tokenAuth.guard }, async ({ principal }) =>
      greetingFor(principal?.username ?? '')
    )
  else app.get('/', async () => greetingFor(USER.username))
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  await app.inject({ method: 'POST', url: '/mint', headers: { 'user-agent': USER_AGENT } })
  const refreshAll = async () => {
    for (const { refresh_token } of responses) await app.tokenAuth.refresh(refresh_token)
  }
  return {
    url,
    requests: createRequests(setting, responses),
    methods: { ...nodeMethods(logins), refreshAll }
  }
}

function createRequests({ operation }: Setting, responses: readonly TokenResponse[]): Requests {
  if (operation === 'refresh') {
    const values = responses.map(({ refresh_token }) => JSON.stringify({ refresh_token }))
    return { method: 'POST', path: '/token/refresh', place: 'body', values }
  }
  const values = responses.map(({ token }) => `Bearer ${token}`)
  if (operation === 'log-out')
    return { method: 'POST', path: '/token/logout', place: 'authorization', values }
  return { method: 'GET', path: '/', place: 'authorization', values }
}
