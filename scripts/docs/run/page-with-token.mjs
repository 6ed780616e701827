import { browse } from '../browser.mjs'
import { account } from '../sign-in.mjs'

const ORDERS = 'https://api.example.net/orders'

/** One exchange serves calls at the same time; a log-out of the session is noticed by the next call. */
export default async function pageWithToken({ app, credentials, callApi, SignedOut }) {
  app.get('/orders', { onRequest: app.bridge.guard }, (request) => request.principal)
  app.addHook('onRequest', async (_request, reply) => void reply.header('access-control-allow-origin', '*'))
  await credentials.register(account)
  const sent = browse(app, 'https://app.example.com')
  const headers = { 'content-type': 'application/json' }
  await fetch('/session/login', { method: 'POST', headers, body: JSON.stringify(account) })

  const responses = await Promise.all([callApi(ORDERS), callApi(ORDERS), callApi(ORDERS)])
  responses.push(await callApi(ORDERS, { headers: { accept: 'application/json' } }))
  for (const response of responses) {
    const { username, carrier } = await response.json()
    if (username !== 'ada' || carrier !== 'token') throw new Error(`the API saw ${username} by ${carrier}`)
  }
  const exchanges = sent.filter((request) => request === 'POST /exchange/session-for-token')
  if (exchanges.length !== 1) throw new Error(`these were sent: ${sent.join(', ')}`)

  await fetch('/logout', { method: 'POST' })
  const error = await callApi(ORDERS).catch((thrown) => thrown)
  if (!(error instanceof SignedOut)) throw new Error(`after the log-out the call gave ${error}`)
}
