import { createLogins, createMemoryFeed, createMemoryLoginStore } from '@drawbridge/logins'
import fastifyCookie from '@fastify/cookie'
import Fastify from 'fastify'
import t, { type Test } from 'tap'
import { sessionAuth, type SessionAuthOptions } from '../../src/index.ts'
import { makeApp, SECRET } from '../make-app.ts'
import { attackedApp, json, signInRequest, NAME } from './attacked-app.ts'
import type { RawResponse } from './raw-client.ts'
import { bag } from './session-data-routes.ts'

const ATTRIBUTES = '; Path=/; HttpOnly; Secure; SameSite=Lax'
const REMOVAL = `; Max-Age=0; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT; HttpOnly; Secure; SameSite=Lax`

/** The lines that set a cookie of ours, each without its value. */
const ours = (answer: RawResponse) =>
  answer
    .header('set-cookie')
    .filter((line) => line.startsWith(NAME))
    .map((line) => line.replace(/=[^;]*/, ''))

async function sharedApp(t: Test, session: Partial<SessionAuthOptions> = {}) {
  const feed = Object.assign(createMemoryFeed(), {
    isShared: true,
    coveredFrom: 0,
    publish: async () => '0:epoch:7-0'
  })
  return attackedApp(t, {
    logins: { feed },
    session,
    routes: async (app) => {
      await bag(app)
      app.post('/end-others', async (request, reply) => ({
        ended: await app.sessionAuth.revokeOthers(request, reply)
      }))
    }
  })
}

t.test(
  'K18 F15 every cookie that is set or removed has exactly these attributes, and no Domain',
  async (t) => {
    const { send, signIn } = await sharedApp(t)
    await signIn()
    const login = await send(signInRequest())
    t.same(ours(login), [`${NAME}${ATTRIBUTES}`, `${NAME}-snapshot; Max-Age=120${ATTRIBUTES}`])
    const cookie = login.header('set-cookie').map((line) => line.split(';', 1)[0])
    const lines = [`Cookie: ${cookie.join('; ')}`]
    const write = json({ owner: 'ada' }, ...lines)
    t.same(ours(await send({ method: 'POST', path: '/bag', ...write })), [], 'a write of data sets none')
    t.same(ours(await send({ method: 'POST', path: '/end-others', lines })), [
      `${NAME}-position; Max-Age=10${ATTRIBUTES}`
    ])
    const handle = [`Cookie: ${cookie[0]}`]
    t.same(ours(await send({ lines: handle })), [], 'nor does use: there is no rolling')
    t.same(ours(await send({ method: 'POST', path: '/session/logout', lines })), [
      `${NAME}${REMOVAL}`,
      `${NAME}-snapshot${REMOVAL}`
    ])
  }
)

t.test('K18 F16 SameSite is always set, also where it is strict or the cookie insecure', async (t) => {
  const strict = await attackedApp(t, { session: { cookie: { sameSite: 'strict' } } })
  t.same(ours(await strict.send(signInRequest())), [`${NAME}; Path=/; HttpOnly; Secure; SameSite=Strict`])
  const plain = await attackedApp(t, { session: { cookie: { secure: false } } })
  t.match((await plain.send(signInRequest())).header('set-cookie'), [
    /^drawbridge=[^;]+; Path=\/; HttpOnly; SameSite=Lax$/
  ])
})

t.test(
  'K18 defaults that the service gave @fastify/cookie for its own cookies are not for ours',
  async (t) => {
    const app = Fastify()
    t.teardown(() => app.close())
    await app.register(fastifyCookie, {
      secret: 'of the service itself, for its own',
      parseOptions: { domain: 'example.com', path: '/', maxAge: 31_536_000, signed: true, partitioned: true }
    })
    const credentials = { verify: async () => ({ ok: true, user: { id: '1', username: 'ada' } }) as const }
    const logins = createLogins({ store: createMemoryLoginStore() })
    await app.register(sessionAuth, { credentials, logins, secret: SECRET })
    app.get('/me', { onRequest: app.sessionAuth.guard }, ({ principal }) => principal)
    await bag(app)
    const payload = { username: 'ada', password: 'any' }
    const login = await app.inject({ method: 'POST', url: '/session/login', payload })
    const line = String(login.headers['set-cookie'])
    t.equal(line.replace(/=[^;]*/, ''), `${NAME}${ATTRIBUTES}`)
    const headers = { cookie: line.split(';', 1)[0] as string }
    t.equal((await app.inject({ url: '/me', headers })).statusCode, 200, 'and it is read again')
    const write = await app.inject({ method: 'POST', url: '/bag', headers, payload: { owner: 'ada' } })
    t.equal(write.statusCode, 200)
    t.match(write.headers['set-cookie'], /^theme=.*Domain=example\.com/, 'its own have them')
    const out = await app.inject({ method: 'POST', url: '/session/logout', headers })
    t.equal(String(out.headers['set-cookie']), `${NAME}=${REMOVAL}`)
  }
)

t.test('CVE-2024-47764 a cookie name cannot bring attributes of its own', async (t) => {
  for (const name of [
    'a; Domain=x',
    'a;Path=/x',
    'a=b',
    'a b',
    'a\r\nSet-Cookie: b',
    'a\t',
    'ä',
    '',
    'a,b',
    '"a"'
  ]) {
    await t.rejects(makeApp({ session: { cookie: { name } } }), { code: 'DRAWBRIDGE_OPTION' }, name)
  }
})

t.test('F16 a visitor who is not signed in leaves no row and gets no cookie', async (t) => {
  const { send, storeSpy } = await attackedApp(t, { routes: bag })
  for (const path of ['/me', '/bag', '/nowhere']) t.same((await send({ path })).header('set-cookie'), [])
  t.same(storeSpy.counts, {})
})

for (const [what, server] of [
  ['without trustProxy', {}],
  ['with a trustProxy that is another peer (CVE-2026-3635)', { trustProxy: '10.0.0.0/8' }]
] as const) {
  t.test(`K19 K20 X-Forwarded-Proto of any client changes nothing, ${what}`, async (t) => {
    const lines: string[] = []
    const stream = { write: (line: string) => void lines.push(line) }
    const { send } = await attackedApp(t, { server: { ...server, logger: { level: 'warn', stream } } })
    const spoofed = ['X-Forwarded-Proto: https', 'Forwarded: proto=https', 'X-Forwarded-Ssl: on']
    const answer = await send({ ...signInRequest(...spoofed), host: 'app.example' })
    t.equal(answer.status, 200)
    t.same(ours(answer), [`${NAME}${ATTRIBUTES}`], 'Secure as ever: over plain http a browser drops it')
    t.equal(lines.filter((line) => line.includes('plain http')).length, 1, 'K19 and the log says why')
    const origin = 'Origin: https://app.example'
    t.equal((await send({ ...signInRequest(...spoofed, origin), host: 'app.example' })).status, 403)
    t.equal(
      (await send({ ...signInRequest('Origin: http://app.example'), host: 'app.example' })).status,
      200,
      'its own origin is the one of the request'
    )
  })
}

t.test('K20 the headers of a trusted proxy are used', async (t) => {
  const { send } = await attackedApp(t, { server: { trustProxy: 'loopback' } })
  const proto = 'X-Forwarded-Proto: https'
  const login = (origin: string) =>
    send({ ...signInRequest(proto, `Origin: ${origin}`), host: 'app.example' })
  t.equal((await login('https://app.example')).status, 200)
  t.equal((await login('http://app.example')).status, 403)
})
