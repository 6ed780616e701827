import { account, expect } from '../sign-in.mjs'

/** The route signs in with the right password, and rejects a wrong one. */
export default async function ownPassword({ app, credentials }) {
  await credentials.register(account)
  const post = (payload) => app.inject({ method: 'POST', url: '/sign-in', payload })
  await expect(200, post(account))
  await expect(401, post({ ...account, password: 'a guess of some length' }))
}
