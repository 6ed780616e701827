import { cookiesOf, expect } from '../sign-in.mjs'

/** A link signs its user in once. */
export default async function magicLink({ app, sendMail }) {
  const post = (url, payload) => app.inject({ method: 'POST', url, payload })
  await expect(200, post('/magic-link', { email: 'ada@example.com' }))
  const [token] = sendMail.sent.map((text) => text.split('#')[1])
  await expect(401, post('/magic-link/complete', { token: 'made up' }))
  const response = await expect(200, post('/magic-link/complete', { token }))
  if (cookiesOf(response) === '') throw new Error('no cookie was set')
  await expect(401, post('/magic-link/complete', { token }))
}
