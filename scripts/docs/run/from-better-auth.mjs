import { account, expect, signIn } from '../sign-in.mjs'

/** A change of password leaves one login on the list. */
export default async function fromBetterAuth({ app, credentials }) {
  const [here, there] = [await signIn(app, credentials), await signIn(app, credentials)]
  const list = async () => (await expect(200, app.inject({ url: '/list-sessions', headers: here }))).json()
  if ((await list()).length !== 2) throw new Error('two logins')
  const payload = { currentPassword: account.password, newPassword: 'correct horse battery stapler' }
  await expect(200, app.inject({ method: 'POST', url: '/change-password', headers: here, payload }))
  if ((await list()).length !== 1) throw new Error('one login')
  await expect(401, app.inject({ url: '/list-sessions', headers: there }))
}
