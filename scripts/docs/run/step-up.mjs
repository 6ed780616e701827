import { account, cookiesOf, expect, signIn } from '../sign-in.mjs'

/** Either carrier is accepted, and what it presents is replaced; a wrong password, and the credential from before, are not accepted. */
export default async function stepUp({ app, credentials }) {
  const { password } = account
  const cookie = await signIn(app, credentials)
  const post = (url, headers, payload = {}) => app.inject({ method: 'POST', url, headers, payload })
  await expect(200, post('/payments', cookie))
  await expect(401, post('/reauthenticate', cookie, { password: 'a guess of some length' }))
  await expect(400, post('/reauthenticate', cookie))
  const renewed = { cookie: cookiesOf(await expect(200, post('/reauthenticate', cookie, { password }))) }
  await expect(401, post('/payments', cookie))
  await expect(200, post('/payments', renewed))
  const tokens = (await expect(200, post('/token/login', {}, account))).json()
  const bearer = (token) => ({ authorization: `Bearer ${token}` })
  const next = await expect(200, post('/reauthenticate', bearer(tokens.access_token), { password }))
  await expect(200, post('/payments', bearer(next.json().access_token)))
  await expect(401, post('/token/refresh', {}, { refresh_token: tokens.refresh_token }))
  await expect(200, post('/token/refresh', {}, { refresh_token: next.json().refresh_token }))
  await expect(401, post('/reauthenticate/second-factor', renewed, { pending: 'drbp_x', response: '1' }))
}
