import { account, expect, signIn } from '../sign-in.mjs'

/** A user registers, forgets the password, and sets another by the token of the mail, which ends the login. */
export default async function accountRoutes({ app, credentials, sendMail }) {
  const post = (url, payload, headers) => app.inject({ method: 'POST', url, payload, headers })
  const username = 'kim'
  await expect(201, post('/account/register', { username, password: account.password }))
  await expect(409, post('/account/register', { username, password: account.password }))
  const headers = await signIn(app, credentials, username)
  const { logins } = (await expect(200, app.inject({ url: '/account/logins', headers }))).json()
  if (logins.length !== 1 || !logins[0].current) throw new Error(`the list is ${JSON.stringify(logins)}`)
  await expect(202, post('/account/password/forgot', { username: 'nobody' }))
  await expect(202, post('/account/password/forgot', { username }))
  while (sendMail.sent.length === 0) await new Promise((resolve) => setImmediate(resolve))
  const [token] = sendMail.sent.map((text) => text.split('#')[1])
  const newPassword = 'correct horse battery stapler'
  await expect(200, post('/account/password/reset', { token, newPassword }))
  await expect(400, post('/account/password/reset', { token, newPassword }))
  await expect(401, app.inject({ url: '/account/logins', headers }))
}
