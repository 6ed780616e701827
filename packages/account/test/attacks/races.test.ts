import t from 'tap'
import {
  createBarrier,
  NEXT_PASSWORD,
  type Node,
  PASSWORD,
  type Place,
  type Service,
  startService
} from '../start-service.ts'

const OTHER_PASSWORD = 'seven lamps under the ice'
const THROTTLE = { requestsPerAccount: 100, requestsPerAddress: 1000 }
const INVALID = { statusCode: 400, code: 'DRAWBRIDGE_INVALID_ONE_TIME_TOKEN' }

const reset = (node: Node, token: string, newPassword = NEXT_PASSWORD) =>
  node.send('POST', '/account/password/reset', {}, { token, newPassword })

async function requestReset({ nodes, nextMail }: Service, username = 'ada'): Promise<string> {
  await nodes[0].send('POST', '/account/password/forgot', {}, { username })
  return (await nextMail('reset')).token
}

const canSignIn = (node: Node, password: string, username = 'ada') =>
  node.signIn('token', username, password).then(
    () => true,
    () => false
  )

async function countLogins(node: Node, username = 'ada'): Promise<number> {
  const user = await node.users.store.findByUsernameKey(username)
  return (await node.store.store.listByUser(user?.id ?? '')).length
}

t.test('A01 of two uses of one reset token at once on two nodes one sets the password', async (t) => {
  const service = await startService(t, 'postgres and redis', { account: { throttle: THROTTLE } })
  const [one, other] = [service.nodes[0], service.nodes[1] as Node]
  for (let round = 0; round < 3; round += 1) {
    const token = await requestReset(service)
    const meet = createBarrier()
    for (const node of [one, other]) node.users.before('replacePasswordHash', meet)
    const answers = await Promise.all([
      reset(one, token, `${NEXT_PASSWORD} ${round}`),
      reset(other, token, `${OTHER_PASSWORD} ${round}`)
    ])
    t.same(
      answers.map(({ status }) => status).toSorted((a, b) => a - b),
      [200, 400]
    )
    const hasOneWon = answers[0].status === 200
    t.match(answers[hasOneWon ? 1 : 0].body, INVALID)
    t.equal(await canSignIn(one, `${NEXT_PASSWORD} ${round}`), hasOneWon)
    t.equal(await canSignIn(one, `${OTHER_PASSWORD} ${round}`), !hasOneWon)
  }
})

const places: readonly Place[] = ['sqlite', 'postgres and redis']

