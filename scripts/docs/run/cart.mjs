import { expect, signIn } from '../sign-in.mjs'

/** Session data needs a login, is saved, and is read again by a later request. */
export default async function cart({ app, credentials }) {
  await expect(401, app.inject({ method: 'POST', url: '/cart', payload: { tea: 2 } }))
  const headers = await signIn(app, credentials)
  await expect(200, app.inject({ method: 'POST', url: '/cart', headers, payload: { tea: 2 } }))
  const { body } = await expect(200, app.inject({ url: '/cart', headers }))
  if (body !== '{"tea":2}') throw new Error(`the cart is ${body}`)
}
