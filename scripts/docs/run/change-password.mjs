import { account, expect, signIn } from '../sign-in.mjs'

/** A new password revokes the other logins of the user, and not the one that changed it. */
export default async function changePassword({ app, credentials }) {
  const [here, there] = [await signIn(app, credentials), await signIn(app, credentials)]
  const post = (headers, payload) => app.inject({ method: 'POST', url: '/password', headers, payload })
  const newPassword = 'correct horse battery stapler'
  await expect(400, post(here, { currentPassword: 'a guess of some length', newPassword }))
  const change = { currentPassword: account.password, newPassword }
  await expect(200, post(here, change))
  await expect(401, post(there, change))
  await expect(200, post(here, { currentPassword: newPassword, newPassword: account.password }))
}