for (const place of places) {
  t.test(`on ${place}`, async (t) => {
    const start = () => startService(t, place, { account: { throttle: THROTTLE } })
    const service = await start()
    const node = service.nodes[0]
    const other = service.nodes.at(-1) as Node
    let password = PASSWORD
    const setBy = async (token: string, next: string) => {
      const { status } = await reset(node, token, next)
      if (status === 200) password = next
      return status
    }

    for (const when of ['before', 'after'] as const) {
      await t.test(
        `A07 a sign-in that is in flight ${when} its record is written fails with the reset`,
        async (t) => {
          const token = await requestReset(service)
          const next = `${NEXT_PASSWORD} ${when}`
          other.store[when]('insert', async () => t.equal(await setBy(token, next), 200))
          const credentials = { username: 'ada', password }
          const signedIn = await other.send('POST', '/session/login', {}, credentials)
          t.match(signedIn.body, { statusCode: 401, code: 'DRAWBRIDGE_INVALID_CREDENTIALS' })
          t.same(signedIn.headers.getSetCookie(), [])
          t.equal(await countLogins(node), 0)
        }
      )
    }

    await t.test('A08 a change that is in flight fails with the reset, and revokes nothing', async (t) => {
      const token = await requestReset(service)
      const own = await other.signIn('token', 'ada', password)
      other.users.before('replacePasswordHash', async () => {
        t.equal(await setBy(token, `${NEXT_PASSWORD} by reset`), 200)
        t.ok(await node.signIn('token', 'ada', password))
      })
      const change = { currentPassword: password, newPassword: OTHER_PASSWORD }
      const changed = await other.send('POST', '/account/password', own, change)
      t.match(changed.body, { statusCode: 403, code: 'DRAWBRIDGE_WRONG_PASSWORD' })
      t.equal(await canSignIn(node, OTHER_PASSWORD), false)
      t.equal(await canSignIn(node, password), true)
      t.equal(await other.me(own), 401)
    })

    await t.test('A08 a reset that is in flight fails with the change', async (t) => {
      const token = await requestReset(service)
      const own = await node.signIn('token', 'ada', password)
      const change = { currentPassword: password, newPassword: OTHER_PASSWORD }
      other.users.before('replacePasswordHash', async () => {
        t.equal((await node.send('POST', '/account/password', own, change)).status, 200)
        password = OTHER_PASSWORD
      })
      t.match((await reset(other, token, NEXT_PASSWORD)).body, INVALID)
      t.equal(await canSignIn(node, NEXT_PASSWORD), false)
      t.equal(await canSignIn(node, OTHER_PASSWORD), true)
      t.equal(await node.me(own), 200, 'and who has changed it stays signed in')
    })

    await t.test('A02 a token that was made for an earlier password is worthless', async (t) => {
      const [first, second] = [await requestReset(service), await requestReset(service)]
      t.equal(await setBy(second, `${NEXT_PASSWORD} by the second`), 200)
      t.match((await reset(other, first, OTHER_PASSWORD)).body, INVALID)
      const third = await requestReset(service)
      const own = await node.signIn('token', 'ada', password)
      const next = `${NEXT_PASSWORD} by a change`
      const change = { currentPassword: password, newPassword: next }
      t.equal((await node.send('POST', '/account/password', own, change)).status, 200)
      password = next
      t.match((await reset(other, third, OTHER_PASSWORD)).body, INVALID)
      t.equal(await canSignIn(node, password), true)
    })

    await t.test('a token stays good when a sign-in upgrades the hash', async (t) => {
      const token = await requestReset(service, 'bob')
      const { passwordHash, id } = (await node.users.store.findByUsernameKey('bob')) ?? {
        passwordHash: '',
        id: ''
      }
      t.ok(await node.users.store.replacePasswordHash(id, passwordHash, passwordHash))
      t.equal((await reset(other, token, PASSWORD)).status, 200)
    })

    for (const when of ['before', 'after'] as const) {
      await t.test(
        `A13 a sign-in in flight ${when} its record is written fails with the deletion`,
        async (t) => {
          const username = `gone-${when}`
          await node.send('POST', '/account/register', {}, { username, password: PASSWORD })
          const own = await node.signIn('session', username)
          const { id = '' } = (await node.users.store.findByUsernameKey(username)) ?? {}
          other.store[when]('insert', async () =>
            t.equal((await node.send('DELETE', '/account', own)).status, 204)
          )
          const credentials = { username, password: PASSWORD }
          t.equal((await other.send('POST', '/token/login', {}, credentials)).status, 401)
          t.same(await node.store.store.listByUser(id), [])
        }
      )
    }

    await t.test('A13 a refresh in flight fails with the deletion', async (t) => {
      const credentials = { username: 'gone-by-refresh', password: PASSWORD }
      await node.send('POST', '/account/register', {}, credentials)
      const own = await node.signIn('session', credentials.username)
      const { body } = await other.send('POST', '/token/login', {}, credentials)
      const { refresh_token } = body
      other.store.before('rotate', async () =>
        t.equal((await node.send('DELETE', '/account', own)).status, 204)
      )
      t.equal((await other.send('POST', '/token/refresh', {}, { refresh_token })).status, 401)
      t.equal(await node.me({ authorization: `Bearer ${String(body['token'])}` }), 401)
    })

    await t.test('of two registrations of one username at once one succeeds', async (t) => {
      const meet = createBarrier()
      const first = place === 'sqlite' ? [] : [node, other]
      for (const each of first) each.users.before('insert', meet)
      const register = (each: Node, username: string) =>
        each.send('POST', '/account/register', {}, { username, password: PASSWORD })
      const answers = await Promise.all([register(node, 'Twin'), register(other, 'twin')])
      t.same(
        answers.map(({ status }) => status).toSorted((a, b) => a - b),
        [201, 409]
      )
    })
  })
}

t.test('A09 a reset while the logins cannot be ended is a 503, and its token stays good', async (t) => {
  const service = await startService(t)
  const [node] = service.nodes
  const token = await requestReset(service)
  const own = await node.signIn('session')
  node.store.outage = new Error('down')
  t.match((await reset(node, token)).body, { statusCode: 503, code: 'DRAWBRIDGE_LOGINS_UNAVAILABLE' })
  node.store.outage = null
  t.equal(await node.me(own), 200)
  t.equal((await reset(node, token)).status, 200)
  t.equal(await node.me(own), 401)
})

t.test('A09 where it is not certain that nothing was set, the logins end', async (t) => {
  const service = await startService(t)
  const [node] = service.nodes
  const token = await requestReset(service)
  const own = await node.signIn('session')
  node.users.after('replacePasswordHash', () => Promise.reject(new Error('the reply was lost')))
  t.match((await reset(node, token)).body, { statusCode: 503, code: 'DRAWBRIDGE_CREDENTIALS_UNAVAILABLE' })
  t.equal(await node.me(own), 401)
})
