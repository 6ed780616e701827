import t from 'tap'
import { makeApp } from '../make-app.ts'
import { CLIENT } from './for-services.ts'

const URL_OF_METADATA = '/.well-known/oauth-authorization-server'
const issuer = 'https://login.example'

t.test('the metadata names the routes that are there', async (t) => {
  const { app } = await makeApp({
    tokens: {
      issuer,
      clients: [CLIENT],
      routes: { introspect: true, revoke: '/revocations', metadata: true }
    }
  })
  const response = await app.inject(URL_OF_METADATA)
  t.equal(response.statusCode, 200)
  t.equal(response.headers['cache-control'], 'public, max-age=300')
  const { introspection_endpoint_auth_signing_alg_values_supported: algorithms, ...metadata } =
    response.json<Record<string, unknown>>()
  t.ok((algorithms as string[]).includes('EdDSA') && !(algorithms as string[]).includes('HS256'))
  t.match(metadata, {
    issuer,
    response_types_supported: [],
    grant_types_supported: [],
    jwks_uri: `${issuer}/.well-known/jwks.json`,
    introspection_endpoint: `${issuer}/token/introspect`,
    introspection_endpoint_auth_methods_supported: ['client_secret_basic', 'private_key_jwt'],
    revocation_endpoint: `${issuer}/token/revocations`,
    revocation_endpoint_auth_methods_supported: ['none', 'client_secret_basic', 'private_key_jwt']
  })
})

t.test('the metadata names no route that is not there', async (t) => {
  const { app } = await makeApp({ tokens: { issuer, routes: { metadata: '/metadata', jwks: false } } })
  t.strictSame((await app.inject('/metadata')).json(), {
    issuer,
    response_types_supported: [],
    grant_types_supported: []
  })
})

t.test('metadata needs an issuer that is a URL', async (t) => {
  for (const wrong of [
    'drawbridge',
    'https://login.example?a=1',
    'https://login.example#a',
    'ftp://login.example'
  ])
    await t.rejects(
      makeApp({ tokens: { issuer: wrong, routes: { metadata: true } } }),
      { code: 'DRAWBRIDGE_OPTION', message: /tokenAuth\.issuer must be a URL/ },
      wrong
    )
})
