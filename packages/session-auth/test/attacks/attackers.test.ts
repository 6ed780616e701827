import { readFileSync } from 'node:fs'
import { createSqliteLoginStore } from '@drawbridge/logins/sqlite'
import t from 'tap'
import { openDatabase, createTemporaryDatabase } from '@drawbridge/test-support/servers/sqlite-file'
import { SECRET } from '../make-app.ts'
import { attackedApp, cookiesFrom, signInRequest, NAME, parseCookie, signFor } from './attacked-app.ts'
import { signInForJar, pickCookie, statusOnEach, twoNodes } from './two-nodes.ts'

/** Two nodes, on which a sign-in sets every cookie that we have: session, snapshot and position. */
async function serviceWithPositions() {
  const position = '0:epoch:7-0'
  const scene = await twoNodes({
    routes: (app) => {
      app.post('/end-others', async (request, reply) => ({
        ended: await app.sessionAuth.revokeOthers(request, reply)
      }))
    }
  })
  const innerPublish = scene.feed.publish
  const publish = async (...revocations: Parameters<typeof innerPublish>) => {
    await innerPublish(...revocations)
    return position
  }
  const reached: string[] = []
  const waitForPosition = async (position: string) => reached.push(position) > 0
  Object.assign(scene.feed, { publish, waitForPosition })
  const readPosition = async (jar: string) => {
    const headers = { cookie: pickCookie(jar, NAME) }
    const answer = await scene.one.app.inject({ method: 'POST', url: '/end-others', headers })
    return String(answer.headers['set-cookie']).split(';', 1)[0] as string
  }
  return { ...scene, reached, readPosition }
}

const parseValue = (pair: string) => pair.slice(pair.indexOf('=') + 1)

t.test('attacker: with a sibling subdomain gains nothing by the cookies that it can plant', async (t) => {
  const { one, two, readPosition } = await serviceWithPositions()
  const [mine, theirs] = [await signInForJar(one, 'ada'), await signInForJar(one, 'bob')]
  await signInForJar(one, 'bob')
  const handle = pickCookie(mine, NAME)
  const planted = [
    pickCookie(theirs, `${NAME}-snapshot`),
    await readPosition(theirs),
    `${NAME}-snapshot=made-up`,
    `${NAME}-position=0:epoch:9-9.made-up`,
    `__host-drawbridge=${parseValue(pickCookie(theirs, NAME))}`,
    `drawbridge=${parseValue(pickCookie(theirs, NAME))}`
  ]
  for (const cookie of planted) {
    for (const line of [`${cookie}; ${mine}`, `${mine}; ${cookie}`, `${cookie}; ${handle}`]) {
      for (const { app } of [one, two]) {
        const answer = await app.inject({ url: '/me', headers: { cookie: line } })
        t.equal(answer.json().username, 'ada', 'the victim is who it was')
      }
    }
  }
  t.same(
    await statusOnEach([one, two], `${pickCookie(theirs, NAME)}; ${mine}`),
    [400, 400],
    'two session cookies are never one'
  )
  const own = await signInForJar(two, 'ada', theirs)
  t.same(
    await statusOnEach([one, two], theirs),
    [401, 401],
    'and one planted before the sign-in is revoked by it'
  )
  t.same(await statusOnEach([one, two], own), [200, 200])
})

t.test(
  'attacker: with a sibling subdomain cannot send a request of its own, nor plant under our name',
  async (t) => {
    const node = await attackedApp(t)
    const cookie = await node.signIn()
    for (const proof of [
      ['Sec-Fetch-Site: same-site', 'Origin: http://evil.app.example'],
      ['Sec-Fetch-Site: same-site'],
      ['Origin: http://evil.app.example']
    ]) {
      for (const path of ['/me', '/session/logout']) {
        const lines = [`Cookie: ${cookie}`, ...proof]
        t.equal((await node.send({ method: 'POST', path, host: 'app.example', lines })).status, 403)
      }
      t.equal(
        (await node.send({ ...signInRequest(...proof), host: 'app.example' })).status,
        403,
        'login CSRF'
      )
    }
    t.equal((await node.getMe(cookie)).status, 200)
    // RFC 6265bis: a browser takes a name with this prefix from no one but the host itself.
    const [line = ''] = (await node.send(signInRequest())).header('set-cookie')
    t.match(line, /^__Host-.*; Path=\/;.*; Secure/)
    t.notMatch(line, /; *domain/i)
  }
)

