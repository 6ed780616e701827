import { browse } from '../browser.mjs'
import { account } from '../sign-in.mjs'

/** The page signs in, orders and logs out by its cookie; a page of another site is rejected. */
export default async function sameSitePage({ app, credentials, callService }) {
  await credentials.register(account)
  const headers = { 'content-type': 'application/json' }
  const signIn = { method: 'POST', headers, body: JSON.stringify(account) }
  const call = async (expected, ...request) => {
    const { status } = await callService(...request)
    if (status !== expected) throw new Error(`${request[0]} is ${status}, not ${expected}`)
  }
  browse(app, 'https://app.example.com')
  await call(401, '/orders')
  await call(200, '/session/login', signIn)
  await call(200, '/orders', { method: 'POST' })
  await call(200, '/session/logout', { method: 'POST' })
  await call(401, '/orders')

  browse(app, 'https://other.example.com')
  const response = await callService('/session/login', signIn).catch((error) => error)
  if (!(response instanceof TypeError)) throw new Error('a page that is not trusted reads the response')
}
