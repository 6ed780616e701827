import { createPublicKey, type JsonWebKey } from 'node:crypto'
import { createRedisFeedReader } from '@drawbridge/logins/redis'
import { verifier } from '@drawbridge/verifier'
import Fastify from 'fastify'
import { Redis } from 'ioredis'
import type { Scenario } from '../harness/server.ts'

/** A service that verifies tokens of another one, and hears by Redis which logins that has revoked. */
export const verifierReader: Scenario = async ({ redisUrl = '', prefix = '', signingKey }) => {
  if (signingKey === undefined) throw new Error('the verifier needs the key of the issuer')
  const { kid, alg } = signingKey
  const publicKey = createPublicKey({ key: signingKey as JsonWebKey, format: 'jwk' }).export({
    format: 'jwk'
  })
  const app = Fastify()
  await app.register(verifier, {
    issuer: 'drawbridge',
    audience: 'drawbridge',
    keys: [{ ...publicKey, kid, alg } as never],
    // All on one machine, with one clock: tokens count from the moment on at which the feed is read.
    feed: createRedisFeedReader({
      redis: new Redis(redisUrl, { lazyConnect: true }),
      prefix,
      clockSkewMs: 0
    }),
    clockSkewSeconds: 0,
    retentionSeconds: 3660
  })
  app.get('/', { onRequest: app.verifier.guard }, async () => ({}))
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  return { url, requests: { method: 'GET', path: '/', place: 'authorization', values: [] } }
}
