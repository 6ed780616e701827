import fc from 'fast-check'
import t from 'tap'
import { buildFuzzedDemo, loginIdsIn } from './fuzzed-demo.ts'
import { fuzz } from './fuzz.ts'
import { headerText, mutated } from './mutations.ts'

const { ask, logInByToken, logInByCookie, dataDir } = await buildFuzzedDemo(t)
const [user, eve, ended] = [await logInByToken('user'), await logInByToken('eve'), await logInByToken('user')]
await ask({ method: 'POST', url: '/token/logout', headers: { authorization: `Bearer ${ended.token}` } })
const cookie = (await logInByCookie('user')).drawbridge as string
const tokens = [user.token, eve.token, ended.token]
const loginsBefore = loginIdsIn(dataDir)

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
  { weight: 6, arbitrary: mutated(...tokens) },
  { weight: 1, arbitrary: mutated(user.refresh_token, cookie, encodeURIComponent(cookie)) },
  { weight: 1, arbitrary: headerText(200) },
  { weight: 1, arbitrary: fc.constantFrom('a'.repeat(8192), '.'.repeat(9000), '..', '=', `${user.token}=`) }
)
const header = fc.oneof(
  { weight: 1, arbitrary: headerText(200) },
  { weight: 6, arbitrary: fc.tuple(scheme, space, token).map((parts) => parts.join('')) },
  { weight: 1, arbitrary: mutated(...tokens.map((text) => `Bearer ${text}`)) }
)

/** Whom a header shows: the scheme in any case, one space, and one of the tokens to the letter. */
function shownBy(authorization: string): 'user' | 'eve' | null {
  if (!authorization.toLowerCase().startsWith('bearer ')) return null
  const rest = authorization.slice('bearer '.length)
  return rest === user.token ? 'user' : rest === eve.token ? 'eve' : null
}

t.test('an Authorization header is taken where it is that of a living login, and only there', async (t) => {
  await fuzz(t, {
    inputs: 18_000,
    input: header,
    holds: async (authorization) => {
      const answer = await ask({ url: '/token/protected', headers: { authorization } })
      const person = shownBy(authorization)
      const isRight =
        person === null
          ? answer.statusCode === 401
          : answer.statusCode === 200 && answer.json<{ message: string }>().message === `Hello, ${person}!`
      if (!isRight) throw new Error(`${answer.statusCode} ${answer.body} for one that shows ${person}`)
    }
  })
})

t.test('an Authorization header that is of no living login ends none', async (t) => {
  await fuzz(t, {
    inputs: 2000,
    input: header.filter((text) => shownBy(text) === null),
    holds: async (authorization) => {
      const answer = await ask({ method: 'POST', url: '/token/logout', headers: { authorization } })
      if (answer.statusCode !== 401) throw new Error(`${answer.statusCode} ${answer.body}`)
    }
  })
})

t.test('after all that, the service answers and the logins are what they were', async (t) => {
  t.equal((await ask({ url: '/health/live' })).statusCode, 200)
  t.same(loginIdsIn(dataDir), loginsBefore)
  for (const { token: text } of [user, eve])
    t.equal(
      (await ask({ url: '/token/protected', headers: { authorization: `Bearer ${text}` } })).statusCode,
      200
    )
})
