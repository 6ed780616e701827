import { expect, signIn } from '../sign-in.mjs'

/** The page greets a signed-in user by name, and an access token leads to its user. */
export default async function optional({ app, credentials, userIdOf }) {
  const { body } = await expect(200, app.inject('/home'))
  if (JSON.parse(body).message !== 'Hello!') throw new Error(`a stranger gets ${body}`)
  const headers = await signIn(app, credentials)
  const { message } = (await expect(200, app.inject({ url: '/home', headers }))).json()
  if (message !== 'Hello, ada!') throw new Error(`a signed-in user gets ${message}`)
  const payload = { username: 'ada', password: 'correct horse battery staple' }
  const tokens = (await app.inject({ method: 'POST', url: '/token/login', payload })).json()
  const userIds = [await userIdOf(tokens.access_token), await userIdOf('not a token')]
  if (typeof userIds[0] !== 'string' || userIds[1] !== null) throw new Error(`the ids are ${userIds.join()}`)
}
