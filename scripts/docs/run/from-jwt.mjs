import { account, expect } from '../sign-in.mjs'

/** The routes give tokens, which are rejected after the sign-out. */
export default async function fromJwt({ app, credentials }) {
  await credentials.register(account)
  const post = (url, options) => app.inject({ method: 'POST', url, ...options })
  const { access_token } = (await expect(200, post('/api/sign-in', { payload: account }))).json()
  const headers = { authorization: `Bearer ${access_token}` }
  await expect(200, app.inject({ url: '/api/account', headers }))
  await expect(200, post('/api/sign-out', { headers }))
  await expect(401, app.inject({ url: '/api/account', headers }))
}
