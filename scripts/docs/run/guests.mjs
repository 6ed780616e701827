import { account, cookiesOf, expect } from '../sign-in.mjs'

/** The page greets both, and no cache stores it. */
export default async function guests({ app, credentials }) {
  await credentials.register(account)
  const signIn = await expect(200, app.inject({ method: 'POST', url: '/login', payload: account }))
  for (const [cookie, name] of [
    ['', 'stranger'],
    [cookiesOf(signIn), 'ada']
  ]) {
    const { body, headers } = await expect(200, app.inject({ url: '/', headers: { cookie } }))
    if (!body.includes(`Hello, ${name}!`) || headers['cache-control'] !== 'no-store') throw new Error(body)
  }
}
