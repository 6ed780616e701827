import t from 'tap'
import type { SessionAuthOptions } from '../src/index.ts'
import { cookieFrom, makeApp, PASSWORD } from './make-app.ts'

const signIn = async (getSignInResponse: unknown) => {
  const test = await makeApp({ session: { getSignInResponse } as SessionAuthOptions })
  const payload = { username: 'ada', password: PASSWORD }
  const send = (headers = {}) => test.app.inject({ method: 'POST', url: '/session/login', payload, headers })
  return { ...test, send, response: await send() }
}

t.test('getSignInResponse gives the body of the response to a sign-in', async (t) => {
  const { app, response } = await signIn(async ({ userId, username }: Record<string, string>) => ({
    ok: true,
    user: { id: userId, username, tags: ['a'] }
  }))
  const { userId } = (await app.inject({ url: '/me', headers: { cookie: cookieFrom(response) } })).json()
  t.strictSame(response.json(), { ok: true, user: { id: userId, username: 'ada', tags: ['a'] } })
})

t.test('where getSignInResponse fails nobody is signed in, and the session before stays', async (t) => {
  const circular: Record<string, unknown> = {}
  circular['self'] = circular
  const failures: readonly unknown[] = [
    () => {
      throw new Error('no database')
    },
    async () => Promise.reject(new Error('no database')),
    () => null,
    () => undefined,
    () => 'text',
    () => [1],
    () => circular,
    () => ({ memberNo: 1n }),
    () => ({
      get user() {
        throw new Error('a getter')
      }
    })
  ]
  for (const failing of failures) {
    let isFailing = false
    const get = () => (isFailing ? (failing as () => object)() : { ok: true })
    const { app, logins, response, send } = await signIn(get)
    const cookie = cookieFrom(response)
    isFailing = true
    const failed = await send({ cookie })
    t.strictSame([failed.statusCode, failed.headers['set-cookie']], [500, undefined], String(failing))
    const me = await app.inject({ url: '/me', headers: { cookie } })
    t.equal(me.statusCode, 200)
    t.equal((await logins.listByUser(me.json().userId)).length, 1, 'the new login is revoked')
  }
})

t.test('getSignInResponse also gives the body once a second factor is right', async (t) => {
  const user = { id: '1', username: 'ada' }
  const credentials = {
    verify: async () => ({ ok: false, reason: 'second-factor-required', user }) as const,
    verifySecondFactor: async () => ({ ok: true, user }) as const
  }
  const { app } = await makeApp({ session: { credentials, getSignInResponse: () => ({ ok: true }) } })
  const post = (url: string, payload: object) => app.inject({ method: 'POST', url, payload })
  const pending = await post('/session/login', { username: 'ada', password: PASSWORD })
  t.strictSame([pending.statusCode, pending.json().message], [202, 'Second factor required'])
  const payload = { pending: pending.json().pending, response: '1' }
  t.strictSame((await post('/session/login/second-factor', payload)).json(), { ok: true })
})
