import t from 'tap'
import { accessTokenExpiresAt } from '../../src/connections/access-token-expires-at.ts'

const tokenWith = (payload: unknown) =>
  ['e30', Buffer.from(JSON.stringify(payload)).toString('base64url'), 'c2ln'].join('.')

t.test('the expiry of an access token, of a request or of a message', async (t) => {
  const token = tokenWith({ exp: 1_800_000_000 })
  t.equal(accessTokenExpiresAt(token), 1_800_000_000_000)
  for (const scheme of ['Bearer', 'bearer'])
    t.equal(accessTokenExpiresAt({ headers: { authorization: `${scheme} ${token}` } }), 1_800_000_000_000)
})

t.test('a request without an access token has none: by cookie, by key, or by another scheme', async (t) => {
  const others = [
    undefined,
    '',
    'Basic YTpi',
    'Bearer drbk_abc',
    'Bearer ',
    `Bearer ${tokenWith({ exp: '1' })}`
  ]
  for (const authorization of others) t.equal(accessTokenExpiresAt({ headers: { authorization } }), undefined)
  for (const token of ['', 'a.b.c', 'not a token', tokenWith([]), tokenWith(null)])
    t.equal(accessTokenExpiresAt(token), undefined)
})
