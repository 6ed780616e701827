import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { followLogins } from '@drawbridge/logins/carrier'
import { createMemoryFeed } from '@drawbridge/logins'
import { createHeader, signJws } from '@drawbridge/test-support/forge'
import { generateSigningKey, type SigningKey } from '@drawbridge/token-auth'
import t, { type Test } from 'tap'
import { Authenticator } from '../../src/authenticate.ts'
import { RemoteKeys } from '../../src/keys/remote-keys.ts'
import { AUDIENCE, ISSUER } from '../make-house.ts'

const toPublic = ({ kid, alg, kty, crv, x }: SigningKey) => ({ kid, alg, kty, crv, x, use: 'sig' })

/** An issuer that publishes these keys, until a test publishes others. */
async function publish(t: Test, ...keys: readonly SigningKey[]) {
  const state = { keys, status: 200, fetches: 0, removals: 0, errors: 0 }
  const server = createServer((_request, response) => {
    state.fetches += 1
    response.writeHead(state.status).end(JSON.stringify({ keys: state.keys.map(toPublic) }))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks.json`)
  const open = (onRemoved = () => {}) => {
    const remote = new RemoteKeys({
      url,
      maxAgeSeconds: 300,
      timeoutMs: 2000,
      onRemoved: () => {
        state.removals += 1
        onRemoved()
      },
      onError: () => void (state.errors += 1)
    })
    t.teardown(() => remote.close())
    return remote
  }
  t.teardown(() => server.close().closeAllConnections())
  return { state, open }
}

const named = ({ kid, alg }: SigningKey) => ({ kid, alg })

t.test('a published key is found by its id and its algorithm, and fetched once', async (t) => {
  const key = generateSigningKey()
  const { state, open } = await publish(t, key)
  const keys = open()
  t.ok(await keys.find(named(key)))
  t.ok(await keys.find(named(key)))
  t.equal(state.fetches, 1)
  t.ok(keys.validForMs > 299_000 && keys.validForMs <= 300_000)
})

t.test('V04 made-up ids of keys cause no more fetches', async (t) => {
  const { state, open } = await publish(t, generateSigningKey())
  const keys = open()
  await keys.renew()
  for (let at = 0; at < 50; at += 1) t.equal(await keys.find({ kid: `made up ${at}`, alg: 'EdDSA' }), null)
  t.equal(state.fetches, 1)
})

t.test('a key under another algorithm is none', async (t) => {
  const key = generateSigningKey()
  const { open } = await publish(t, key)
  t.equal(await open().find({ kid: key.kid, alg: 'ES256' }), null)
})

t.test('a new key is found once it is fetched, and removes nothing', async (t) => {
  const [one, other] = [generateSigningKey(), generateSigningKey()]
  const { state, open } = await publish(t, one)
  const keys = open()
  await keys.renew()
  state.keys = [other, one]
  await keys.renew()
  t.ok(await keys.find(named(other)))
  t.strictSame([keys.version, state.removals], [0, 0])
})

t.test('a key that is not published any more is noticed, once', async (t) => {
  const [one, other] = [generateSigningKey(), generateSigningKey()]
  const { state, open } = await publish(t, one, other)
  const keys = open()
  await keys.renew()
  state.keys = [other]
  await keys.renew()
  await keys.renew()
  t.strictSame([keys.version, state.removals], [1, 1])
  t.equal(await keys.find(named(one)), null)
  state.keys = [{ ...generateSigningKey(), kid: other.kid }]
  await keys.renew()
  t.equal(keys.version, 2, 'another key under the same id is another key')
})

t.test('keys that cannot be fetched are an outage, and those from before stay', async (t) => {
  const key = generateSigningKey()
  const { state, open } = await publish(t, key)
  state.status = 500
  const without = open()
  await t.rejects(without.find(named(key)))
  t.ok(state.errors > 0, 'the fetch that no request waits for')
  t.ok(without.validForMs < 0)
  state.status = 200
  const keys = open()
  await keys.renew()
  state.status = 500
  await keys.renew()
  t.ok(await keys.find(named(key)))
  t.strictSame([keys.version, state.removals], [0, 0], 'an outage removes no key')
})

t.test('V05 a token of a removed key is rejected, although it is cached', async (t) => {
  const [removed, next] = [generateSigningKey(), generateSigningKey()]
  const { state, open } = await publish(t, next, removed)
  const now = () => Date.now()
  const logins = followLogins({
    feed: createMemoryFeed({ now: () => Date.now() - 60_000 }),
    retentionSeconds: 900,
    cacheMaxAgeSeconds: 300,
    cacheMaxEntries: 100,
    clockSkewSeconds: 5,
    onStale: 'ask-store',
    onStoreDown: 'fail-closed',
    now,
    monotonicNow: now
  })
  const keys = open(() => logins.clearCaches())
  const rules = { issuer: ISSUER, audience: AUDIENCE, clockSkewSeconds: 5, maxLifetimeSeconds: 895 }
  const authenticator = new Authenticator({ logins, keys, now, rules, introspect: undefined })
  const seconds = Math.floor(now() / 1000)
  const token = signJws(removed, createHeader(removed), {
    iss: ISSUER,
    aud: AUDIENCE,
    sub: 'u1',
    sid: 'A'.repeat(28),
    jti: 'one',
    iat: seconds,
    exp: seconds + 600,
    auth_time: seconds,
    login_exp: seconds + 600,
    preferred_username: 'ada'
  })
  t.match(await authenticator.verify(token, {}), { ok: true })
  t.match(authenticator.verify(token, {}), { ok: true }, 'cached')
  state.keys = [next]
  await keys.renew()
  t.match(await authenticator.verify(token, {}), { ok: false, reason: 'invalid' })
})
