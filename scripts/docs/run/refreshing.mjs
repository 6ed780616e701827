import { browse } from '../browser.mjs'
import { account } from '../sign-in.mjs'

const SERVICE = 'https://api.example.com'

/** Calls `then` when a request has got the status for the first time. */
function once(status, then) {
  const send = globalThis.fetch
  globalThis.fetch = async (input, init) => {
    const response = await send(input, init)
    if (response.status !== status) return response
    globalThis.fetch = send
    then()
    return response
  }
}

/** A token that the clock of the service rejects is replaced once, an outage is waited for, and a revoked login is the end. */
export default async function refreshing({ app, credentials, outage, createFetch, post, SignedOut }) {
  app.get('/orders', { onRequest: app.bridge.guard }, (request) => request.principal)
  await credentials.register(account)
  const sent = browse(app)
  let { refresh_token } = await (await post(`${SERVICE}/token/login`, account)).json()
  const client = createFetch(async () => {
    const tokens = await (await post(`${SERVICE}/token/refresh`, { refresh_token })).json()
    refresh_token = tokens.refresh_token
    return tokens
  })
  const call = () => Promise.all([1, 2, 3].map(() => client(`${SERVICE}/orders`)))
  const expect = async (refreshes, responses) => {
    const count = sent.filter((request) => request === 'POST /token/refresh').length
    const statuses = responses.map(({ status }) => status).join()
    if (count !== refreshes || statuses !== '200,200,200')
      throw new Error(`${statuses} after ${sent.join(', ')}`)
    return responses[0].json()
  }
  await expect(1, await call())
  await expect(1, await call())

  outage.clock.advance(700)
  await expect(2, await call())

  outage.clock.advance(700)
  outage.storeDown()
  once(503, outage.storeUp)
  const { loginId } = await expect(4, await call())

  await app.tokenAuth.revoke(loginId)
  const error = await client(`${SERVICE}/orders`).catch((thrown) => thrown)
  if (!(error instanceof SignedOut)) throw new Error(`after the log-out the call gave ${error}`)
}
