import Fastify from 'fastify'
import type { CarrierLogins } from '@drawbridge/logins/carrier'
import t, { type Test } from 'tap'
import { createDependencies } from '../src/dependencies.ts'
import { readConfig } from '../src/config.ts'
import { makeDataDir } from './start-demo.ts'

async function assembled(t: Test, env: Readonly<Record<string, string>>) {
  const parts = await createDependencies(
    readConfig({ DATA_DIR: await makeDataDir(t), ...env }),
    Fastify().log
  )
  t.teardown(async () => (await parts.logins.close(), await parts.close()))
  return parts
}

t.test('T24: CACHE_MAX_ENTRIES bounds how many credentials a node remembers', async (t) => {
  const logins = (await assembled(t, { CACHE_MAX_ENTRIES: '4' })).logins as CarrierLogins
  const login = await logins.create({
    user: { id: '1', username: 'ada' },
    device: { userAgent: '', address: '127.0.0.1' },
    idleTimeoutSeconds: 60,
    absoluteTimeoutSeconds: 60
  })
  const cache = logins.openCache()
  const verified = {
    principal: logins.toPrincipal(await logins.withClaims(login), 'token'),
    validity: { expiresAt: Date.now() + 60_000 }
  }
  for (let at = 0; at < 100; at += 1) logins.remember(cache, `credential ${at}`, verified)
  t.ok(logins.health().cacheSize > 0)
  t.ok(logins.health().cacheSize <= 4)
})
