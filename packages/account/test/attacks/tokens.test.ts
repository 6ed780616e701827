import { once } from 'node:events'
import { type AddressInfo, connect } from 'node:net'
import type { CreatedKey } from '@drawbridge/key-auth'
import { until } from '@drawbridge/test-support/until'
import t from 'tap'
import {
  type Answer,
  type Credential,
  NEXT_PASSWORD,
  type Node,
  PASSWORD,
  renewed,
  startService
} from '../start-service.ts'

const HOUR_MS = 3_600_000
const carriers = ['session', 'token'] as const

const input = (changes: object = {}) => ({
  name: 'nightly',
  scopes: [],
  expiresAt: Date.now() + HOUR_MS,
  ...changes
})

const create = (node: Node, own: Credential, changes: object = {}) =>
  node.send('POST', '/account/tokens', own, input(changes))

const count = async (node: Node, own: Credential) =>
  ((await node.send('GET', '/account/tokens', own)).body['tokens'] as readonly unknown[]).length

/** All that a client sees of a response but its time. */
function visible({ status, headers, text }: Answer) {
  return { status, text, headers: [...headers].filter(([name]) => name !== 'date') }
}

t.test('Y12 the id of the token of another user, or of a sign-in, cannot be told from none', async (t) => {
  const { nodes } = await startService(t)
  const [node] = nodes
  const [ada, bob] = [await node.signIn('session'), await node.signIn('token', 'bob')]
  const theirs = (await create(node, ada)).body as unknown as CreatedKey
  const { loginId } = (await node.send('GET', '/me', bob)).body as { loginId: string }
  const revoke = async (id: string) => visible(await node.send('DELETE', `/account/tokens/${id}`, bob))
  const expected = await revoke('a'.repeat(28))
  t.equal(expected.status, 404)
  for (const id of [theirs.id, loginId, 'nonsense', '%00', `${theirs.id}x`, '__proto__'])
    t.same(await revoke(id), expected, id)
  t.same((await node.send('GET', '/account/tokens', bob)).body, { tokens: [] })
  t.equal(await node.me(bob), 200)
  t.equal(await node.me({ authorization: `Bearer ${theirs.token}` }), 200)
})

t.test('Y13 a session that was left open makes no token, once its user authenticated long ago', async (t) => {
  const clock = { now: 1_800_000_000_000 }
  const { nodes } = await startService(t, 'memory', { clock })
  const [node] = nodes
  for (const carrier of carriers) {
    const own = await node.signIn(carrier)
    clock.now += 300_001
    const later = { expiresAt: clock.now + HOUR_MS }
    t.match((await create(node, own, later)).body, { statusCode: 401, code: 'DRAWBRIDGE_REAUTHENTICATE' })
    t.equal(await count(node, own), 0, 'while the list asks for nothing')
    const presented = await node.send('POST', '/account/reauthenticate', own, { password: PASSWORD })
    const fresh = renewed(own, presented)
    const made = await create(node, fresh, later)
    t.equal(made.status, 201)
    clock.now += 300_001
    const { id } = made.body as unknown as CreatedKey
    t.equal((await node.send('DELETE', `/account/tokens/${id}`, fresh)).status, 204, 'nor does its end')
  }
})

t.test('Y14 a page of another origin makes and revokes nothing by the cookie of its visitor', async (t) => {
  const { nodes } = await startService(t)
  const [node] = nodes
  const own = await node.signIn('session')
  const { id } = (await create(node, own)).body as unknown as CreatedKey
  for (const foreign of [
    { origin: 'https://evil.example' },
    { 'sec-fetch-site': 'cross-site' }
  ] as Credential[])
    for (const rejected of [
      await create(node, { ...own, ...foreign }),
      await node.send('DELETE', `/account/tokens/${id}`, { ...own, ...foreign })
    ])
      t.match(rejected.body, { statusCode: 403, code: 'DRAWBRIDGE_CROSS_ORIGIN' })
  t.equal(await count(node, own), 1)
})

t.test('Y15 a token has no scope that its user does not have, whatever the request asks for', async (t) => {
  const scopes = ['read', 'write']
  const { nodes } = await startService(t, 'memory', { logins: { getClaims: () => ({ scopes }) } })
  const [node] = nodes
  for (const carrier of carriers) {
    const own = await node.signIn(carrier)
    for (const asked of [['admin'], ['read', 'admin'], ['READ']])
      t.match((await create(node, own, { scopes: asked })).body, {
        statusCode: 403,
        code: 'DRAWBRIDGE_INSUFFICIENT_SCOPE'
      })
    t.equal(await count(node, own), 0)
  }
})

t.test('Y16 a token that is in flight while all logins of its user end does not survive', async (t) => {
  const { nodes } = await startService(t, 'postgres and redis')
  const [node, other] = [nodes[0], nodes[1] as Node]
  let [password, next] = [PASSWORD, NEXT_PASSWORD]
  for (const when of ['before', 'after'] as const) {
    for (const carrier of carriers) {
      const own = await node.signIn(carrier, 'ada', password)
      const elsewhere = await other.signIn('session', 'ada', password)
      const change = { currentPassword: password, newPassword: next }
      node.store[when]('insert', async () =>
        t.equal((await other.send('POST', '/account/password', elsewhere, change)).status, 200)
      )
      t.equal((await create(node, own)).status, 401, `${when}, by ${carrier}`)
      ;[password, next] = [next, password]
      const later = await node.signIn('token', 'ada', password)
      t.equal(await count(other, later), 0)
    }
  }
})

t.test('Y17 nobody has the token of a client that left before its response', async (t) => {
  const service = await startService(t)
  const [node] = service.nodes
  const own = await node.signIn('token')
  const client = connect((node.app.server.address() as AddressInfo).port, '127.0.0.1')
  t.teardown(() => client.destroy())
  const [[socket]] = await Promise.all([once(node.app.server, 'connection'), once(client, 'connect')])
  const closed = once(socket as NodeJS.EventEmitter, 'close')
  const written = new Promise<void>((resolve) => node.store.after('insert', resolve))
  node.store.before('insert', async () => {
    client.destroy()
    await closed
  })
  const body = JSON.stringify(input())
  const head = [
    'POST /account/tokens HTTP/1.1',
    'host: a',
    `authorization: ${own['authorization']}`,
    'content-type: application/json',
    `content-length: ${Buffer.byteLength(body)}`
  ]
  client.write(`${head.join('\r\n')}\r\n\r\n${body}`)
  await written
  await until(async () => (await count(node, own)) === 0)
})
