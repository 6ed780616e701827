import { readFileSync } from 'node:fs'
import { createSqliteLoginStore } from '@drawbridge/logins/sqlite'
import t from 'tap'
import { openDatabase, temporaryDatabase } from '../../../logins/test/sqlite-file.ts'
import { SECRET } from '../make-app.ts'
import { attackedApp, cookiesOf, logInRequest, NAME, partsOf, signedFor } from './attacked-app.ts'
import { enter, only, seenBy, twoNodes } from './two-nodes.ts'

/** Two nodes, on which a log-in gives every cookie that we have: handle, snapshot and fence. */
async function serviceWithFences() {
  const fence = '0:epoch:7-0'
  const scene = await twoNodes({
    routes: (app) => {
      app.post('/end-others', async (request, reply) => ({
        ended: await app.sessionAuth.endOtherSessions(request, reply)
      }))
    }
  })
  const tell = scene.feed.publish
  const publish = async (...told: Parameters<typeof tell>) => {
    await tell(...told)
    return fence
  }
  const reached: string[] = []
  const reach = async (asked: string) => reached.push(asked) > 0
  Object.assign(scene.feed, { publish, reach })
  const fenceOf = async (jar: string) => {
    const headers = { cookie: only(jar, NAME) }
    const answer = await scene.one.app.inject({ method: 'POST', url: '/end-others', headers })
    return String(answer.headers['set-cookie']).split(';', 1)[0] as string
  }
  return { ...scene, reached, fenceOf }
}

const valueOf = (pair: string) => pair.slice(pair.indexOf('=') + 1)

t.test('attacker: with a sibling subdomain gains nothing by the cookies that it can plant', async (t) => {
  const { one, two, fenceOf } = await serviceWithFences()
  const [mine, theirs] = [await enter(one, 'ada'), await enter(one, 'bob')]
  await enter(one, 'bob')
  const handle = only(mine, NAME)
  const planted = [
    only(theirs, `${NAME}-snapshot`),
    await fenceOf(theirs),
    `${NAME}-snapshot=made-up`,
    `${NAME}-fence=0:epoch:9-9.made-up`,
    `__host-drawbridge=${valueOf(only(theirs, NAME))}`,
    `drawbridge=${valueOf(only(theirs, NAME))}`
  ]
  for (const cookie of planted) {
    for (const line of [`${cookie}; ${mine}`, `${mine}; ${cookie}`, `${cookie}; ${handle}`]) {
      for (const { app } of [one, two]) {
        const answer = await app.inject({ url: '/me', headers: { cookie: line } })
        t.equal(answer.json().username, 'ada', 'the victim is who it was')
      }
    }
  }
  t.same(await seenBy([one, two], `${only(theirs, NAME)}; ${mine}`), [400, 400], 'two handles are never one')
  const own = await enter(two, 'ada', theirs)
  t.same(await seenBy([one, two], theirs), [401, 401], 'and one planted before the log-in ends by it')
  t.same(await seenBy([one, two], own), [200, 200])
})

t.test(
  'attacker: with a sibling subdomain cannot send a request of its own, nor plant under our name',
  async (t) => {
    const node = await attackedApp(t)
    const cookie = await node.logIn()
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
        (await node.send({ ...logInRequest(...proof), host: 'app.example' })).status,
        403,
        'log-in CSRF'
      )
    }
    t.equal((await node.show(cookie)).status, 200)
    // RFC 6265bis: a browser takes a name with this prefix from no one but the host itself.
    const [line = ''] = (await node.send(logInRequest())).header('set-cookie')
    t.match(line, /^__Host-.*; Path=\/;.*; Secure/)
    t.notMatch(line, /; *domain/i)
  }
)

