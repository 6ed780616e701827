import { account, cookiesOf, expect } from '../sign-in.mjs'

/** A token that is not good signs nobody in, whatever is asked for. */
export default async function resetAndSignIn({ app, credentials }) {
  await credentials.register(account)
  const payload = { token: 'made up', newPassword: 'correct horse battery stapler' }
  const response = await expect(400, app.inject({ method: 'POST', url: '/reset', payload }))
  if (cookiesOf(response) !== '') throw new Error('a cookie was set')
  await expect(404, app.inject({ url: '/account/logins' }))
}
