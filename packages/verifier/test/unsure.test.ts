import type { Principal } from '@drawbridge/logins'
import { createServer, type RequestListener } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import t, { type Test } from 'tap'
import { CLIENT, makeHouse } from './make-house.ts'

const UNAVAILABLE = {
  statusCode: 503,
  code: 'DRAWBRIDGE_LOGINS_UNAVAILABLE',
  error: 'Service Unavailable',
  message: 'Service Unavailable'
}

async function listen(t: Test, listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => server.close().closeAllConnections())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

t.test('V03 a stale feed is a 503, warm and cold, where there is no introspection', async (t) => {
  const { feedState, read, service, signIn, signOut } = await makeHouse(t)
  const [warm, cold, revoked] = [await signIn(), await signIn(), await signIn()]
  t.equal((await read(warm.access_token)).statusCode, 200)
  await signOut(revoked.access_token)
  feedState.isStale = true
  for (const { access_token: token } of [warm, cold]) {
    const response = await read(token)
    t.strictSame(response.json(), UNAVAILABLE)
    t.equal(response.headers['retry-after'], '1')
  }
  t.equal((await read(revoked.access_token)).statusCode, 401, 'this revocation was heard')
  t.equal((await read('abc')).statusCode, 401, 'and this is no token, whatever the feed says')
  await t.rejects(service.verifier.ping(), { code: 'DRAWBRIDGE_LOGINS_UNAVAILABLE' })
  feedState.isStale = false
  t.equal((await read(warm.access_token)).statusCode, 200)
  await service.verifier.ping()
})

t.test('a stale feed has the issuer asked about each request', async (t) => {
  const { asked, feedState, read, signIn, signOut } = await makeHouse(t, { introspects: true })
  const { access_token: token } = await signIn()
  await read(token)
  t.equal(asked.count, 0, 'a fresh feed suffices')
  feedState.isStale = true
  t.match((await read(token)).json(), { username: 'ada' })
  t.match((await read(token)).json(), { username: 'ada' })
  t.equal(asked.count, 2)
  await signOut(token)
  t.equal((await read(token)).statusCode, 401)
})

t.test('a route that is to fail closed does not ask', async (t) => {
  const { asked, feedState, read, service, signIn } = await makeHouse(t, { introspects: true })
  const guard = service.verifier.guard({ onStale: 'fail-closed' })
  service.get('/payment', { onRequest: guard }, async ({ principal }) => principal)
  const { access_token: token } = await signIn()
  t.equal((await read(token, '/payment')).statusCode, 200)
  feedState.isStale = true
  t.strictSame((await read(token, '/payment')).json(), UNAVAILABLE)
  t.equal(asked.count, 0)
})

t.test('a token that is older than the feed is asked about once', async (t) => {
  const { asked, clock, read, signIn } = await makeHouse(t, { introspects: true })
  clock.now -= 10_000
  const { access_token: token } = await signIn()
  for (const visit of ['first', 'second']) t.equal((await read(token)).statusCode, 200, visit)
  t.equal(asked.count, 1)
})

t.test('a change of claims is served at once, with the token from before', async (t) => {
  let scopes = ['orders', 'read']
  const { asked, logins, read, signIn } = await makeHouse(t, {
    introspects: true,
    logins: { getClaims: () => ({ scopes }) }
  })
  const { access_token: token } = await signIn()
  const { userId } = (await read(token, '/orders')).json<Principal>()
  scopes = ['read']
  await logins.refreshClaims(userId)
  const response = await read(token, '/orders')
  t.equal(response.statusCode, 403)
  t.strictSame((await read(token)).json<Principal>().scopes, ['read'])
  t.equal(asked.count, 1, 'the answer is cached')
})

t.test('a user who was renamed is served under the new name, with the token from before', async (t) => {
  const { asked, logins, read, signIn } = await makeHouse(t, { introspects: true })
  const { access_token: token } = await signIn()
  const { userId, username } = (await read(token)).json<Principal>()
  t.equal(username, 'ada')
  await logins.renameUser(userId, 'kim')
  for (const visit of ['first', 'second']) t.match((await read(token)).json(), { username: 'kim' }, visit)
  t.equal(asked.count, 1, 'the answer is cached')
})

