import { account, cookiesOf, expect } from '../sign-in.mjs'

const PAGE = { origin: 'https://app.example.com', 'sec-fetch-site': 'same-site' }
const STRANGER = { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }

/** The routes take either carrier; a page on the trusted origin may do what one of the service may, and others may not. */
export default async function eitherCarrier({ app, credentials }) {
  const post = (url, headers, payload) => app.inject({ method: 'POST', url, headers, payload })
  for (const username of ['ada', 'bob']) await credentials.register({ ...account, username })
  const cookie = cookiesOf(await expect(200, post('/session/login', PAGE, account)))
  const tokens = (await expect(200, post('/token/login', {}, account))).json()
  const bearer = { authorization: `Bearer ${tokens.access_token}` }

  await expect(401, app.inject('/orders'))
  await expect(200, app.inject({ url: '/orders', headers: { cookie } }))
  await expect(200, app.inject({ url: '/orders', headers: bearer }))
  await expect(401, app.inject({ url: '/orders', headers: { cookie, authorization: 'Bearer x' } }))
  await expect(403, post('/orders', { cookie, ...STRANGER }))
  await expect(200, post('/orders', { ...bearer, ...STRANGER }))
  const { headers } = await expect(200, post('/orders', { cookie, ...PAGE }))
  const allowed = [headers['access-control-allow-origin'], headers['access-control-allow-credentials']]
  if (allowed.join() !== `${PAGE.origin},true`) throw new Error(`CORS allows ${allowed.join()}`)
  const preflight = { ...PAGE, 'access-control-request-method': 'DELETE' }
  await expect(204, app.inject({ method: 'OPTIONS', url: '/orders', headers: preflight }))

  const bob = cookiesOf(await post('/session/login', {}, { ...account, username: 'bob' }))
  await expect(400, app.inject({ url: '/orders', headers: { cookie: bob, ...bearer } }))
  await expect(200, post('/logout', { cookie: bob, ...bearer }))
  for (const presented of [{ cookie: bob }, bearer])
    await expect(401, app.inject({ url: '/orders', headers: presented }))
  await expect(200, post('/exchange/session-for-token', { cookie, ...PAGE }))
}
