import assert from 'node:assert/strict'
import { type Fixture, found, oldLoginsCase, type SetCookie } from './old-logins-case.ts'
import { givenTo } from './record-cases.ts'

/** Cases of {@link oldLoginsCases}: what a response sets. */
export const responseCases = [
  oldLoginsCase('its cookies are removed, and a token has none', async ({ logins, genuine, respond }) => {
    const removed = await respond((reply) => logins.clear(reply))
    for (const { line } of removed) assert.match(line, /; Max-Age=0(?:;|$)/i)
    if (logins.carrier === 'token') return
    const name = (genuine.headers.cookie ?? '').split('=', 1)[0] as string
    assert.ok(
      removed.some(({ pair }) => pair === `${name}=` || pair === `${name.replace(/\.\d$/, '')}=`),
      `${name} stays`
    )
  }),

  oldLoginsCase('a cookie that is given is removed by its own path and domain', async (fixture) => {
    const { logins, respond } = fixture
    const cookies = await given(fixture, '42', null)
    if (cookies === null) return
    const removed = await respond((reply) => logins.clear(reply))
    const place = ({ line }: SetCookie) => (line.match(/; (?:path|domain)=[^;]*/gi) ?? []).join('')
    assert.ok(removed.some((each) => place(each) === place(cookies.cookie)))
  }),

  oldLoginsCase('a login that is given is read back, under the key of it', async (fixture) => {
    const first = await given(fixture, '42', null)
    if (first === null) return
    const old = await found(fixture, first.headers)
    assert.deepEqual([old.userId, old.key], ['42', first.key])
    if (!fixture.logins.keepsRecord) return
    const again = await given(fixture, '42', first.key)
    assert.deepEqual([again?.key, again?.headers], [first.key, first.headers], 'the same is given again')
    assert.notEqual((await given(fixture, '42', null))?.key, first.key, 'a new one is another')
  }),

  oldLoginsCase('what is no longer active, or of another user, is not given again', async (fixture) => {
    const first = await given(fixture, '42', null)
    if (first === null || !fixture.logins.keepsRecord) return
    const others = await given(fixture, '43', first.key)
    assert.notEqual(others?.key, first.key)
    assert.equal((await found(fixture, others?.headers ?? {})).userId, '43')
    await fixture.logins.revoke?.(first.key)
    const next = await given(fixture, '42', first.key)
    assert.notEqual(next?.key, first.key)
    assert.equal((await found(fixture, next?.headers ?? {})).key, next?.key)
  })
]

/** Null for a system that only makes its own logins. */
async function given({ logins, respond }: Fixture, userId: string, key: string | null) {
  if (logins.give === undefined) return null
  let given = ''
  const cookies = await respond(async (reply) => {
    given = (await logins.give?.(reply, givenTo(userId), key)) ?? ''
  })
  const [cookie] = cookies
  assert.ok(cookie, 'no cookie is set')
  return { key: given, cookie, headers: { cookie: cookies.map(({ pair }) => pair).join('; ') } }
}
