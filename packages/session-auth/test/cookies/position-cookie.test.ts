import { createMemoryFeed, createMemoryLoginStore, type FeedPosition } from '@drawbridge/logins'
import t from 'tap'
import { cookieFrom, makeApp } from '../make-app.ts'

async function sharedNode(waitForPosition: (position: FeedPosition) => Promise<boolean>) {
  const clock = { now: 1_800_000_000_000 }
  const store = createMemoryLoginStore({ now: () => clock.now })
  const memory = createMemoryFeed({ now: () => clock.now })
  const publish = async (...args: Parameters<typeof memory.publish>) => {
    await memory.publish(...args)
    return '0:epoch:7-0'
  }
  const feed = Object.assign(Object.create(memory) as typeof memory, {
    isShared: true,
    publish,
    waitForPosition
  })
  return makeApp({
    clock,
    store,
    logins: { feed },
    session: { snapshotSeconds: 0 },
    routes: (app) => {
      app.post('/end-others', async (request, reply) => ({
        ended: await app.sessionAuth.revokeOthers(request, reply)
      }))
    }
  })
}

t.test('after revokeOthers every node knows it at once: the next one reads the feed as far', async (t) => {
  const reached: FeedPosition[] = []
  const { app, signIn } = await sharedNode(async (position) => reached.push(position) > 0)
  const [mine, others] = [await signIn(), await signIn()]
  const answer = await app.inject({ method: 'POST', url: '/end-others', headers: { cookie: mine } })
  t.same(answer.json(), { ended: 1 })
  t.match(answer.headers['set-cookie'], /^__Host-drawbridge-position=.*; Max-Age=10; .*HttpOnly; Secure/)
  const position = cookieFrom(answer)
  t.equal((await app.inject({ url: '/me', headers: { cookie: `${mine}; ${position}` } })).statusCode, 200)
  t.same(reached, ['0:epoch:7-0'])
  t.equal((await app.inject({ url: '/me', headers: { cookie: mine } })).statusCode, 200)
  t.equal((await app.inject({ url: '/me', headers: { cookie: others } })).statusCode, 401)
  t.equal(reached.length, 1, 'without the cookie nobody waits')
})

t.test('a position that we did not sign is not waited for', async (t) => {
  const reached: FeedPosition[] = []
  const { app, signIn } = await sharedNode(async (position) => reached.push(position) > 0)
  const cookie = await signIn()
  for (const value of ['0:epoch:9-9', '0:epoch:9-9.AAAA', 'x'.repeat(5000)]) {
    const headers = { cookie: `${cookie}; __Host-drawbridge-position=${value}` }
    t.equal((await app.inject({ url: '/me', headers })).statusCode, 200)
  }
  t.same(reached, [])
})

t.test('a node that cannot read as far in time asks the store', async (t) => {
  const { app, signIn, storeSpy } = await sharedNode(async () => false)
  const mine = await signIn()
  await signIn()
  const answer = await app.inject({ method: 'POST', url: '/end-others', headers: { cookie: mine } })
  const before = storeSpy.counts.find ?? 0
  const headers = { cookie: `${mine}; ${cookieFrom(answer)}` }
  t.equal((await app.inject({ url: '/me', headers })).statusCode, 200)
  t.equal(storeSpy.counts.find, before + 1)
})

t.test('revokeOthers needs a login', async (t) => {
  const { app } = await sharedNode(async () => true)
  t.equal((await app.inject({ method: 'POST', url: '/end-others' })).statusCode, 401)
})
