import { expect, signIn } from '../sign-in.mjs'

/** The handler has a principal, and a stranger gets 401. */
export default async function principalOf({ app, credentials }) {
  await expect(401, app.inject('/me'))
  const headers = await signIn(app, credentials)
  const { id } = (await expect(200, app.inject({ url: '/me', headers }))).json()
  if (typeof id !== 'string') throw new Error(`the id is ${id}`)
}
