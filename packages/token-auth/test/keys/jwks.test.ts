import t from 'tap'
import { generateSigningKey } from '../../src/index.ts'
import { makeApp } from '../make-app.ts'

t.test('the key set has the public members of each key, and nothing else', async (t) => {
  const keys = (['EdDSA', 'ES256', 'RS256', 'HS256'] as const).map((alg) => generateSigningKey(alg))
  const { app } = await makeApp({ keys: keys.map((key) => ({ ...key, 'x-note': 'private' })) })
  const answer = await app.inject('/.well-known/jwks.json')
  t.equal(answer.statusCode, 200)
  t.equal(answer.headers['cache-control'], 'public, max-age=300')
  t.match(answer.headers['content-type'], /^application\/json/)
  const { keys: published } = answer.json<{ keys: Record<string, unknown>[] }>()
  t.strictSame(
    published.map((key) => Object.keys(key).toSorted()),
    [
      ['alg', 'crv', 'kid', 'kty', 'use', 'x'],
      ['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y'],
      ['alg', 'e', 'kid', 'kty', 'n', 'use']
    ]
  )
  t.strictSame(
    published.map(({ kid, alg, use }) => [kid, alg, use]),
    keys.slice(0, 3).map(({ kid, alg }) => [kid, alg, 'sig'])
  )
  for (const key of keys) t.notOk(answer.body.includes((key.d ?? key.k) as string))
  t.strictSame(JSON.parse(answer.body), JSON.parse(JSON.stringify(app.tokenAuth.jwks)))
})

t.test('it is empty where only HMAC keys are used', async (t) => {
  const { app } = await makeApp({ keys: [generateSigningKey('HS256')] })
  t.strictSame((await app.inject('/.well-known/jwks.json')).json(), { keys: [] })
})

t.test('its path is an option, and it can be off', async (t) => {
  const elsewhere = await makeApp({ tokens: { routes: { jwks: '/keys' } } })
  t.equal((await elsewhere.app.inject('/keys')).statusCode, 200)
  const nowhere = await makeApp({ tokens: { routes: { jwks: false } } })
  t.equal((await nowhere.app.inject('/.well-known/jwks.json')).statusCode, 404)
})
