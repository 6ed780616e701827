import { createMemoryFeed } from '@drawbridge/logins'
import { generateSigningKey } from '@drawbridge/token-auth'
import Fastify from 'fastify'
import t from 'tap'
import { createVerifier, verifier, type VerifierOptions } from '../src/index.ts'
import { parseVerifierOptions } from '../src/options.ts'
import { AUDIENCE, CLIENT, ISSUER } from './make-house.ts'

const clientKey = generateSigningKey()
const { d: _, ...key } = clientKey
const valid = (): VerifierOptions => ({
  issuer: ISSUER,
  audience: AUDIENCE,
  keys: [key],
  feed: createMemoryFeed()
})
const url = 'https://login.example/token/introspect'
const introspection = { url, ...CLIENT }
/** Of a client that has a key. */
const byKey = (changes: object) => ({
  introspection: { url, clientId: 'orders', clientKey: { ...clientKey, ...changes } }
})

t.test('a wrong option is an error that names it', async (t) => {
  const wrong: ReadonlyArray<readonly [object, RegExp]> = [
    [{ issuer: undefined }, /verifier\.issuer is missing/],
    [{ audience: '' }, /verifier\.audience must have/],
    [{ keys: undefined }, /verifier\.keys must be/],
    [{ keys: 'jwks.json' }, /verifier\.keys must be/],
    [{ keys: 'file:///keys.json' }, /verifier\.keys must be/],
    [{ feed: {} }, /verifier\.feed must be a FeedReader/],
    [{ introspection: { ...introspection, url: 'login' } }, /verifier\.introspection\.url must be/],
    [{ introspection: { ...introspection, clientSecret: '' } }, /verifier\.introspection\.clientSecret must/],
    [{ introspection: { url, clientId: 'orders' } }, /verifier\.introspection must have a clientSecret or/],
    [{ introspection: { ...introspection, clientKey } }, /verifier\.introspection must have .* not both/],
    [{ introspection: { url, clientId: 'orders', clientKey: null } }, /clientKey must have a kid/],
    [byKey({ kid: '' }), /verifier\.introspection\.clientKey must have a kid/],
    [byKey({ alg: 'HS256' }), /verifier\.introspection\.clientKey must have an alg, one of EdDSA/],
    [byKey({ alg: 'ES256' }), /verifier\.introspection\.clientKey must be a private key for alg "ES256"/],
    [byKey({ d: undefined }), /verifier\.introspection\.clientKey must be a private key/],
    [{ retentionSeconds: 5 }, /verifier\.retentionSeconds must be/],
    [{ cacheMaxAgeSeconds: 901 }, /verifier\.cacheMaxAgeSeconds \(901\) must not be above/],
    [{ onStoreDown: { serveStaleForSeconds: 900 } }, /verifier\.onStoreDown/],
    [{ keysMaxAgeSeconds: 1 }, /verifier\.keysMaxAgeSeconds must be/],
    [{ secret: 'x' }, /verifier\.secret is not an option/]
  ]
  for (const [change, message] of wrong)
    t.throws(
      () => parseVerifierOptions({ ...valid(), ...change } as VerifierOptions),
      { code: 'DRAWBRIDGE_OPTION', message },
      JSON.stringify(change)
    )
  await t.rejects(async () => Fastify().register(verifier, { ...valid(), issuer: '' }), {
    code: 'DRAWBRIDGE_OPTION'
  })
})

t.test('no message has anything of a secret', async (t) => {
  const secrets = ['a secret of a client', 'https://user:a-password@login.example/']
  const unfit = { d: 'a secret of a client' }
  for (const change of [
    { introspection: { ...introspection, clientSecret: [secrets[0]] } },
    { introspection: { ...introspection, url: secrets[1] } },
    byKey(unfit),
    byKey({ ...unfit, alg: 'ES256' }),
    { keys: secrets[1] }
  ]) {
    const error = t.throws(() =>
      parseVerifierOptions({ ...valid(), ...change } as unknown as VerifierOptions)
    )
    t.notMatch(String((error as Error).message), /a secret|a-password/)
  }
})

t.test('the plain function verifies without an application', async (t) => {
  const tokens = createVerifier(valid())
  t.match(await tokens.verify('abc'), { ok: false, reason: 'invalid' })
  t.match(tokens.health(), { isFresh: true, isClockRight: true, revocationListSize: 0, cacheSize: 0 })
  await tokens.ping()
  await tokens.close()
})
