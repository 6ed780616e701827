import { expect, signIn } from '../sign-in.mjs'

/** ada has both scopes; another user may only read. */
export default async function scopes({ app, credentials }) {
  const ada = await signIn(app, credentials)
  const bob = await signIn(app, credentials, 'bob')
  await expect(200, app.inject({ url: '/orders', headers: bob }))
  await expect(200, app.inject({ method: 'POST', url: '/orders', headers: ada }))
  const { code } = (await expect(403, app.inject({ method: 'POST', url: '/orders', headers: bob }))).json()
  if (code !== 'DRAWBRIDGE_INSUFFICIENT_SCOPE') throw new Error(`the code is ${code}`)
}
