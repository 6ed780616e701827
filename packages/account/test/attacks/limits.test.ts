import { createMemoryUserStore, type UserStore } from '@drawbridge/credentials'
import t from 'tap'
import {
  type Credential,
  NEXT_PASSWORD,
  type Node,
  PASSWORD,
  renewed,
  type Service,
  startService
} from '../start-service.ts'

const forgot = (node: Node, username: string, headers: Credential = {}) =>
  node.send('POST', '/account/password/forgot', headers, { username })

t.test('A10 nobody gets more mails than the limit, from however many addresses, on two nodes', async (t) => {
  const { nodes, nextMail, mails } = await startService(t, 'postgres and redis', {
    account: { throttle: { requestsPerAccount: 2, requestsPerAddress: 100 } },
    server: { trustProxy: '127.0.0.1' }
  })
  const statuses: number[] = []
  for (let at = 0; at < 4; at += 1) {
    const node = nodes[at % nodes.length] as Node
    statuses.push((await forgot(node, 'ada', { 'x-forwarded-for': `203.0.113.${at}` })).status)
  }
  t.same(statuses, [202, 202, 429, 429])
  await nextMail()
  await nextMail()
  t.same(mails, [])
  t.equal((await forgot(nodes[0], 'bob', { 'x-forwarded-for': '203.0.113.9' })).status, 202)
})

/** What was sent, once all of it is. */
async function closeAndList({ nodes, mails }: Pick<Service, 'nodes' | 'mails'>) {
  await Promise.all(nodes.map(({ app }) => app.close()))
  return mails.map(({ kind, to }) => `${kind} ${to}`)
}

t.test(
  'A16 nobody gets more mails about registrations than the limit, from however many addresses, on two nodes',
  async (t) => {
    const service = await startService(t, 'postgres and redis', {
      account: { registration: 'verified', throttle: { requestsPerAccount: 2, requestsPerAddress: 100 } },
      server: { trustProxy: '127.0.0.1' }
    })
    const { nodes, pending } = service
    for (const { users } of nodes)
      users.after('insert', async () => {
        const stored = await users.store.findByUsernameKey('newcomer')
        if (stored !== null) pending.set(stored.id, 'newcomer@example.com')
      })
    let from = 0
    const register = async (username: string) => {
      from += 1
      const node = nodes[from % nodes.length] as Node
      const headers = { 'x-forwarded-for': `203.0.113.${from}` }
      const body = { username, password: PASSWORD }
      const { status, text } = await node.send('POST', '/account/register', headers, body)
      return [status, text]
    }
    const accepted = [202, '{"message":"Accepted"}']
    t.same(await register('newcomer'), accepted)
    t.equal((await service.nextMail()).kind, 'verification')
    for (const username of ['newcomer', 'Newcomer', 'newcomer', 'ada', 'ADA', 'ada', 'bob'])
      t.same(await register(username), accepted, 'the response is that of any other')
    const mails = (await closeAndList(service)).map((mail) => mail.toLowerCase())
    t.same(mails.toSorted(), [
      'username-taken ada',
      'username-taken ada',
      'username-taken bob',
      'username-taken newcomer'
    ])
  }
)

t.test('A17 nor more mails for a reset, by however many names of one user', async (t) => {
  const users: UserStore = createMemoryUserStore()
  const find = users.findByUsernameKey.bind(users)
  users.findByUsernameKey = (key) => find(key.startsWith('ada') ? 'ada' : key)
  const service = await startService(t, 'memory', {
    credentials: { users },
    account: { throttle: { requestsPerAccount: 2, requestsPerAddress: 100 } }
  })
  const { nodes } = service
  for (const name of ['ada', 'ada@example.com', 'ada@example.org', 'ada.lovelace', 'bob'])
    t.equal((await forgot(nodes[0], name)).status, 202, name)
  const mails = await closeAndList(service)
  t.same(mails.toSorted(), ['reset ada', 'reset ada', 'reset bob'])
})

