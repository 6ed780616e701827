import { account, cookiesOf, expect } from '../sign-in.mjs'

/** The route signs in with the right password, and rejects a wrong one, what is no text, and a page of another origin. */
export default async function ownPassword({ app, credentials }) {
  await credentials.register(account)
  const { username: email, password } = account
  const post = (payload, headers = {}) => app.inject({ method: 'POST', url: '/sign-in', headers, payload })
  const response = await expect(200, post({ email, password }))
  if (cookiesOf(response) === '') throw new Error('no cookie was set')
  await expect(401, post({ email, password: 'a guess of some length' }))
  await expect(400, post({ email, password: 1 }))
  await expect(400, post({}))
  await expect(403, post({ email, password }, { 'sec-fetch-site': 'cross-site' }))
}
