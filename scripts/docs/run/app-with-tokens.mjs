import { browse } from '../browser.mjs'
import { account } from '../sign-in.mjs'

const SERVICE = 'https://api.example.com'

/** Loses the first response of a path, once the service has done what it was asked for. */
function loseResponse(lost) {
  const send = globalThis.fetch
  let isLost = false
  globalThis.fetch = async (input, init) => {
    const response = await send(input, init)
    if (isLost || !input.endsWith(lost)) return response
    isLost = true
    throw new TypeError('fetch failed')
  }
}

/** The app refreshes once for simultaneous calls, survives a lost response, gives its web view a session, and logs out. */
export default async function appWithTokens({ app, credentials, createApp, SignedOut }) {
  app.get('/orders', { onRequest: app.bridge.guard }, (request) => request.principal)
  await credentials.register(account)
  const sent = browse(app)
  loseResponse('/token/refresh')
  const headers = { 'content-type': 'application/json' }
  const body = JSON.stringify(account)
  let { refresh_token: stored } = await (
    await fetch(`${SERVICE}/token/login`, { method: 'POST', headers, body })
  ).json()
  const first = stored
  const client = createApp({ read: async () => stored, write: async (token) => void (stored = token) })

  const responses = await Promise.all([1, 2, 3].map(() => client.fetch(`${SERVICE}/orders`)))
  const [{ loginId }] = await Promise.all(responses.map((response) => response.json()))
  const refreshes = sent.filter((request) => request === 'POST /token/refresh').length
  if (refreshes !== 2 || stored === first) throw new Error(`these were sent: ${sent.join(', ')}`)

  const [cookies, again] = [await client.getCookies(), await client.getCookies()]
  // The second one, with a shared feed, is a snapshot of its own.
  if (cookies.length === 0 || cookies[0] !== again[0]) throw new Error(`${cookies} and ${again}`)
  const cookie = cookies.map((line) => line.split(';', 1)[0]).join('; ')
  const bySession = await (await fetch(`${SERVICE}/orders`, { headers: { cookie } })).json()
  if (bySession.loginId !== loginId || bySession.carrier !== 'session')
    throw new Error(`the web view is ${JSON.stringify(bySession)}, the app ${loginId}`)

  await client.logOut()
  const { status } = await fetch(`${SERVICE}/orders`, { headers: { cookie } })
  if (status !== 401 || stored !== '') throw new Error(`the web view gets ${status}, and ${stored} is stored`)
  stored = first
  const error = await client.fetch(`${SERVICE}/orders`).catch((thrown) => thrown)
  if (!(error instanceof SignedOut)) throw new Error(`after the log-out the call gave ${error}`)
}