t.test('attacker: with other cookies of the service cannot use one in the place of another', async (t) => {
  const { one, two, reached, readPosition } = await serviceWithPositions()
  const jar = await signInForJar(one)
  await signInForJar(one)
  const other = await signInForJar(one, 'bob')
  const [session, snapshot] = [pickCookie(jar, NAME), pickCookie(jar, `${NAME}-snapshot`)]
  const position = await readPosition(jar)
  const values = {
    session: parseValue(session),
    snapshot: parseValue(snapshot),
    position: parseValue(position),
    'snapshot signed as a session cookie': signFor('session cookie', parseValue(snapshot)),
    'session cookie signed as a snapshot': signFor('session snapshot', parseCookie(session).content),
    'session cookie signed as a position': signFor('position cookie', parseCookie(session).content),
    'session cookie signed as a refresh token': signFor('refresh-token mac', parseCookie(session).content),
    'the loginId alone, signed': signFor('session cookie', parseCookie(session).loginId),
    'the snapshot of another login': parseValue(pickCookie(other, `${NAME}-snapshot`))
  }
  reached.length = 0
  for (const [what, value] of Object.entries(values)) {
    const [asSession, asSnapshot, asPosition] = [
      `${NAME}=${value}`,
      `${NAME}-snapshot=${value}`,
      `${NAME}-position=${value}`
    ]
    if (what !== 'session')
      t.same(await statusOnEach([one, two], asSession), [401, 401], `${what} as a session cookie`)
    t.same(await statusOnEach([one, two], asSnapshot), [401, 401], `${what} as snapshot, alone`)
    if (!what.includes('position'))
      t.same(await statusOnEach([one, two], `${asPosition}; ${session}`), [200, 200])
    if (what !== 'snapshot') {
      const cold = `${asSnapshot}; ${pickCookie(await signInForJar(one), NAME)}`
      const asked = one.storeSpy.counts.find ?? 0
      t.same(await statusOnEach([one], cold), [200])
      t.equal(
        one.storeSpy.counts.find,
        asked + 1,
        `${what} as the snapshot of a session: the store was asked`
      )
    }
  }
  t.same(reached, [], 'nothing but a position is a position')
  t.same(await statusOnEach([one, two], `${session}; ${position}`), [200, 200])
  t.equal(reached.length, 2)
})

/** All that could be a value in a dump: whatever is long enough and has the alphabet of one. */
const findTokens = (dump: string) => [...new Set(dump.match(/[A-Za-z0-9_-]{20,}/g))]

t.test('attacker: S23 with a stolen dump of the store finds no cookie in it', async (t) => {
  const { path, remove } = createTemporaryDatabase()
  const database = openDatabase(path)
  const clock = { now: 1_800_000_000_000 }
  const store = createSqliteLoginStore({ database, now: () => clock.now })
  const node = await attackedApp(t, { clock, store, session: { snapshotSeconds: 60 } })
  t.teardown(() => {
    database.close()
    remove()
  })
  const victims = [await node.send(signInRequest()), await node.send(signInRequest())].map(cookiesFrom)
  const rows = JSON.stringify(database.prepare('SELECT * FROM drawbridge_logins').all())
  const files = [path, `${path}-wal`].map((file) => readFileSync(file, 'latin1')).join('')

  const { bytes: refusal } = await node.getMe()
  const tokens = findTokens(rows)
  t.ok(tokens.length >= 4, 'ids and hashes at the least')
  const pairs = tokens.flatMap((one) => tokens.map((two) => `${one}.${two}`))
  for (const text of [...tokens, ...pairs]) {
    for (const value of [text, `${text}.${tokens[0]}`, signFor('session cookie', text)]) {
      if ((await node.getMe(`${NAME}=${value}`)).bytes !== refusal)
        t.fail('something in the dump is a cookie')
      t.equal((await node.getMe(`${NAME}-snapshot=${value}`)).bytes, refusal)
    }
  }
  for (const [handle = '', snapshot = ''] of victims) {
    const { loginId, secret, mac } = parseCookie(handle)
    t.ok(files.includes(loginId), 'the dump is one of these very logins')
    for (const kept of [secret, mac, parseValue(snapshot), SECRET]) t.notOk(files.includes(kept))
    t.equal((await node.getMe(handle)).status, 200)
  }
})

t.test(
  'attacker: S22 S23 with the list of logins, as a user or an administrator sees it, has no cookie',
  async (t) => {
    const node = await attackedApp(t)
    const cookie = await node.signIn()
    const { userId } = JSON.parse((await node.getMe(cookie)).body) as { userId: string }
    const listed = await node.logins.listByUser(userId)
    t.same(
      listed.map(({ id }) => id),
      [parseCookie(cookie).loginId]
    )
    const { bytes: refusal } = await node.getMe()
    for (const token of findTokens(JSON.stringify(listed))) {
      const { loginId } = parseCookie(cookie)
      for (const text of [token, `${loginId}.${token}`]) {
        t.equal((await node.getMe(`${NAME}=${text}`)).bytes, refusal)
        t.equal((await node.getMe(`${NAME}=${signFor('session cookie', text)}`)).bytes, refusal)
      }
    }
    t.notOk(JSON.stringify(listed).includes(parseCookie(cookie).secret))
    t.notOk((await node.getMe(cookie)).body.includes(parseCookie(cookie).secret), 'nor has request.principal')
  }
)
