// What the README promises of its example: one account, two carriers, and a log-out that revokes the login.
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

/** The headers that authenticate later requests, as the client of each carrier would send them. */
const carriers = {
  session: ({ headers }) => {
    const cookies = headers.getSetCookie().map((cookie) => cookie.split(';', 1)[0])
    if (cookies.length === 0) throw new Error('the sign-in set no cookie')
    return { cookie: cookies.join('; ') }
  },
  token: ({ body }) => ({ authorization: `Bearer ${body.access_token}` })
}

async function drive(base, credentialOf) {
  await send(`${base}/protected`, 401)
  await send(`${base}/login`, 401, { method: 'POST', body: { ...account, password: 'not hers, not at all' } })
  const headers = credentialOf(await send(`${base}/login`, 200, { method: 'POST', body: account }))
  await send(`${base}/protected`, 200, { headers })
  await send(`${base}/logout`, 200, { method: 'POST', headers })
  await send(`${base}/protected`, 401, { headers })
}

/** Signs in, calls the protected route and logs out, with both carriers; rejects at the first wrong response. */
export default async function bothCarriers({ app }) {
  const [{ port }] = app.addresses()
  for (const [carrier, credentialOf] of Object.entries(carriers))
    await drive(`http://127.0.0.1:${port}/${carrier}`, credentialOf)
  await app.close()
}
