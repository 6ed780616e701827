import { expect } from '../sign-in.mjs'
import { reach } from './other-services.mjs'

/** The name of whoever sent a message, and nobody's once the token is none. */
export default async function tokensOfMessages({ login, credentials, nameOf, tokens }) {
  reach(login)
  const user = { username: 'ada', password: 'correct horse battery staple' }
  await credentials.register(user)
  const response = await expect(200, login.inject({ method: 'POST', url: '/token/login', payload: user }))
  const { access_token: token } = response.json()
  if ((await nameOf({ token })) !== 'ada') throw new Error('the name is not that of the user')
  if ((await nameOf({ token: `${token}x` })) !== null) throw new Error('this is no token')
  await tokens.close()
}
