import fc from 'fast-check'
import t from 'tap'
import { buildFuzzedDemo, readLoginIds } from './fuzzed-demo.ts'
import { fuzz } from './fuzz.ts'
import { headerText, mutate } from './mutations.ts'

const HOST = 'app.example:3000'
const OWN = `http://${HOST}`
const TRUSTED = 'https://trusted.example'

const { send, signInByCookie, dataDir } = await buildFuzzedDemo(t, { TRUSTED_ORIGINS: TRUSTED })
const behindProxy = await buildFuzzedDemo(t, { TRUST_PROXY: 'true' })
const cookie = `drawbridge=${encodeURIComponent((await signInByCookie('user')).drawbridge as string)}`
const loginsBefore = readLoginIds(dataDir)

const host = fc.oneof(
  { weight: 4, arbitrary: fc.constant(HOST) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      '',
      'app.example',
      '[::1]:3000',
      '[',
      'a,b',
      'user@app.example:3000',
      'APP.example:3000'
    )
  },
  { weight: 2, arbitrary: fc.oneof(mutate(HOST), headerText(30)) }
)
const origin = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(OWN, TRUSTED) },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      'null',
      'https://evil.example',
      `https://${HOST}`,
      `${OWN}.evil.example`,
      'http://app.example',
      `${OWN}/`,
      `http://evil@${HOST}`,
      'https://sub.trusted.example',
      `${TRUSTED}:443`,
      TRUSTED.toUpperCase(),
      `${OWN}, ${TRUSTED}`
    )
  },
  { weight: 3, arbitrary: mutate(OWN, TRUSTED) },
  { weight: 1, arbitrary: headerText(40) }
)
const site = fc.oneof(
  fc.constantFrom(
    'same-origin',
    'none',
    'same-site',
    'cross-site',
    'SAME-ORIGIN',
    'same-origin, cross-site',
    ''
  ),
  mutate('same-origin', 'none'),
  headerText(20)
)
const forwarded = fc.oneof(
  fc.constantFrom('evil.example', HOST, '10.0.0.1', '::1', '10.0.0.1, 10.0.0.2', 'https'),
  headerText(40)
)
const headers = fc.record(
  {
    host,
    origin,
    'sec-fetch-site': site,
    'sec-fetch-mode': fc.constantFrom('navigate', 'cors', 'no-cors'),
    referer: fc.constantFrom(`${OWN}/`, 'https://evil.example/'),
    'x-forwarded-host': forwarded,
    'x-forwarded-proto': forwarded,
    'x-forwarded-for': forwarded,
    forwarded: forwarded,
    'x-http-method-override': fc.constantFrom('GET', 'DELETE'),
    'user-agent': headerText(300)
  },
  { requiredKeys: ['host'] }
)

type Headers = Readonly<Record<string, string | undefined>>

/**
 * Whether a page of another origin may have sent it, by the rule of CrossOriginProtection; headers of proxies do not
 * count.
 */
function mayBeForged({ origin: from, host: to, 'sec-fetch-site': fetchSite }: Headers): boolean {
  if (from === TRUSTED) return false
  if (fetchSite !== undefined) return !['same-origin', 'none'].includes(fetchSite)
  return from !== undefined && from !== ownOrigin(to)
}

/** The Origin that a browser sends to this host (S20). */
function ownOrigin(to = ''): string | undefined {
  const url = `http://${to}`
  return /[\s/@\\?#]/.test(to) || !URL.canParse(url) ? undefined : new URL(url).origin
}

t.test('a log-out that a page of another origin may have sent is rejected, and no other', async (t) => {
  await fuzz(t, {
    inputs: 5000,
    input: headers,
    check: async (sent) => {
      const response = await send({ method: 'POST', url: '/session/logout', headers: sent })
      const status = mayBeForged(sent) ? 403 : 200
      if (response.statusCode !== status) throw new Error(`${response.statusCode} ${response.body}`)
    }
  })
})

t.test('a valid cookie from another origin changes nothing', async (t) => {
  await fuzz(t, {
    inputs: 1500,
    input: fc.tuple(fc.constantFrom('/session/logout', '/session/login'), headers.filter(mayBeForged)),
    check: async ([url, sent]) => {
      const response = await send({
        method: 'POST',
        url,
        headers: { ...sent, cookie },
        payload: { username: 'user', password: 'pass' }
      })
      if (response.statusCode !== 403 || 'set-cookie' in response.headers)
        throw new Error(`${response.statusCode} ${response.body}`)
    }
  })
})

t.test('a safe request needs no proof of origin, and gets no CORS headers', async (t) => {
  await fuzz(t, {
    inputs: 1500,
    input: fc.tuple(fc.constantFrom('GET', 'HEAD', 'OPTIONS'), headers),
    check: async ([method, sent]) => {
      const response = await send({
        method: method as 'GET',
        url: '/session/protected',
        headers: { ...sent, cookie }
      })
      if (response.statusCode !== (method === 'OPTIONS' ? 404 : 200))
        throw new Error(`${response.statusCode} ${response.body}`)
      const cors = Object.keys(response.headers).filter((name) => name.startsWith('access-control-'))
      if (cors.length > 0) throw new Error(`${cors.join()} to ${sent.origin}`)
    }
  })
})

t.test('headers of a trusted proxy are untrusted text in the log and in responses', async (t) => {
  await fuzz(t, {
    inputs: 1500,
    input: fc.tuple(
      fc.constantFrom('/session/logout', '/session/login', '/token/login', '/token/logout'),
      headers
    ),
    check: async ([url, sent]) => {
      const isLogIn = url.endsWith('login')
      const payload = isLogIn ? { username: 'user\0', password: 'pass' } : undefined
      const response = await behindProxy.send({
        method: 'POST',
        url,
        headers: sent,
        ...(payload && { payload })
      })
      const isRight = isLogIn ? [400, 403] : url === '/session/logout' ? [200, 403] : [401]
      if (!isRight.includes(response.statusCode)) throw new Error(`${response.statusCode} ${response.body}`)
    }
  })
})

t.test('afterwards the service responds and the logins are unchanged', async (t) => {
  t.equal((await send({ url: '/health/live' })).statusCode, 200)
  t.equal((await behindProxy.send({ url: '/health/live' })).statusCode, 200)
  t.same(readLoginIds(dataDir), loginsBefore)
  t.same(readLoginIds(behindProxy.dataDir), [])
  t.equal((await send({ url: '/session/protected', headers: { cookie } })).statusCode, 200)
})
