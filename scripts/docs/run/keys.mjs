import { expect, signIn } from '../sign-in.mjs'

/** A user makes a key, a program uses it and can make none, and the user revokes it. */
export default async function keys({ app, credentials }) {
  const user = await signIn(app, credentials)
  const ask = (method, url, headers, payload) => app.inject({ method, url, headers, payload })
  const input = { name: 'nightly report', scopes: ['read'], expiresAt: Date.now() + 86_400_000 }
  await expect(403, ask('POST', '/keys', user, { ...input, scopes: ['admin'] }))
  await expect(400, ask('POST', '/keys', user, { ...input, name: '' }))
  const { token, id } = (await expect(200, ask('POST', '/keys', user, input))).json()
  const program = { authorization: `Bearer ${token}` }
  const { carrier } = (await expect(200, ask('GET', '/orders', program))).json()
  if (carrier !== 'key') throw new Error(`the carrier is ${carrier}`)
  await expect(403, ask('POST', '/keys', program, input))
  await expect(403, ask('GET', '/keys', program))
  const [listed] = (await expect(200, ask('GET', '/keys', user))).json()
  if (listed.id !== id || listed.name !== input.name) throw new Error(`listed: ${JSON.stringify(listed)}`)
  await expect(204, ask('DELETE', `/keys/${id}`, user))
  await expect(404, ask('DELETE', `/keys/${id}`, user))
  await expect(401, ask('GET', '/orders', program))
}
