import fc from 'fast-check'
import t from 'tap'
import { buildFuzzedDemo, readLoginIds } from './fuzzed-demo.ts'
import { fuzz } from './fuzz.ts'
import { headerText, mutate } from './mutations.ts'

const { send, signInByToken, signInByCookie, dataDir } = await buildFuzzedDemo(t)
const [user, eve, revoked] = [
  await signInByToken('user'),
  await signInByToken('eve'),
  await signInByToken('user')
]
await send({ method: 'POST', url: '/token/logout', headers: { authorization: `Bearer ${revoked.token}` } })
const cookie = (await signInByCookie('user')).drawbridge as string
const tokens = [user.token, eve.token, revoked.token]
const loginsBefore = readLoginIds(dataDir)

const scheme = fc.constantFrom(
  'Bearer',
  'bearer',
  'BEARER',
  'bEaReR',
  'Basic',
  'DPoP',
  'Token',
  'JWT',
  'Bearer:',
  ''
)
const space = fc.constantFrom(' ', ' ', ' ', ' ', '  ', '\t', '', ' , ', ' Bearer ')
const token = fc.oneof(
  { weight: 2, arbitrary: fc.constantFrom(...tokens) },
  { weight: 6, arbitrary: mutate(...tokens) },
  { weight: 1, arbitrary: mutate(user.refresh_token, cookie, encodeURIComponent(cookie)) },
  { weight: 1, arbitrary: headerText(200) },
  { weight: 1, arbitrary: fc.constantFrom('a'.repeat(8192), '.'.repeat(9000), '..', '=', `${user.token}=`) }
)
const header = fc.oneof(
  { weight: 1, arbitrary: headerText(200) },
  { weight: 6, arbitrary: fc.tuple(scheme, space, token).map((parts) => parts.join('')) },
  { weight: 1, arbitrary: mutate(...tokens.map((text) => `Bearer ${text}`)) }
)

/** The user of a header: the scheme in any case, one space, and exactly one of the tokens. */
function identify(authorization: string): 'user' | 'eve' | null {
  if (!authorization.toLowerCase().startsWith('bearer ')) return null
  const rest = authorization.slice('bearer '.length)
  return rest === user.token ? 'user' : rest === eve.token ? 'eve' : null
}

t.test(
  'an Authorization header is accepted where it is that of an active login, and only there',
  async (t) => {
    await fuzz(t, {
      inputs: 18_000,
      input: header,
      check: async (authorization) => {
        const response = await send({ url: '/token/protected', headers: { authorization } })
        const person = identify(authorization)
        const isRight =
          person === null
            ? response.statusCode === 401
            : response.statusCode === 200 &&
              response.json<{ message: string }>().message === `Hello, ${person}!`
        if (!isRight) throw new Error(`${response.statusCode} ${response.body} for one of ${person}`)
      }
    })
  }
)

t.test('an Authorization header of no active login revokes none', async (t) => {
  await fuzz(t, {
    inputs: 2000,
    input: header.filter((text) => identify(text) === null),
    check: async (authorization) => {
      const response = await send({ method: 'POST', url: '/token/logout', headers: { authorization } })
      if (response.statusCode !== 401) throw new Error(`${response.statusCode} ${response.body}`)
    }
  })
})

t.test('afterwards the service responds and the logins are unchanged', async (t) => {
  t.equal((await send({ url: '/health/live' })).statusCode, 200)
  t.same(readLoginIds(dataDir), loginsBefore)
  for (const { token: text } of [user, eve])
    t.equal(
      (await send({ url: '/token/protected', headers: { authorization: `Bearer ${text}` } })).statusCode,
      200
    )
})
