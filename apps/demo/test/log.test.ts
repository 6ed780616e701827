import { once } from 'node:events'
import { connect } from 'node:net'
import t from 'tap'
import { buildDemo } from './build-demo.ts'
import { createFetchClient } from './clients/fetch-client.ts'
import { startDemo } from './start-demo.ts'

const secret = 'canary-of-the-root-secret-0123456789'

t.test('at trace level, no line has a secret of a client', async (t) => {
  const demo = await startDemo(t, { LOG_LEVEL: 'trace', DRAWBRIDGE_SECRET: secret })
  const client = createFetchClient(demo.url)
  const logIn = (carrier: string, password: string) =>
    client.send({ method: 'POST', path: `/${carrier}/login`, json: { username: 'user', password } })

  await logIn('session', 'canary-of-a-wrong-password')
  await logIn('token', 'canary-of-a-wrong-password')
  await logIn('session', 'pass')
  const cookie = (await client.cookies()).split('=')[1] as string
  await client.send({ method: 'GET', path: '/session/protected' })
  await client.send({ method: 'GET', path: '/session/protected', cookie: 'drawbridge=canary-of-a-cookie' })
  const { body } = await logIn('token', 'pass')
  const [token, refreshToken] = [String(body.token), String(body.refresh_token)]
  await client.send({ method: 'GET', path: '/token/protected', bearer: token })
  await client.send({ method: 'GET', path: '/token/protected', bearer: `${token}canary-of-a-bearer` })
  await client.send({ method: 'POST', path: '/token/refresh', json: { refresh_token: refreshToken } })
  await client.send({
    method: 'POST',
    path: '/token/refresh',
    json: { refresh_token: 'drbr_canary-of-a-refresh' }
  })
  await client.send({ method: 'GET', path: '/token/protected?access_token=canary-of-a-query' })
  await client.send({ method: 'GET', path: '/nowhere?access_token=canary-of-a-query' })
  await client.send({ method: 'GET', path: '/%zz?access_token=canary-of-a-query' })
  await client.send({
    method: 'POST',
    path: '/token/login',
    json: { username: 'user', password: 1, extra: 'canary-of-a-member' }
  })
  await sendRaw(
    demo.url,
    'POST /session/login HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 37\r\nconnection: close\r\n\r\n{"password":"canary-of-broken-json",}'
  )
  await sendRaw(
    demo.url,
    'GET /session/protected HTTP/1.1\r\nhost: x\r\nbroken header\r\ncookie: canary-of-raw\r\n\r\n'
  )
  await client.send({ method: 'POST', path: '/session/logout' })
  await demo.stop('SIGTERM')

  const output = demo.output()
  t.ok(output.split('\n').length > 40, 'there are lines to search')
  t.notMatch(output, 'canary')
  // The audit log names the login by its id, which is public; the rest of the cookie is a secret.
  const [loginId = '', ...secretParts] = cookie.split('.')
  t.ok(output.includes(`"loginId":"${loginId}"`))
  t.equal(secretParts.length, 2)
  for (const [name, value] of Object.entries({ cookie: secretParts.join('.'), token, refreshToken })) {
    for (const piece of value.split(/[.%]/).filter((part) => part.length > 20)) {
      // The header is the same for every token of a key, and no secret.
      if (piece.startsWith('eyJ') && value.startsWith(piece)) continue
      t.notOk(output.includes(piece), `no piece of the ${name}`)
    }
  }
  t.notMatch(output, bytesOf('canary'), 'nor as bytes')
})

t.test('a username with line breaks and escape codes stays inside its line', async (t) => {
  const lines: string[] = []
  const app = await buildDemo(t, {}, { write: (line) => lines.push(line) })
  const payload = { username: 'a\r\n\u001b[31m{"level":60,"msg":"forged"}', password: 'wrong' }
  await app.inject({ method: 'POST', url: '/session/login', payload })
  await app.inject({ url: '/nowhere%0d%0a{"level":60}' })
  for (const line of lines) t.match(JSON.parse(line), { level: Number, msg: String })
})

t.test('logging a whole request reveals no secret of it', async (t) => {
  const lines: string[] = []
  const app = await buildDemo(t, {}, { write: (line) => lines.push(line) })
  app.post('/careless', async (request, reply) => {
    request.log.info({ headers: request.headers, body: request.body }, 'careless')
    request.log.info({ req: request, res: reply, raw: { headers: request.raw.headers } }, 'careless')
    request.log.info(
      { login: request.body, cookie: request.headers.cookie, ...(request.body as object) },
      'careless'
    )
    return {}
  })
  await app.inject({
    method: 'POST',
    url: '/careless?token=canary',
    headers: { cookie: 'drawbridge=canary', authorization: 'Bearer canary' },
    payload: { username: 'user', password: 'canary', refresh_token: 'canary', access_token: 'canary' }
  })
  t.match(lines.join(''), 'careless')
  t.notMatch(lines.join(''), 'canary')
})

t.test(
  'each sign-in, successful or failed, is logged with user id and address, without the username',
  async (t) => {
    const lines: string[] = []
    const app = await buildDemo(t, {}, { write: (line) => lines.push(line) })
    const logIn = (username: string, password: string) =>
      app.inject({ method: 'POST', url: '/token/login', payload: { username, password } })
    await logIn('user', 'wrong')
    await logIn('typed-by-mistake', 'pass')
    await logIn('user', 'pass')
    const response = lines
      .map((line) => JSON.parse(line) as { msg: string; event?: Record<string, unknown> })
      .filter(({ msg }) => msg.startsWith('credentials: '))
    const rest = { operation: 'sign-in', address: '127.0.0.1' }
    t.match(
      response.map(({ event }) => event),
      [
        { type: 'invalid-credentials', detail: 'wrong-password', userId: String, ...rest },
        { type: 'invalid-credentials', detail: 'unknown', userId: null, ...rest },
        { type: 'sign-in-succeeded', userId: String, address: '127.0.0.1' }
      ]
    )
    t.notMatch(response.map((line) => JSON.stringify(line)).join(), 'typed-by-mistake')
  }
)

/** Sends malformed HTTP, which a client cannot send. */
async function sendRaw(url: string, text: string): Promise<void> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  socket.on('error', () => {})
  socket.resume()
  socket.end(text)
  await once(socket, 'close')
}

/** As a Buffer looks in JSON. */
function bytesOf(text: string): string {
  return [...Buffer.from(text)].join(',')
}
