import { seedUser } from '@drawbridge/credentials'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { account, buildDemo } from './build-demo.ts'
import { openUsers } from '../src/users.ts'
import { makeDataDir } from './start-demo.ts'

interface View {
  readonly id: string
  readonly current: boolean
  readonly carriers: readonly string[]
}

type Headers = Readonly<Record<string, string>>

const ada = { username: 'ada', password: 'a password that nobody guesses' }

/** The demo with a second user, listening, and a client of it. */
async function startDemo(t: Test) {
  const dataDir = await makeDataDir(t)
  await addAda(dataDir)
  const app = await buildDemo(t, { DATA_DIR: dataDir, LOGIN_ATTEMPTS_PER_ACCOUNT: '100' })
  await app.listen({ host: '127.0.0.1', port: 0 })
  const url = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`
  const send = async (method: string, path: string, headers: Headers = {}, json?: unknown) => {
    const response = await fetch(url + path, {
      method,
      headers: { ...headers, ...(json !== undefined && { 'content-type': 'application/json' }) },
      ...(json !== undefined && { body: JSON.stringify(json) })
    })
    const text = await response.text()
    return { status: response.status, headers: response.headers, text, body: parse(text) }
  }
  const signIn = {
    session: async (user = account): Promise<Headers> => {
      const { headers } = await send('POST', '/session/login', {}, user)
      return {
        cookie: headers
          .getSetCookie()
          .map((line) => line.split(';', 1)[0])
          .join('; ')
      }
    },
    token: async (user = account): Promise<Headers> => {
      const { body } = await send('POST', '/token/login', {}, user)
      return { authorization: `Bearer ${String(body.token)}` }
    }
  }
  const list = async (headers: Headers) =>
    (await send('GET', '/account/logins', headers)).body.logins as readonly [View, ...View[]]
  return { send, signIn, list }
}

async function addAda(dataDir: string): Promise<void> {
  const database = { kind: 'sqlite', path: join(dataDir, 'users.db') } as const
  const { users, close } = await openUsers({ dataDir, database }, () => {})
  await seedUser(users, ada)
  await close()
}

function parse(text: string): Record<string, unknown> {
  return text === '' ? {} : (JSON.parse(text) as Record<string, unknown>)
}

for (const carrier of ['session', 'token'] as const) {
  t.test(`by ${carrier}: a user lists the own logins, the newest first`, async (t) => {
    const { send, signIn } = await startDemo(t)
    await signIn.session()
    await signIn.token()
    const headers = await signIn[carrier]()
    const response = await send('GET', '/account/logins', headers)
    t.equal(response.status, 200)
    t.equal(response.headers.get('cache-control'), 'no-store')
    t.match(response.headers.get('vary'), 'Cookie')
    const { logins } = response.body as { logins: readonly View[] }
    t.match(
      logins.map(({ current, carriers }) => ({ current, carriers })),
      [
        { current: true, carriers: [carrier] },
        { current: false, carriers: ['token'] },
        { current: false, carriers: ['session'] }
      ]
    )
    t.same(Object.keys(logins[0] ?? {}).sort(), [
      'authenticatedAt',
      'carriers',
      'createdAt',
      'current',
      'device',
      'expiresAt',
      'id',
      'lastSeenAt',
      'scopes'
    ])
    t.match(logins[0], { createdAt: Number, device: { userAgent: 'node', address: '127.0.0.1' }, scopes: [] })
  })

  t.test(`by ${carrier}: a revoked login is rejected, and so is its own by its own`, async (t) => {
    const { send, signIn, list } = await startDemo(t)
    const other = await signIn.session()
    const own = await signIn[carrier]()
    const ids = Object.fromEntries(
      (await list(own)).map(({ id, current }) => [current ? 'own' : 'other', id])
    )
    const revoke = (id: string | undefined) => send('DELETE', `/account/logins/${id}`, own)

    const revoked = await revoke(ids.other)
    t.equal(revoked.status, 204)
    t.equal(revoked.text, '')
    t.equal((await send('GET', '/protected', other)).status, 401)
    t.equal((await send('GET', '/protected', own)).status, 200)
    t.equal((await revoke(ids.other)).status, 404, 'once more')
    t.equal((await revoke(ids.own)).status, 204)
    t.equal((await send('GET', '/protected', own)).status, 401)
    t.equal((await send('GET', '/account/logins', own)).status, 401)
  })

  t.test(`by ${carrier}: a login of another user cannot be told from one that does not exist`, async (t) => {
    const { send, signIn, list } = await startDemo(t)
    const theirs = await signIn.session(ada)
    const [{ id }] = await list(theirs)
    const own = await signIn[carrier]()
    const responses = await Promise.all(
      [id, `${id.slice(0, -1)}A`, 'a'.repeat(28), 'nonsense', '%00', `${id}x`].map((each) =>
        send('DELETE', `/account/logins/${each}`, own)
      )
    )
    for (const { status, text } of responses) {
      t.equal(status, 404)
      t.equal(text, '{"statusCode":404,"error":"Not Found","message":"Not Found"}')
    }
    t.equal((await send('GET', '/protected', theirs)).status, 200)
    t.equal((await list(own)).length, 1, 'and the list has the own logins only')
  })

  t.test(`by ${carrier}: all other logins are revoked, and not those of others`, async (t) => {
    const { send, signIn } = await startDemo(t)
    const others = [await signIn.session(), await signIn.token(), await signIn.token()]
    const theirs = await signIn.token(ada)
    const own = await signIn[carrier]()
    const response = await send('POST', '/account/logins/revoke-others', own)
    t.equal(response.status, 200)
    t.same(response.body, { revoked: 3 })
    for (const other of others) t.equal((await send('GET', '/protected', other)).status, 401)
    for (const each of [own, theirs]) t.equal((await send('GET', '/protected', each)).status, 200)
    t.same((await send('POST', '/account/logins/revoke-others', own)).body, { revoked: 0 })
  })
}

const unsafe = [
  ['DELETE', (id: string) => `/account/logins/${id}`, 204],
  ['POST', () => '/account/logins/revoke-others', 200]
] as const

for (const [method, path, status] of unsafe) {
  t.test(
    `${method} ${path(':id')} from another origin: 403 by cookie, no proof needed by bearer`,
    async (t) => {
      const { send, signIn, list } = await startDemo(t)
      const [cookie, bearer] = [await signIn.session(), await signIn.token()]
      const [{ id }] = await list(bearer)
      for (const foreign of [
        { origin: 'https://evil.example' },
        { 'sec-fetch-site': 'cross-site' }
      ] as Headers[]) {
        t.equal((await send(method, path(id), { ...cookie, ...foreign })).status, 403)
      }
      t.equal((await list(cookie)).length, 2, 'nothing was revoked')
      t.equal((await send(method, path(id), { ...bearer, origin: 'https://evil.example' })).status, status)
    }
  )
}

t.test('without a login every route of the account is a 401 with a challenge', async (t) => {
  const { send } = await startDemo(t)
  for (const [method, path] of [
    ['GET', '/account/logins'],
    ['DELETE', `/account/logins/${'a'.repeat(28)}`],
    ['POST', '/account/logins/revoke-others']
  ] as const) {
    const { status, headers } = await send(method, path)
    t.equal(status, 401, `${method} ${path}`)
    t.match(headers.get('www-authenticate'), /^Bearer/)
  }
})

t.test('a login that both carriers carry is one record with two carriers, and ends for both', async (t) => {
  const { send, signIn, list } = await startDemo(t)
  const cookie = await signIn.session()
  const { body } = await send('POST', '/exchange/session-for-token', cookie, { refresh_token: true })
  const bearer = { authorization: `Bearer ${String(body.access_token)}` }
  const [byCookie, byToken] = [await list(cookie), await list(bearer)]
  t.match(byCookie, [{ current: true, carriers: ['session', 'token'] }])
  t.same(byToken, byCookie)
  t.equal((await send('DELETE', `/account/logins/${byCookie[0].id}`, bearer)).status, 204)
  for (const path of ['/protected', '/session/protected'])
    t.equal((await send('GET', path, cookie)).status, 401, path)
  for (const path of ['/protected', '/token/protected'])
    t.equal((await send('GET', path, bearer)).status, 401, path)
})
