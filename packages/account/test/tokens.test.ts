import type { CreatedKey } from '@drawbridge/key-auth'
import type { LoginEvent } from '@drawbridge/logins'
import t from 'tap'
import type { AccountToken } from '../src/index.ts'
import { type Credential, type Node, type Place, startService } from './start-service.ts'

const places: readonly Place[] = ['memory', 'sqlite', 'postgres and redis']
const carriers = ['session', 'token'] as const
const HOUR_MS = 3_600_000
const SCOPES = ['read', 'write']

/** @param changes of what a client sends. */
const input = (changes: object = {}) => ({
  name: 'nightly report',
  scopes: ['read'],
  expiresAt: Date.now() + HOUR_MS,
  ...changes
})

const create = (node: Node, own: Credential, changes: object = {}) =>
  node.send('POST', '/account/tokens', own, input(changes))

const list = async (node: Node, own: Credential) =>
  (await node.send('GET', '/account/tokens', own)).body['tokens'] as readonly AccountToken[]

const bearer = ({ token }: CreatedKey): Credential => ({ authorization: `Bearer ${token}` })

for (const place of places) {
  t.test(`personal access tokens, on ${place}`, async (t) => {
    const { nodes } = await startService(t, place, { logins: { getClaims: () => ({ scopes: SCOPES }) } })
    const [node] = nodes
    const other = nodes.at(-1) ?? node

    for (const carrier of carriers) {
      await t.test(`by ${carrier}: one is made, listed and revoked`, async (t) => {
        const own = await node.signIn(carrier)
        t.same(await list(other, own), [])
        const sent = input({ name: `by ${carrier}` })
        const made = await node.send('POST', '/account/tokens', own, sent)
        t.equal(made.status, 201)
        t.equal(made.headers.get('cache-control'), 'no-store')
        const { token, ...view } = made.body as unknown as CreatedKey
        t.match(token, /^drbk_[\w-]{84}[0-9A-Za-z]{6}$/)
        t.match(view, { ...sent, id: String, createdAt: Number })

        const program = bearer(made.body as unknown as CreatedKey)
        const listed = await other.send('GET', '/account/tokens', own)
        t.equal(listed.headers.get('cache-control'), 'no-store')
        t.same(listed.body, { tokens: [{ ...view, lastUsedAt: null }] })
        t.notOk(listed.text.includes('drbk_'), 'the value is in no other response')
        t.notOk(listed.text.includes(token.slice(33)))

        t.equal(await other.me(program), 200)
        const revoked = await node.send('DELETE', `/account/tokens/${view.id}`, own)
        t.same([revoked.status, revoked.text], [204, ''])
        for (const each of nodes) t.equal(await each.me(program), 401)
        t.equal((await other.send('DELETE', `/account/tokens/${view.id}`, own)).status, 404)
        t.same(await list(other, own), [])
        t.equal(await node.me(own), 200, 'and the sign-in stays')
      })
    }

    await t.test('by key: none of it, whatever its scopes', async (t) => {
      const own = await node.signIn('token')
      const made = (await create(node, own, { scopes: SCOPES })).body as unknown as CreatedKey
      const program = bearer(made)
      for (const [method, path, body] of [
        ['GET', '/account/tokens', undefined],
        ['POST', '/account/tokens', input()],
        ['DELETE', `/account/tokens/${made.id}`, undefined]
      ] as const) {
        const refused = await other.send(method, path, program, body)
        t.match(refused.body, { statusCode: 403, code: 'DRAWBRIDGE_KEY_NOT_ALLOWED' }, method)
      }
      t.equal(await node.me(program), 200)
      t.equal((await list(node, own)).length, 1)
      t.equal((await node.send('DELETE', `/account/tokens/${made.id}`, own)).status, 204)
    })

    await t.test('the newest is the first, and each has its own scopes and end', async (t) => {
      const own = await node.signIn('session', 'bob')
      const names = ['first', 'second', 'third']
      for (const name of names) t.equal((await create(node, own, { name, scopes: [] })).status, 201)
      const listed = await list(other, own)
      t.same(new Set(listed.map(({ name }) => name)), new Set(names))
      const times = listed.map(({ createdAt }) => createdAt)
      t.same(
        times,
        times.toSorted((a, b) => b - a)
      )
      for (const { scopes } of listed) t.same(scopes, [])
    })
  })
}

