import { expect, signIn } from '../sign-in.mjs'

/** A user makes a token, a program reads with it and is no user of the account, and the user revokes it. */
export default async function accountTokens({ app, credentials }) {
  const user = await signIn(app, credentials)
  const ask = (method, url, headers, payload) => app.inject({ method, url, headers, payload })
  const input = { name: 'nightly report', scopes: ['orders:read'], expiresAt: Date.now() + 86_400_000 }
  await expect(403, ask('POST', '/account/tokens', user, { ...input, scopes: ['admin'] }))
  const { token, id } = (await expect(201, ask('POST', '/account/tokens', user, input))).json()
  const program = { authorization: `Bearer ${token}` }
  await expect(200, ask('GET', '/orders', program))
  for (const [method, url] of [
    ['GET', '/account/tokens'],
    ['DELETE', `/account/tokens/${id}`],
    ['GET', '/account/logins']
  ])
    await expect(403, ask(method, url, program))
  const listed = await expect(200, ask('GET', '/account/tokens', user))
  const [view] = listed.json().tokens
  if (view.id !== id || view.name !== input.name || listed.body.includes('drbk_'))
    throw new Error(`listed: ${listed.body}`)
  await expect(204, ask('DELETE', `/account/tokens/${id}`, user))
  await expect(404, ask('DELETE', `/account/tokens/${id}`, user))
  await expect(401, ask('GET', '/orders', program))
}
