import { type Login } from '@drawbridge/logins'
import { createSqliteLoginStore } from '@drawbridge/logins/sqlite'
import t from 'tap'
import { openDatabase, createTemporaryDatabase } from '@drawbridge/test-support/servers/sqlite-file'
import { makeApp, PASSWORD, type TestApp } from '../make-app.ts'
import { attackedApp, json, NAME, parseCookie, signFor } from './attacked-app.ts'
import { bag } from './session-data-routes.ts'

const fetchLoginId = async ({ app }: TestApp, cookie: string) =>
  (await app.inject({ url: '/me', headers: { cookie } })).json<{ loginId: string }>().loginId

/** What may have become of the record of a login: the fourteen members by place, the version first. */
const DAMAGES: Record<string, (record: unknown[]) => unknown> = {
  'text that is no JSON': () => '{"half',
  nothing: () => '',
  'JSON of another kind': () => 'null',
  'an object': () => '{"id":"x"}',
  'a number': () => '7',
  'another version': ([, ...rest]) => [2, ...rest],
  'no version': ([, ...rest]) => rest,
  'a member too few': (record) => record.slice(0, -1),
  'a member too many': (record) => [...record, 1],
  'no user': (record) => record.with(2, ''),
  'a user that is no text': (record) => record.with(2, 1),
  'a username that is no text': (record) => record.with(3, null),
  'times that are no numbers': (record) => record.with(6, '9999999999999'),
  'a time beyond all numbers': (record) => record.with(6, 1e300),
  'a time below zero': (record) => record.with(8, -1),
  'no hash of a cookie': (record) => record.with(10, null),
  'the hash of another cookie': (record) => record.with(10, ['A'.repeat(43)]),
  'a hash that is none': (record) => record.with(10, ['']),
  'a key that is none': (record) => record.with(12, ['x']),
  'scopes that are no list': (record) => record.with(13, 'admin'),
  'data that is a list': (record) => record.with(14, []),
  'data that is null': (record) => record.with(14, null)
}

t.test('S15 a damaged record is no login: a 401 like any other, and no fault', async (t) => {
  const { path, remove } = createTemporaryDatabase()
  const database = openDatabase(path)
  const clock = { now: 1_800_000_000_000 }
  const store = createSqliteLoginStore({ database, now: () => clock.now })
  const node = await attackedApp(t, { clock, store, routes: bag })
  t.teardown(() => {
    database.close()
    remove()
  })
  const { bytes: refusal } = await node.getMe()
  const read = database.prepare('SELECT record FROM drawbridge_logins WHERE id = ?')
  const write = database.prepare('UPDATE drawbridge_logins SET record = ? WHERE id = ?')
  for (const [what, damage] of Object.entries(DAMAGES)) {
    const cookie = await node.signIn()
    const { loginId } = parseCookie(cookie)
    const row = read.all(loginId)[0] as { record: string }
    const damaged = damage(JSON.parse(row.record) as unknown[])
    write.run(typeof damaged === 'string' ? damaged : JSON.stringify(damaged), loginId)
    t.equal((await node.getMe(cookie)).bytes, refusal, what)
    t.equal((await node.send({ path: '/bag', lines: [`Cookie: ${cookie}`] })).status, 401, what)
    const found = await store.find(loginId)
    const kept = found === null ? [] : read.all(loginId)
    const out = { method: 'POST', path: '/session/logout', lines: [`Cookie: ${cookie}`] }
    t.equal((await node.send(out)).status, 200, `${what}: and it can be logged out of`)
    t.same(
      read.all(loginId),
      kept,
      `${what}: which removes it, but for what is the login of another cookie, or a pending sign-in`
    )
  }
  const whole = await node.signIn()
  const row = read.all(parseCookie(whole).loginId)[0] as { record: string }
  write.run(row.record, parseCookie(whole).loginId)
  t.equal((await node.getMe(whole)).status, 200, 'a record that is written back unchanged is valid')
})