t.test('attacker: with other cookies of the service cannot use one in the place of another', async (t) => {
  const { one, two, reached, fenceOf } = await serviceWithFences()
  const jar = await enter(one)
  await enter(one)
  const other = await enter(one, 'bob')
  const [handle, snapshot] = [only(jar, NAME), only(jar, `${NAME}-snapshot`)]
  const fence = await fenceOf(jar)
  const values = {
    handle: valueOf(handle),
    snapshot: valueOf(snapshot),
    fence: valueOf(fence),
    'snapshot signed as a handle': signedFor('session cookie', valueOf(snapshot)),
    'handle signed as a snapshot': signedFor('session snapshot', partsOf(handle).handle),
    'handle signed as a fence': signedFor('fence cookie', partsOf(handle).handle),
    'handle signed as a refresh token': signedFor('refresh-token mac', partsOf(handle).handle),
    'the loginId alone, signed': signedFor('session cookie', partsOf(handle).loginId),
    'the snapshot of another login': valueOf(only(other, `${NAME}-snapshot`))
  }
  reached.length = 0
  for (const [what, value] of Object.entries(values)) {
    const [asHandle, asSnapshot, asFence] = [
      `${NAME}=${value}`,
      `${NAME}-snapshot=${value}`,
      `${NAME}-fence=${value}`
    ]
    if (what !== 'handle') t.same(await seenBy([one, two], asHandle), [401, 401], `${what} as handle`)
    t.same(await seenBy([one, two], asSnapshot), [401, 401], `${what} as snapshot, alone`)
    if (!what.includes('fence')) t.same(await seenBy([one, two], `${asFence}; ${handle}`), [200, 200])
    if (what !== 'snapshot') {
      const cold = `${asSnapshot}; ${only(await enter(one), NAME)}`
      const asked = one.watched.calls.find ?? 0
      t.same(await seenBy([one], cold), [200])
      t.equal(one.watched.calls.find, asked + 1, `${what} as snapshot of a handle: the store was asked`)
    }
  }
  t.same(reached, [], 'nothing but a fence is a fence')
  t.same(await seenBy([one, two], `${handle}; ${fence}`), [200, 200])
  t.equal(reached.length, 2)
})

/** All that could be a value in a dump: whatever is long enough and has the alphabet of one. */
const tokensOf = (dump: string) => [...new Set(dump.match(/[A-Za-z0-9_-]{20,}/g))]

t.test('attacker: S23 with a stolen dump of the store finds no cookie in it', async (t) => {
  const { path, remove } = temporaryDatabase()
  const database = openDatabase(path)
  const clock = { now: 1_800_000_000_000 }
  const store = createSqliteLoginStore({ database, now: () => clock.now })
  const node = await attackedApp(t, { clock, store, session: { snapshotSeconds: 60 } })
  t.teardown(() => {
    database.close()
    remove()
  })
  const victims = [await node.send(logInRequest()), await node.send(logInRequest())].map(cookiesOf)
  const rows = JSON.stringify(database.prepare('SELECT * FROM drawbridge_logins').all())
  const files = [path, `${path}-wal`].map((file) => readFileSync(file, 'latin1')).join('')

  const { bytes: refusal } = await node.show()
  const tokens = tokensOf(rows)
  t.ok(tokens.length >= 4, 'ids and hashes at the least')
  const pairs = tokens.flatMap((one) => tokens.map((two) => `${one}.${two}`))
  for (const text of [...tokens, ...pairs]) {
    for (const value of [text, `${text}.${tokens[0]}`, signedFor('session cookie', text)]) {
      if ((await node.show(`${NAME}=${value}`)).bytes !== refusal) t.fail('something in the dump is a cookie')
      t.equal((await node.show(`${NAME}-snapshot=${value}`)).bytes, refusal)
    }
  }
  for (const [handle = '', snapshot = ''] of victims) {
    const { loginId, secret, mac } = partsOf(handle)
    t.ok(files.includes(loginId), 'the dump is one of these very logins')
    for (const kept of [secret, mac, valueOf(snapshot), SECRET]) t.notOk(files.includes(kept))
    t.equal((await node.show(handle)).status, 200)
  }
})

t.test(
  'attacker: S22 S23 with the list of logins, as a user or an administrator sees it, has no cookie',
  async (t) => {
    const node = await attackedApp(t)
    const cookie = await node.logIn()
    const { userId } = JSON.parse((await node.show(cookie)).body) as { userId: string }
    const listed = await node.logins.listByUser(userId)
    t.same(
      listed.map(({ id }) => id),
      [partsOf(cookie).loginId]
    )
    const { bytes: refusal } = await node.show()
    for (const token of tokensOf(JSON.stringify(listed))) {
      const { loginId } = partsOf(cookie)
      for (const text of [token, `${loginId}.${token}`]) {
        t.equal((await node.show(`${NAME}=${text}`)).bytes, refusal)
        t.equal((await node.show(`${NAME}=${signedFor('session cookie', text)}`)).bytes, refusal)
      }
    }
    t.notOk(JSON.stringify(listed).includes(partsOf(cookie).secret))
    t.notOk((await node.show(cookie)).body.includes(partsOf(cookie).secret), 'nor has what a handler sees')
  }
)