t.test('A11 an address asks, registers and resets so often and no more, each counted apart', async (t) => {
  const { nodes } = await startService(t, 'memory', {
    account: { throttle: { requestsPerAddress: 3, requestsPerAccount: 100 } }
  })
  const [node] = nodes
  const doors: readonly (readonly [status: number, (at: number) => Promise<{ readonly status: number }>])[] =
    [
      [202, (at) => forgot(node, `user-${at}`)],
      [201, (at) => node.send('POST', '/account/register', {}, { username: `u-${at}`, password: PASSWORD })],
      [
        400,
        (at) =>
          node.send(
            'POST',
            '/account/password/reset',
            {},
            { token: `drbo_${at}`, newPassword: NEXT_PASSWORD }
          )
      ]
    ]
  for (const [status, knock] of doors) {
    for (let at = 0; at < 3; at += 1) t.equal((await knock(at)).status, status)
    t.equal((await knock(4)).status, 429)
  }
  t.ok(await node.signIn('token'), 'and a sign-in is not counted with them')
})

t.test('A12 an account is deleted only soon after the user has authenticated', async (t) => {
  const clock = { now: 1_800_000_000_000 }
  const { nodes } = await startService(t, 'memory', { clock })
  const [node] = nodes
  for (const carrier of ['session', 'token'] as const) {
    const own = await node.signIn(carrier, carrier === 'session' ? 'ada' : 'bob')
    clock.now += 300_001
    const rejected = await node.send('DELETE', '/account', own)
    t.match(rejected.body, { statusCode: 401, code: 'DRAWBRIDGE_REAUTHENTICATE' })
    t.equal(await node.me(own), 200)
    const username = carrier === 'session' ? 'ada' : 'bob'
    const theirs = await node.signIn(carrier, username)
    clock.now += 300_001
    const presented = await node.send('POST', '/account/reauthenticate', theirs, { password: PASSWORD })
    t.equal((await node.send('DELETE', '/account', renewed(theirs, presented))).status, 204)
  }
})

t.test(
  'logins are ended only soon after the user has authenticated, where the service says so',
  async (t) => {
    const clock = { now: 1_800_000_000_000 }
    const { nodes } = await startService(t, 'memory', { clock, account: { revokeMaxAgeSeconds: 60 } })
    const [node] = nodes
    const strict = { statusCode: 401, code: 'DRAWBRIDGE_REAUTHENTICATE' }
    const [own, stranger] = [await node.signIn('session'), await node.signIn('token')]
    clock.now += 60_001
    const list = async () =>
      (await node.send('GET', '/account/logins', own)).body['logins'] as { id: string }[]
    const [{ id }] = (await list()) as [{ id: string }]
    t.match((await node.send('DELETE', `/account/logins/${id}`, own)).body, strict)
    t.match((await node.send('POST', '/account/logins/revoke-others', own)).body, strict)
    t.equal((await list()).length, 2, 'and the list is for anybody who is signed in')
    const again = renewed(
      own,
      await node.send('POST', '/account/reauthenticate', own, { password: PASSWORD })
    )
    t.equal((await node.send('DELETE', `/account/logins/${id}`, again)).status, 204)
    t.equal((await node.send('POST', '/account/logins/revoke-others', again)).status, 200)
    t.equal(await node.me(stranger), 401)
  }
)

t.test('A15 a page of another origin changes nothing by the cookie of its visitor', async (t) => {
  const { nodes } = await startService(t)
  const [node] = nodes
  const [own, other] = [await node.signIn('session'), await node.signIn('token')]
  const [{ id }] = (await node.send('GET', '/account/logins', own)).body['logins'] as [{ id: string }]
  const change = { currentPassword: PASSWORD, newPassword: NEXT_PASSWORD }
  for (const foreign of [
    { origin: 'https://evil.example' },
    { 'sec-fetch-site': 'cross-site' }
  ] as Credential[]) {
    for (const [method, path, body] of [
      ['DELETE', `/account/logins/${id}`, undefined],
      ['POST', '/account/logins/revoke-others', undefined],
      ['POST', '/account/password', change],
      ['DELETE', '/account', undefined]
    ] as const)
      t.match((await node.send(method, path, { ...own, ...foreign }, body)).body, {
        statusCode: 403,
        code: 'DRAWBRIDGE_CROSS_ORIGIN'
      })
  }
  for (const each of [own, other]) t.equal(await node.me(each), 200)
  t.ok(await node.signIn('token'))
})