t.test('F17 S21 data under a reserved name of sessions is not read, and breaks nothing', async (t) => {
  const node = await makeApp({ routes: bag })
  const names = [
    '__proto__',
    'constructor',
    'cookie',
    'sessionId',
    'encryptedSessionId',
    'options',
    'touch',
    'regenerate',
    'get',
    'set',
    'destroy',
    'reload',
    'save',
    'isModified',
    'isSaved',
    'toJSON',
    'toString',
    'hasOwnProperty',
    'then'
  ]
  for (const name of names) {
    const cookie = await node.signIn()
    const data = JSON.parse(
      `{"owner":"ada","${name}":{"maxAge":1,"expires":1,"secure":"auto"}}`
    ) as Login['data']
    await node.logins.update(await fetchLoginId(node, cookie), { data })
    const headers = { cookie }
    const answer = await node.app.inject({ url: '/bag', headers })
    t.same([answer.statusCode, answer.json()], [200, { username: 'ada', owner: 'ada' }], name)
    const write = await node.app.inject({ method: 'POST', url: '/bag', headers, payload: { owner: 'bob' } })
    t.equal(write.statusCode, 200, name)
    t.equal((await node.app.inject({ url: '/bag', headers })).json().owner, 'bob')
  }
  t.equal(({} as Record<string, unknown>).maxAge, undefined)
})

t.test('S21 a client that chooses names and values of session data does no harm', async (t) => {
  const node = await attackedApp(t, { routes: bag })
  const cookie = await node.signIn()
  const put = (body: string) =>
    node.send({
      method: 'POST',
      path: '/bag',
      lines: [`Cookie: ${cookie}`, 'Content-Type: application/json'],
      body
    })
  t.equal((await put('{"__proto__":{"owner":"evil"}}')).status, 400, 'Fastify rejects it')
  for (const name of ['save', 'get', 'isModified', 'constructor', 'options']) {
    const answer = await put(`{"${name}":1}`)
    t.equal(answer.status, 500, name)
    t.match(answer.body, /request\.session/, 'a fault of the service, which names the member')
  }
  t.equal((await put('{"cookie":{"maxAge":-1,"path":"/x"},"owner":"x"}')).status, 200)
  t.equal((await put(JSON.stringify({ owner: 'ada', big: 'x'.repeat(1_000_000) }))).status, 200, 'a megabyte')
  const { body, status } = await node.send({ path: '/bag', lines: [`Cookie: ${cookie}`] })
  t.same([status, body], [200, '{"username":"ada","owner":"ada"}'])
  const { data } = (await node.logins.resolve(parseCookie(cookie).loginId))!
  t.equal((data.big as string).length, 1_000_000)
})

t.test('S16 a log-out overtakes a slow read of the store: the result of the read is not used', async (t) => {
  const node = await makeApp()
  const { store } = node.storeSpy
  const cookie = await node.signIn()
  const find = store.find.bind(store)
  let [answer, entered] = [() => {}, () => {}]
  const held = new Promise<void>((resolve) => (answer = resolve))
  const reading = new Promise<void>((resolve) => (entered = resolve))
  Object.assign(store, {
    find: async (loginId: string) => {
      const login = await find(loginId)
      Object.assign(store, { find })
      entered()
      await held
      return login
    }
  })
  const headers = { cookie }
  const slow = node.app.inject({ url: '/me', headers })
  await reading
  t.equal((await node.app.inject({ method: 'POST', url: '/session/logout', headers })).statusCode, 200)
  answer()
  t.equal((await slow).statusCode, 401)
  t.equal((await node.app.inject({ url: '/me', headers })).statusCode, 401)
})

