import { expect, signIn } from '../sign-in.mjs'

/** A user takes another name, and the login in hand has it at once on this node. */
export default async function rename({ app, credentials }) {
  const headers = await signIn(app, credentials)
  const payload = { newUsername: 'another name' }
  const renaming = app.inject({ method: 'POST', url: '/username', headers, payload })
  const { username } = (await expect(200, renaming)).json()
  const again = app.inject({ method: 'POST', url: '/username', headers, payload: { newUsername: 'third' } })
  await expect(200, again)
  if (username !== payload.newUsername) throw new Error(`the name is ${username}`)
}
