import t from 'tap'
import type { TokenAuthOptions } from '../src/index.ts'
import { makeApp, PASSWORD } from './make-app.ts'

const signIn = async (getSignInResponse: unknown) => {
  const test = await makeApp({ tokens: { getSignInResponse } as TokenAuthOptions })
  const payload = { username: 'ada', password: PASSWORD }
  return { ...test, response: await test.app.inject({ method: 'POST', url: '/token/login', payload }) }
}

t.test('getSignInResponse adds to the response to a sign-in, and not to that of a refresh', async (t) => {
  const { response, refresh } = await signIn(async ({ username }: { username: string }) => ({
    ok: true,
    user: { username }
  }))
  const { ok, user, ...tokens } = response.json()
  t.strictSame([ok, user], [true, { username: 'ada' }])
  const names = ['access_token', 'expires_in', 'refresh_token', 'token', 'token_type']
  t.strictSame(Object.keys(tokens).sort(), names)
  t.strictSame(Object.keys((await refresh(tokens.refresh_token)).json()).sort(), names)
})

t.test('where getSignInResponse fails, or would replace a token, nobody is signed in', async (t) => {
  const { read, signIn: signInAgain, logins } = await makeApp()
  const { userId } = (await read((await signInAgain()).token)).json()
  t.equal((await logins.listByUser(userId)).length, 1)
  for (const name of ['token', 'access_token', 'token_type', 'expires_in', 'refresh_token']) {
    const test = await signIn(() => ({ ok: true, [name]: 'forged' }))
    t.equal(test.response.statusCode, 500)
    t.match(
      test.response.json().message,
      `tokenAuth.getSignInResponse() must not have ${name}, which is ours`
    )
    t.strictSame(await test.logins.listByUser(userId), [])
  }
  const failing = await signIn(async () => Promise.reject(new Error('no database')))
  t.equal(failing.response.statusCode, 500)
  t.strictSame(await failing.logins.listByUser(userId), [])
})