t.test('S16 a store that fails midway is a 503 for every method, and signs nobody in or out', async (t) => {
  const node = await attackedApp(t, { routes: bag })
  const [cold, other] = [await node.signIn(), await node.signIn()]
  node.storeSpy.outage = new Error('connection refused')
  const lines = [`Cookie: ${cold}`]
  const write = json({ owner: 'ada' }, ...lines)
  const login = json({ username: 'ada', password: PASSWORD })
  for (const request of [
    { lines },
    { path: '/bag', lines },
    { method: 'POST', path: '/bag', ...write },
    { method: 'POST', path: '/session/login', ...login },
    { method: 'POST', path: '/session/logout', lines }
  ]) {
    const { status, header } = await node.send(request)
    t.equal(status, 503, JSON.stringify(request).slice(0, 60))
    t.same([header('retry-after'), header('set-cookie')], [['1'], []])
  }
  t.equal((await node.getMe()).status, 401, 'without a cookie it is a 401: the store is not needed')
  node.storeSpy.outage = null
  for (const cookie of [cold, other]) t.equal((await node.getMe(cookie)).status, 200)
})

t.test('S17 of a hundred thousand guesses none is a login, reaches the store or is cached', async (t) => {
  const { app, storeSpy, logins, signIn } = await makeApp()
  const genuine = parseCookie(await signIn())
  const reply = { header: () => reply, getHeader: () => undefined } as never
  const ask = (value: string) =>
    new Promise<number>((resolve) => {
      const headers = { cookie: `${NAME}=${value}` }
      const request = { method: 'GET', headers, principal: null, routeOptions: {} } as never
      app.sessionAuth.guard(request, reply, (error) => {
        resolve(error === undefined ? 200 : ((error as { statusCode?: number }).statusCode ?? 0))
      })
    })
  const before = { ...storeSpy.counts }
  const counts = new Map<number, number>()
  for (let at = 0; at < 100_000; at++) {
    const tail = at.toString(36).padStart(43, 'A')
    const status = await ask(`${genuine.loginId}.${at % 2 ? genuine.secret : tail}.${tail}`)
    counts.set(status, (counts.get(status) ?? 0) + 1)
  }
  t.same([...counts], [[401, 100_000]])
  t.same(storeSpy.counts, before)
  t.equal(logins.health().cacheSize, 0)
  t.equal(await ask(genuine.value), 200)
})

t.test(
  'S17 a guessed secret of a known login, even signed, is checked by the store and never cached',
  async (t) => {
    const { getMe, storeSpy, logins, signIn } = await attackedApp(t)
    const genuine = await signIn()
    const { loginId, secret } = parseCookie(genuine)
    const { bytes: refusal } = await getMe()
    for (const guess of ['A'.repeat(43), secret.toLowerCase(), `${secret.slice(0, 42)}_`]) {
      t.equal((await getMe(`${NAME}=${signFor('session cookie', `${loginId}.${guess}`)}`)).bytes, refusal)
    }
    t.equal(logins.health().cacheSize, 0)
    t.equal(storeSpy.counts.update ?? 0, 0)
    t.equal((await getMe(genuine)).status, 200)
  }
)

t.test('S18 a flood of visitors leaves no row and nothing in memory', async (t) => {
  const { app, storeSpy, logins } = await makeApp({ routes: bag })
  for (let round = 0; round < 10; round++) {
    const cookies = Array.from({ length: 20 }, (_, at) => [undefined, `${NAME}=guess-${round}-${at}`][at % 2])
    await Promise.all(
      cookies.map(async (cookie) => {
        const headers = cookie === undefined ? {} : { cookie }
        const answers = await Promise.all([
          app.inject({ url: '/bag', headers }),
          app.inject({ method: 'POST', url: '/bag', headers, payload: { owner: 'x' } }),
          app.inject({ method: 'POST', url: '/session/logout', headers })
        ])
        const statuses = answers.map(({ statusCode }) => statusCode)
        if (String(statuses) !== '401,401,200') t.fail(String(statuses))
      })
    )
  }
  t.same(storeSpy.counts, {})
  const { cacheSize, revocationListSize } = logins.health()
  t.same({ cacheSize, revocationListSize }, { cacheSize: 0, revocationListSize: 0 })
})
