import { expect, signIn } from '../sign-in.mjs'

/** The first example of either carrier: a guarded route greets a signed-in user, and nobody else. */
export default async function me({ app, credentials }) {
  await expect(401, app.inject({ url: '/me' }))
  const headers = await signIn(app, credentials)
  const { message } = (await expect(200, app.inject({ url: '/me', headers }))).json()
  if (message !== 'Hello, ada!') throw new Error(`the greeting is ${message}`)
}
