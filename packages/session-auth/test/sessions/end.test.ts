import { createMemoryFeed, createMemoryLoginStore, type LoginStore } from '@drawbridge/logins'
import t from 'tap'
import { makeApp } from '../make-app.ts'

const at = 1_800_000_000_000

/** Revokes a login and then fails, once, as a connection that is lost before the reply. */
function losesOneAnswer(store: LoginStore): LoginStore {
  let isLost = false
  const remove: LoginStore['remove'] = async (loginId) => {
    const wasAlive = await store.remove(loginId)
    if (isLost) return wasAlive
    isLost = true
    throw new Error('the reply was lost')
  }
  return new Proxy(store, {
    get: (target, name) => {
      if (name === 'remove') return remove
      const verb = target[name as keyof LoginStore] as (...args: never[]) => unknown
      return typeof verb === 'function' ? verb.bind(target) : verb
    }
  })
}

t.test(
  'a log-out repeated after a 503 is published to every node, though the store has revoked the login',
  async (t) => {
    const clock = { now: at }
    const store = createMemoryLoginStore({ now: () => clock.now })
    const feed = createMemoryFeed({ now: () => clock.now })
    const one = await makeApp({ clock, store: losesOneAnswer(store), logins: { feed } })
    const two = await makeApp({ clock, store, logins: { feed } })
    t.teardown(() => Promise.all([one.app.close(), two.app.close()]))
    const headers = { cookie: await one.signIn() }
    const me = async () => (await two.app.inject({ url: '/me', headers })).statusCode
    const logOut = () => one.app.inject({ method: 'POST', url: '/session/logout', headers })
    t.equal(await me(), 200, 'the other node has it in its cache now')

    t.equal((await logOut()).statusCode, 503)
    t.equal((await logOut()).statusCode, 200)
    t.equal(await me(), 401)
  }
)

t.test('a log-out with a forged cookie publishes nothing', async (t) => {
  const { app, logins, signIn } = await makeApp()
  t.teardown(() => app.close())
  const told: string[] = []
  const revoke = logins.revoke.bind(logins)
  logins.revoke = (loginId) => {
    told.push(loginId)
    return revoke(loginId)
  }
  await signIn()
  const forged = '__Host-drawbridge=made-up'
  const answer = await app.inject({ method: 'POST', url: '/session/logout', headers: { cookie: forged } })
  t.equal(answer.statusCode, 200)
  t.same(told, [])
})
