import t from 'tap'
import { forwardAuth } from '../src/index.ts'
import { makeHouse } from './make-house.ts'

t.test('a proxy asks a service that only verifies tokens', async (t) => {
  const { service, signIn, signOut, feedState } = await makeHouse(t)
  await service.register(forwardAuth, { guard: service.verifier.guard, proxy: 'nginx' })
  const { access_token: token } = await signIn()
  const ask = (headers: Readonly<Record<string, string>>) =>
    service.inject({ url: '/verify', headers: { 'x-original-method': 'POST', ...headers } })
  const headers = { authorization: `Bearer ${token}` }
  const response = await ask(headers)
  t.equal(response.statusCode, 200)
  t.match(response.headers, { 'x-user-name': 'ada', 'cache-control': 'no-store' })
  t.equal((await ask({})).statusCode, 401)
  feedState.isStale = true
  t.equal((await ask(headers)).statusCode, 503, 'it is not sure')
  feedState.isStale = false
  await signOut(token)
  t.equal((await ask(headers)).statusCode, 401)
})