t.test('the list says when a token was last used, from its first use on', async (t) => {
  const clock = { now: 1_800_000_000_000 }
  const { nodes } = await startService(t, 'memory', { clock })
  const [node] = nodes
  const own = await node.signIn('token')
  const made = await node.send('POST', '/account/tokens', own, {
    name: 'nightly report',
    scopes: [],
    expiresAt: clock.now + HOUR_MS
  })
  const lastUsedAt = async () => (await list(node, own))[0]?.lastUsedAt
  t.equal(await lastUsedAt(), null)
  clock.now += 1
  const firstUse = clock.now
  const touched = new Promise<void>((resolve) => node.store.after('touch', resolve))
  t.equal(await node.me(bearer(made.body as unknown as CreatedKey)), 200)
  await touched
  t.equal(await lastUsedAt(), firstUse)
})

t.test('the event of its end says that the user has revoked it', async (t) => {
  const events: LoginEvent[] = []
  const { nodes } = await startService(t, 'memory', {
    logins: { onEvent: (event) => void events.push(event) }
  })
  const [node] = nodes
  const own = await node.signIn('session')
  const { id } = (await create(node, own, { scopes: [] })).body as unknown as CreatedKey
  t.equal((await node.send('DELETE', `/account/tokens/${id}`, own)).status, 204)
  t.match(
    events.filter(({ type }) => type === 'login-revoked'),
    [{ loginId: id, by: 'user', reason: 'revoke-token' }]
  )
})

t.test('what the client sends is checked, and one token too many is refused', async (t) => {
  const { nodes } = await startService(t, 'memory', {
    logins: { maxKeysPerUser: 2, getClaims: () => ({ scopes: SCOPES }) }
  })
  const [node] = nodes
  const own = await node.signIn('session')
  for (const wrong of [
    undefined,
    [],
    {},
    { ...input(), more: 1 },
    input({ name: 7 }),
    input({ scopes: 'read' }),
    input({ scopes: [7] }),
    input({ expiresAt: '2030-01-01' })
  ])
    t.match((await node.send('POST', '/account/tokens', own, wrong)).body, { statusCode: 400 })
  for (const wrong of [
    { name: '' },
    { name: 'x'.repeat(101) },
    { name: 'a\u202Eb' },
    { scopes: ['a b'] },
    { expiresAt: Date.now() },
    { expiresAt: Date.now() + 400 * 24 * HOUR_MS }
  ])
    t.match((await create(node, own, wrong)).body, { statusCode: 400, code: 'DRAWBRIDGE_MALFORMED_KEY' })
  t.same(await list(node, own), [])
  for (let at = 0; at < 2; at += 1) t.equal((await create(node, own)).status, 201)
  t.match((await create(node, own)).body, { statusCode: 409, code: 'DRAWBRIDGE_TOO_MANY_KEYS' })
  t.equal((await list(node, own)).length, 2)
})

t.test('a service may ask for no recent authentication, or for a more recent one', async (t) => {
  for (const [createTokenMaxAgeSeconds, ageMs, status] of [
    [false, 1_500_000, 201],
    [60, 60_000, 201],
    [60, 60_001, 401]
  ] as const) {
    const clock = { now: 1_800_000_000_000 }
    const { nodes } = await startService(t, 'memory', {
      clock,
      account: { createTokenMaxAgeSeconds, routes: { tokens: true } }
    })
    const [node] = nodes
    const own = await node.signIn('session')
    clock.now += ageMs
    const made = await create(node, own, { scopes: [], expiresAt: clock.now + HOUR_MS })
    t.equal(made.status, status)
  }
})
