import { account, cookiesOf, expect, signIn } from '../sign-in.mjs'

/** A user lists the logins, changes the password, which ends the other login, and deletes the account. */
export default async function ownAccount({ app, credentials }) {
  const [here, there] = [await signIn(app, credentials), await signIn(app, credentials)]
  const list = (headers) => app.inject({ url: '/account/logins', headers })
  const { logins } = (await expect(200, list(here))).json()
  if (logins.length !== 2) throw new Error(`the list is ${JSON.stringify(logins)}`)
  const payload = { currentPassword: account.password, newPassword: 'correct horse battery stapler' }
  const change = app.inject({ method: 'POST', url: '/account/password', headers: here, payload })
  const headers = { cookie: cookiesOf(await expect(200, change)) }
  await expect(401, list(there))
  await expect(401, list(here))
  await expect(204, app.inject({ method: 'DELETE', url: '/account', headers }))
  await expect(401, list(headers))
}
