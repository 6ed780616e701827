import { account, cookiesOf, expect } from '../sign-in.mjs'

/** A link signs its user in once, and only while the password is the same. */
export default async function signInLink({ app, credentials, sendMail }) {
  const post = (url, payload) => app.inject({ method: 'POST', url, payload })
  const { user } = await credentials.register(account)
  const { username } = account
  const nextToken = async () => {
    const count = sendMail.sent.length
    await expect(202, post('/link', { username }))
    while (sendMail.sent.length === count) await new Promise((resolve) => setImmediate(resolve))
    return sendMail.sent.at(-1).split('#')[1]
  }
  await expect(202, post('/link', { username: 'nobody' }))
  const token = await nextToken()
  await expect(401, post('/link/use', { token: 'made up' }))
  const response = await expect(200, post('/link/use', { token }))
  if (cookiesOf(response) === '') throw new Error('no cookie was set')
  await expect(401, post('/link/use', { token }))
  const outdated = await nextToken()
  await credentials.setPassword({ userId: user.id, newPassword: 'correct horse battery stapler' })
  await expect(401, post('/link/use', { token: outdated }))
}
