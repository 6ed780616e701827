// What the README promises of its example: one account, one route for both carriers, and one login that both carry until
// either logs out.
const account = { username: 'ada', password: 'correct horse battery staple' }

/** Sends one request; throws, with the whole response, where the status is not the expected one. */
async function send(url, expected, { method = 'GET', headers = {}, body } = {}) {
  const init = body
    ? { method, headers: { ...headers, 'content-type': 'application/json' }, body: JSON.stringify(body) }
    : { method, headers }
  const response = await fetch(url, init)
  const text = await response.text()
  if (response.status === expected) return { headers: response.headers, body: JSON.parse(text) }
  throw new Error(`${method} ${url} returned ${response.status}, not ${expected}: ${text}`)
}

const bearer = ({ body }) => ({ authorization: `Bearer ${body.access_token}` })

/** The headers that authenticate later requests, as the client of each carrier would send them. */
const carriers = {
  session: ({ headers }) => {
    const cookies = headers.getSetCookie().map((cookie) => cookie.split(';', 1)[0])
    if (cookies.length === 0) throw new Error('the sign-in set no cookie')
    return { cookie: cookies.join('; ') }
  },
  token: bearer
}

/** @returns the headers of the carrier, once they have been accepted. */
async function signIn(base, carrier, credentialOf) {
  await send(`${base}/me`, 401)
  await send(`${base}/${carrier}/login`, 401, {
    method: 'POST',
    body: { ...account, password: 'not hers, not at all' }
  })
  const headers = credentialOf(await send(`${base}/${carrier}/login`, 200, { method: 'POST', body: account }))
  await expectMe(base, headers, carrier)
  return headers
}

async function expectMe(base, headers, carrier) {
  const { body } = await send(`${base}/me`, 200, { headers })
  if (body.username === 'ada' && body.carrier === carrier) return body.loginId
  throw new Error(`/me is ${JSON.stringify(body)}`)
}

/** Logs out with one credential; rejects where the others are still accepted. */
async function logOut(base, headers, others = [headers]) {
  await send(`${base}/logout`, 200, { method: 'POST', headers })
  for (const other of others) await send(`${base}/me`, 401, { headers: other })
}

/** A session is exchanged for a token of the same login. */
async function exchange(base, session) {
  const response = await send(`${base}/exchange/session-for-token`, 200, { method: 'POST', headers: session })
  const token = bearer(response)
  const ids = [await expectMe(base, session, 'session'), await expectMe(base, token, 'token')]
  if (ids[0] !== ids[1]) throw new Error(`these are two logins: ${ids.join()}`)
  return token
}

/** Signs in with each carrier and logs out; then with both on one login; rejects at the first wrong response. */
export default async function bothCarriers({ app }) {
  const [{ port }] = app.addresses()
  const base = `http://127.0.0.1:${port}`
  for (const [carrier, credentialOf] of Object.entries(carriers))
    await logOut(base, await signIn(base, carrier, credentialOf))
  for (const by of ['session', 'token']) {
    const session = await signIn(base, 'session', carriers.session)
    const both = { session, token: await exchange(base, session) }
    await logOut(base, both[by], Object.values(both))
  }
  await app.close()
}
