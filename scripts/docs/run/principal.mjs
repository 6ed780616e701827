import { expect, signIn } from '../sign-in.mjs'

/** What `getClaims` gives reaches the handler and the guard, and a change does too. */
export default async function principal({ app, credentials, setRole }) {
  const [ada, bob] = [await signIn(app, credentials, 'ada'), await signIn(app, credentials, 'bob')]
  const { tenant } = (await expect(200, app.inject({ url: '/orders', headers: ada }))).json()
  if (tenant !== 'acme') throw new Error(`the tenant is ${tenant}`)
  await expect(200, app.inject({ method: 'POST', url: '/orders', headers: ada }))
  const { code } = (await expect(403, app.inject({ method: 'POST', url: '/orders', headers: bob }))).json()
  if (code !== 'DRAWBRIDGE_INSUFFICIENT_SCOPE') throw new Error(`the code is ${code}`)
  const { user } = await credentials.verify({ username: 'ada', password: 'correct horse battery staple' })
  await setRole(user.id, 'ada', 'reader')
  await expect(200, app.inject({ url: '/orders', headers: ada }))
  await expect(403, app.inject({ method: 'POST', url: '/orders', headers: ada }))
}
