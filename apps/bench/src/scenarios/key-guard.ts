import { bridge } from '@drawbridge/bridge'
import { keyAuth } from '@drawbridge/key-auth'
import { sessionAuth } from '@drawbridge/session-auth'
import { generateSigningKey, tokenAuth } from '@drawbridge/token-auth'
import Fastify from 'fastify'
import type { Scenario } from '../harness/server.ts'
import { createBenchCredentials, createBenchLogins, nodeMethods, userAt } from './bench-logins.ts'
import { greetingFor, SECRET } from './greeting.ts'

const HOUR_MS = 3_600_000

/** Our plugin for personal access tokens: its guard, or that of the bridge. */
export const keyGuard: Scenario = async (setting) => {
  const { bridged = false, credentials: count = 1 } = setting
  const logins = await createBenchLogins(setting)
  const app = Fastify()
  await app.register(keyAuth, { logins, secret: SECRET })
  if (bridged) {
    const credentials = await createBenchCredentials(setting)
    await app.register(sessionAuth, { credentials, logins, secret: SECRET })
    await app.register(tokenAuth, { credentials, logins, secret: SECRET, keys: [generateSigningKey()] })
    await app.register(bridge)
  }
  app.get('/', { onRequest: bridged ? app.bridge.guard : app.keyAuth.guard }, async ({ principal }) =>
    greetingFor(principal?.username ?? '')
  )
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  const values: string[] = []
  while (values.length < count) {
    const input = { name: 'bench', scopes: [], expiresAt: Date.now() + HOUR_MS }
    const { token } = await app.keyAuth.createFor(userAt(values.length), input)
    values.push(`Bearer ${token}`)
  }
  return {
    url,
    requests: { method: 'GET', path: '/', place: 'authorization', values },
    methods: nodeMethods(logins)
  }
}
