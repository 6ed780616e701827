import { until } from '@drawbridge/test-support/until'
import t from 'tap'
import { everyFlow, register, signIn } from './attacks/people.ts'
import {
  type Answer,
  cookiesFrom,
  createBarrier,
  type Credential,
  type Node,
  PASSWORD,
  startService
} from './start-service.ts'

const again = (node: Node, credential: Credential, path = '/account/reauthenticate') =>
  node.send('POST', path, credential, { password: PASSWORD })

/** The session cookie alone, without what may differ from node to node beside it. */
const sessionFrom = ({ headers }: Answer) => cookiesFrom(headers).split('; ')[0]

const authenticatedAt = async (node: Node, credential: Credential) =>
  Number((await node.send('GET', '/me', credential)).body['authenticatedAt'])

t.test('two nodes over Redis', async (t) => {
  const { nodes } = await startService(t, 'postgres and redis', {
    ...everyFlow,
    routes: (app) => {
      everyFlow.routes?.(app)
      // No guard: it would reject the cookie that an earlier call has replaced.
      app.post('/again', async (request, reply) => {
        const { username, password } = request.body as Record<string, string>
        const signIn = await app.sessionAuth.verifyPassword(request, {
          username,
          password,
          allowSecondFactor: true
        })
        if (signIn.status !== 'authenticated') throw new Error('nobody here has a second factor')
        return (await app.bridge.reauthenticate(request, reply, signIn)) ?? {}
      })
    }
  })
  const [one, other] = nodes as [Node, Node]
  const repeat = (node: Node, credential: Credential, username: string) =>
    node.send('POST', '/again', credential, { username, password: PASSWORD })

  await t.test(
    'calls at once on both nodes give one cookie, and every node serves it as recent',
    async (t) => {
      for (let round = 0; round < 3; round += 1) {
        const { own, userId } = await register(one)
        for (const node of nodes) t.equal(await node.me(own), 200)
        const before = await authenticatedAt(one, own)
        const meet = createBarrier()
        for (const node of [one, other]) node.store.before('update', meet)
        const [first, second] = await Promise.all([again(one, own), again(other, own)])
        t.same([first.status, second.status], [200, 200])
        t.equal(sessionFrom(first), sessionFrom(second))
        const cookie = sessionFrom(first) ?? ''
        const stored = await one.store.store.listByUser(userId)
        t.equal(stored.length, 1, 'it is one login')
        t.ok((stored[0]?.authenticatedAt ?? 0) > before)
        for (const node of nodes) {
          t.equal(await authenticatedAt(node, { cookie }), stored[0]?.authenticatedAt)
          await until(async () => (await node.me(own)) === 401)
        }
      }
    }
  )

  await t.test('calls at once on both nodes give one refresh token, which both nodes rotate', async (t) => {
    for (let round = 0; round < 3; round += 1) {
      const person = await register(one)
      const { authorization = '', refresh_token: old } = await signIn(one, person, 'token')
      const meet = createBarrier()
      for (const node of [one, other]) node.store.before('update', meet)
      const [first, second] = await Promise.all([
        again(one, { authorization }),
        again(other, { authorization })
      ])
      t.same([first.status, second.status], [200, 200])
      t.equal(first.body['refresh_token'], second.body['refresh_token'])
      for (const { body } of [first, second])
        for (const node of nodes)
          t.equal(await node.me({ authorization: `Bearer ${String(body['token'])}` }), 200)
      for (const node of nodes)
        t.equal((await node.send('POST', '/token/refresh', {}, { refresh_token: old })).status, 401)
      const { refresh_token } = first.body
      t.equal((await other.send('POST', '/token/refresh', {}, { refresh_token })).status, 200)
    }
  })

  for (const carrier of ['session', 'token'] as const) {
    await t.test(`a lost response: the call is repeated at the other node, by ${carrier}`, async (t) => {
      const person = await register(one)
      const { username, userId } = person
      const { cookie, authorization } = await signIn(one, person, carrier)
      const credential: Credential =
        carrier === 'session' ? { cookie: cookie ?? '' } : { authorization: authorization ?? '' }
      const secretOf = (answer: Answer) =>
        carrier === 'session' ? sessionFrom(answer) : answer.body['refresh_token']
      const count = (await one.store.store.listByUser(userId)).length

      const lost = await repeat(one, credential, username)
      const repeated = await repeat(other, credential, username)
      t.same([lost.status, repeated.status], [200, 200])
      t.equal(secretOf(repeated), secretOf(lost))

      const next: Credential =
        carrier === 'session'
          ? { cookie: cookiesFrom(repeated.headers) }
          : { authorization: `Bearer ${String(repeated.body['token'])}` }
      one.store.after('update', () => Promise.reject(new Error('the reply was lost')))
      t.equal((await repeat(one, next, username)).status, 503)
      const mended = await repeat(other, next, username)
      t.equal(mended.status, 200)
      t.not(secretOf(mended), secretOf(repeated))
      t.equal((await one.store.store.listByUser(userId)).length, count, 'nobody was signed in anew')
      t.equal((await repeat(other, { cookie: 'drawbridge=x' }, username)).status, 401)
    })
  }
})
