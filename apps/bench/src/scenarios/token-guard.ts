import { generateSigningKey, tokenAuth, type TokenAnswer } from '@drawbridge/token-auth'
import Fastify from 'fastify'
import type { Requests, Scenario, Setting } from '../harness/server.ts'
import { greetingFor, SECRET, USER, USER_AGENT } from './greeting.ts'
import { credentialsOf, loginsOf, nodeVerbs, userAt } from './logins-of.ts'

/** Our token plugin: guard, refresh or log-out. */
export const tokenGuard: Scenario = async (setting) => {
  const { algorithm = 'EdDSA', guarded = true, signingKey = generateSigningKey(algorithm) } = setting
  const [logins, credentials] = await Promise.all([loginsOf(setting), credentialsOf(setting)])
  const app = Fastify()
  await app.register(tokenAuth, {
    credentials,
    logins,
    secret: SECRET,
    keys: [signingKey],
    // The longest life, so that what is shown lasts for the whole run.
    accessTokenTtlSeconds: 3600
  })
  const answers: TokenAnswer[] = []
  app.post('/mint', async (request) => {
    const { credentials: count = 1 } = setting
    while (answers.length < count)
      answers.push(await app.tokenAuth.issueTokens(request, userAt(answers.length)))
    return {}
  })
  if (guarded)
    app.get('/', { onRequest: app.tokenAuth.guard }, async ({ principal }) =>
      greetingFor(principal?.username ?? '')
    )
  else app.get('/', async () => greetingFor(USER.username))
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  await app.inject({ method: 'POST', url: '/mint', headers: { 'user-agent': USER_AGENT } })
  const rotateAll = async () => {
    for (const { refresh_token } of answers) await app.tokenAuth.rotate(refresh_token)
  }
  return {
    url,
    requests: requestsOf(setting, answers),
    verbs: { ...nodeVerbs(logins), rotateAll }
  }
}

function requestsOf({ verb }: Setting, answers: readonly TokenAnswer[]): Requests {
  if (verb === 'refresh') {
    const values = answers.map(({ refresh_token }) => JSON.stringify({ refresh_token }))
    return { method: 'POST', path: '/token/refresh', place: 'body', values }
  }
  const values = answers.map(({ token }) => `Bearer ${token}`)
  if (verb === 'log-out') return { method: 'POST', path: '/token/logout', place: 'authorization', values }
  return { method: 'GET', path: '/', place: 'authorization', values }
}
