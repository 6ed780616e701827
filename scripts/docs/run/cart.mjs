import { expect, logIn } from '../sign-in.mjs'

/** Data of a session is answered for, saved, and read again by a later request. */
export default async function cart({ app, credentials }) {
  await expect(401, app.inject({ method: 'POST', url: '/cart', payload: { tea: 2 } }))
  const headers = await logIn(app, credentials)
  await expect(200, app.inject({ method: 'POST', url: '/cart', headers, payload: { tea: 2 } }))
  const { body } = await expect(200, app.inject({ url: '/cart', headers }))
  if (body !== '{"tea":2}') throw new Error(`the cart holds ${body}`)
}
