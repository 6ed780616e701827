import t from 'tap'
import { AUTHORIZATION, basic, makeIssuer } from './for-services.ts'

t.test('a token of either kind revokes its login, and a repeated request succeeds', async (t) => {
  for (const kind of ['access_token', 'refresh_token'] as const) {
    const { post, read, refresh, signIn } = await makeIssuer()
    const tokens = await signIn()
    for (const time of ['first', 'second']) {
      const response = await post('/token/revoke', { token: tokens[kind], token_type_hint: kind })
      t.equal(response.statusCode, 200, `${kind}, ${time}`)
      t.equal(response.body, '')
      t.equal(response.headers['cache-control'], 'no-store')
    }
    t.equal((await read(tokens.access_token)).statusCode, 401)
    t.equal((await refresh(tokens.refresh_token)).statusCode, 401)
  }
})

t.test('a replaced refresh token still revokes its login', async (t) => {
  const { post, read, refresh, signIn } = await makeIssuer()
  const { refresh_token: first } = await signIn()
  const { access_token: token } = (await refresh(first)).json<{ access_token: string }>()
  t.equal((await post('/token/revoke', { token: first })).statusCode, 200)
  t.equal((await read(token)).statusCode, 401)
})

t.test('V10 a text that is no token of ours revokes nothing, and gets the same response', async (t) => {
  const { clock, post, read, signIn } = await makeIssuer()
  const { access_token: token, refresh_token: refreshToken } = await signIn()
  const valid = await post('/token/revoke', { token: (await signIn()).access_token })
  const expired = (await signIn()).access_token
  for (const text of ['x', `${refreshToken}x`, `${token.slice(0, -8)}AAAAAAAA`, 'drbk_x']) {
    const response = await post('/token/revoke', { token: text })
    t.strictSame([response.statusCode, response.body], [valid.statusCode, valid.body])
  }
  t.equal((await read(token)).statusCode, 200)
  clock.now += 600_000
  t.equal((await post('/token/revoke', { token: expired })).statusCode, 200)
})

t.test('V11 an expired access token, as a log has it, ends no login', async (t) => {
  const { clock, post, refresh, signIn } = await makeIssuer()
  const { access_token: token, refresh_token: refreshToken } = await signIn()
  clock.now += 600_000
  t.equal((await post('/token/revoke', { token })).statusCode, 200)
  t.equal((await refresh(refreshToken)).statusCode, 200)
})

t.test('a client need not authenticate, and one that tries to must succeed', async (t) => {
  const { post, read, signIn } = await makeIssuer()
  const { access_token: token } = await signIn()
  const wrong = await post('/token/revoke', { token }, { authorization: basic('orders', 'x') })
  t.match(wrong.json(), { statusCode: 401, error: 'invalid_client' })
  t.equal((await read(token)).statusCode, 200)
  t.equal((await post('/token/revoke', { token }, { authorization: AUTHORIZATION })).statusCode, 200)
  t.equal((await read(token)).statusCode, 401)
})

t.test('a revocation that is uncertain is a 503', async (t) => {
  const { post, signIn, storeSpy } = await makeIssuer()
  const { access_token: token } = await signIn()
  storeSpy.down.add('remove')
  const response = await post('/token/revoke', { token })
  t.equal(response.statusCode, 503)
  t.equal(response.headers['retry-after'], '1')
})

t.test('a request without a token is an error of RFC 6749', async (t) => {
  const { post } = await makeIssuer()
  t.match((await post('/token/revoke', {})).json(), { statusCode: 400, error: 'invalid_request' })
})
