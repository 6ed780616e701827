import { account, cookiesOf, expect } from '../sign-in.mjs'

/** A proxy gets who the user is, for a cookie or a token, and for a page of another site a no. */
export default async function forwardAuth({ app, credentials }) {
  await credentials.register(account)
  const signIn = (url) => expect(200, app.inject({ method: 'POST', url, payload: account }))
  const cookie = cookiesOf(await signIn('/session/login'))
  const authorization = `Bearer ${(await signIn('/token/login')).json().access_token}`
  const ask = (status, headers, method = 'GET', url = '/verify') =>
    expect(status, app.inject({ url, headers: { 'x-original-method': method, ...headers } }))
  for (const headers of [{ cookie }, { authorization }]) {
    const { headers: user } = await ask(200, headers)
    if (user['x-user-name'] !== account.username) throw new Error(`the user is ${user['x-user-name']}`)
    await ask(403, headers, 'GET', '/verify/admin')
  }
  await ask(401, {})
  await ask(403, { cookie, 'sec-fetch-site': 'cross-site' }, 'POST')
  await ask(200, { cookie, 'sec-fetch-site': 'same-origin' }, 'POST')
  await ask(200, { authorization }, 'POST')
  await expect(400, app.inject({ url: '/verify', headers: { cookie } }))
}
