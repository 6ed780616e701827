import { bridge } from '@drawbridge/bridge'
import { sessionAuth } from '@drawbridge/session-auth'
import { generateSigningKey, tokenAuth } from '@drawbridge/token-auth'
import Fastify from 'fastify'
import type { Requests, Scenario, Setting } from '../harness/server.ts'
import { toCookieHeader, greetingFor, signInBodies, SECRET, USER, USER_AGENT } from './greeting.ts'
import { createBenchCredentials, createBenchLogins, nodeMethods, userAt } from './bench-logins.ts'

const BESIDE_THE_SNAPSHOT = /; [^=]+-snapshot=.*$/

/** Our session plugin: guard, sign-in or log-out. */
export const sessionGuard: Scenario = async (setting) => {
  const { guarded = true, bridged = false, snapshot = false, snapshots = true } = setting
  const [logins, credentials] = await Promise.all([
    createBenchLogins(setting),
    createBenchCredentials(setting)
  ])
  const app = Fastify()
  await app.register(sessionAuth, {
    credentials,
    logins,
    secret: SECRET,
    // The longest lifetime, so that snapshots stay fresh for the whole run.
    ...(snapshot && { snapshotSeconds: 3600 }),
    ...(!snapshots && { snapshotSeconds: 0 })
  })
  if (bridged) {
    await app.register(tokenAuth, { credentials, logins, secret: SECRET, keys: [generateSigningKey()] })
    await app.register(bridge)
  }
  let minted = 0
  app.post('/mint', async (request, reply) => {
    await app.sessionAuth.startSession(request, reply, { user: userAt((minted += 1)) })
    return {}
  })
  if (guarded)
    app.get('/', { onRequest: bridged ? app.bridge.guard : app.sessionAuth.guard }, async ({ principal }) =>
      greetingFor(principal?.username ?? '')
    )
  else app.get('/', async () => greetingFor(USER.username))
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  const requests = createRequests(setting, await mint(url, setting))
  return { url, requests, methods: nodeMethods(logins) }
}

/**
 * Creates the sessions to present, one sign-in each. Over HTTP, as everywhere here: thousands of `inject` calls slow
 * down garbage collection for the rest of the process.
 */
async function mint(url: string, { credentials = 1, snapshot }: Setting): Promise<string[]> {
  const values: string[] = []
  while (values.length < credentials) {
    const response = await fetch(`${url}/mint`, { method: 'POST', headers: { 'user-agent': USER_AGENT } })
    await response.text()
    const cookies = toCookieHeader(response.headers.getSetCookie())
    values.push(snapshot ? cookies : cookies.replace(BESIDE_THE_SNAPSHOT, ''))
  }
  return values
}

function createRequests({ operation }: Setting, cookies: readonly string[]): Requests {
  if (operation === 'log-in')
    return { method: 'POST', path: '/session/login', place: 'body', values: signInBodies }
  if (operation === 'log-out')
    return { method: 'POST', path: '/session/logout', place: 'cookie', values: cookies }
  return { method: 'GET', path: '/', place: 'cookie', values: cookies }
}