t.test('after a change of claims the response is 503 where there is no introspection', async (t) => {
  const { clock, logins, read, signIn } = await makeHouse(t)
  const { access_token: token } = await signIn()
  const { userId } = (await read(token)).json<Principal>()
  await logins.refreshClaims(userId)
  t.strictSame((await read(token)).json(), UNAVAILABLE)
  clock.now += 10_000
  t.equal((await read((await signIn()).access_token)).statusCode, 200, 'a later token has the new claims')
})

t.test('a user whom getClaims refuses is not active', async (t) => {
  let isRefused = false
  const { feedState, read, signIn } = await makeHouse(t, {
    introspects: true,
    logins: {
      getClaims: () => {
        if (isRefused) throw Object.assign(new Error('disabled'), { statusCode: 403 })
        return {}
      }
    }
  })
  const { access_token: token } = await signIn()
  isRefused = true
  feedState.isStale = true
  t.equal((await read(token)).statusCode, 401)
})

const answers: Readonly<Record<string, RequestListener>> = {
  'does not know the client': (_request, response) =>
    response.writeHead(401).end('{"error":"invalid_client"}'),
  fails: (_request, response) => response.writeHead(500).end(),
  'responds with no JSON': (_request, response) => response.end('<html>'),
  'does not say whether it is active': (_request, response) => response.end('{"error":"x"}'),
  'says it in another type': (_request, response) => response.end('{"active":"true"}'),
  'has scopes that are none': (_request, response) => response.end('{"active":true,"scope":["read"]}'),
  'leads elsewhere': (_request, response) => response.writeHead(307, { location: '/elsewhere' }).end(),
  'hangs up': (request) => request.socket.destroy(),
  'never responds': () => {}
}

for (const [name, answer] of Object.entries(answers)) {
  t.test(`an issuer that ${name} is an outage, never a 401`, async (t) => {
    const url = await listen(t, answer)
    const { feedState, read, signIn } = await makeHouse(t, {
      verifier: { introspection: { url, ...CLIENT, timeoutMs: 100 } }
    })
    const { access_token: token } = await signIn()
    feedState.isStale = true
    t.strictSame((await read(token)).json(), UNAVAILABLE)
  })
}

t.test('the secret of a client does not follow a redirect', async (t) => {
  const paths: string[] = []
  const url = await listen(t, (request, response) => {
    paths.push(request.url ?? '')
    response.writeHead(308, { location: '/elsewhere' }).end()
  })
  const { feedState, read, signIn } = await makeHouse(t, {
    verifier: { introspection: { url: `${url}/token/introspect`, ...CLIENT } }
  })
  const { access_token: token } = await signIn()
  feedState.isStale = true
  t.equal((await read(token)).statusCode, 503)
  t.strictSame(paths, ['/token/introspect'])
})

t.test('an outage serves what was valid lately, where the service has chosen so', async (t) => {
  const { clock, feedState, issuer, read, signIn, signOut } = await makeHouse(t, {
    introspects: true,
    verifier: { onStoreDown: { serveStaleForSeconds: 60 } }
  })
  const [one, revoked] = [await signIn(), await signIn()]
  for (const { access_token: token } of [one, revoked]) await read(token)
  await signOut(revoked.access_token)
  await issuer.close()
  feedState.isStale = true
  t.equal((await read(one.access_token)).statusCode, 200)
  t.equal((await read(revoked.access_token)).statusCode, 401, 'not one that is known to be revoked')
  clock.now += 61_000
  t.strictSame((await read(one.access_token)).json(), UNAVAILABLE)
})

t.test('a login that is revoked while the issuer is asked is rejected', async (t) => {
  const { asked, feedState, read, signIn, signOut } = await makeHouse(t, { introspects: true })
  const { access_token: token } = await signIn()
  feedState.isStale = true
  asked.beforeResponse = () => signOut(token)
  t.equal((await read(token)).statusCode, 401)
})
