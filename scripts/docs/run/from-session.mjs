import { account, cookiesOf, expect } from '../sign-in.mjs'

/** The routes sign in, greet and sign out, and reject a wrong password. */
export default async function fromSession({ app, credentials }) {
  await credentials.register(account)
  const post = (url, options) => app.inject({ method: 'POST', url, ...options })
  await expect(401, post('/sign-in', { payload: { ...account, password: 'a guess of some length' } }))
  const signedIn = await expect(200, post('/sign-in', { payload: account }))
  const headers = { cookie: cookiesOf(signedIn) }
  const { id, name } = (await expect(200, app.inject({ url: '/account', headers }))).json()
  if (name !== account.username || id !== signedIn.json().id) throw new Error(`the user is ${id}, ${name}`)
  await expect(200, post('/sign-out', { headers }))
  await expect(401, app.inject({ url: '/account', headers }))
}
