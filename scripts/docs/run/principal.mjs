import { expect, signIn } from '../sign-in.mjs'

/** A member that `extendPrincipal` adds reaches the handler. */
export default async function principal({ app, credentials }) {
  const headers = await signIn(app, credentials, 'ada@acme')
  const { tenant } = (await expect(200, app.inject({ url: '/tenant', headers }))).json()
  if (tenant !== 'acme') throw new Error(`the tenant is ${tenant}`)
}
