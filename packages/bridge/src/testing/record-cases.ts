import assert from 'node:assert/strict'
import { inspect } from 'node:util'
import type { OldLogins } from '../migration/old-logins.ts'
import { type Fixture, found, oldLoginsCase } from './old-logins-case.ts'

/** Cases of {@link oldLoginsCases}: the records of the other system. */
export const recordCases = [
  oldLoginsCase('a system with a record can be asked and can revoke, and no other', async ({ logins }) => {
    for (const method of ['isActive', 'revoke'] as const)
      assert.equal(typeof logins[method], logins.keepsRecord ? 'function' : 'undefined', method)
    assert.ok(logins.carrier === 'session' || logins.carrier === 'token')
  }),

  recordCase(
    'a login is active until it is revoked, and a request then presents none',
    async (fixture, record) => {
      const key = await keyOf(fixture)
      assert.equal(await record.isActive(key), true)
      await record.revoke(key)
      await record.revoke(key)
      assert.equal(await record.isActive(key), false)
      assert.equal((await fixture.read(fixture.genuine.headers)).kind, 'none')
    }
  ),

  recordCase(
    'what has never been there is not active, and is revoked without a fault',
    async (_fixture, record) => {
      for (const key of ['unknown', '', '__proto__', 'constructor']) {
        assert.equal(await record.isActive(key), false, key)
        await record.revoke(key)
      }
    }
  ),

  recordCase(
    'records that cannot be reached are no log-out, and no secret is in the error',
    async (fixture, record) => {
      const { breakStore, genuine, read, logins } = fixture
      const { key, secret } = await recordOf(fixture)
      assert.ok(breakStore, 'breakStore is missing')
      breakStore()
      const give = logins.give?.bind(logins)
      const calls = [
        () => read(genuine.headers),
        () => record.isActive(key),
        () => record.revoke(key),
        ...(give === undefined ? [] : [() => fixture.respond((reply) => give(reply, givenTo('42'), null))])
      ]
      for (const call of calls) {
        const error: unknown = await call().then(
          () => assert.fail('it resolves'),
          (thrown: unknown) => thrown
        )
        assert.ok(
          !inspect(error, { depth: 9, showHidden: true }).includes(secret),
          'the error has the credential'
        )
      }
      assert.equal((await read({})).kind, 'none', 'nobody has to be asked')
    }
  ),

  oldLoginsCase('what is not signed by that system does not reach its records', async (fixture) => {
    const { isSigned = false, breakStore, genuine, read } = fixture
    if (!isSigned || breakStore === undefined) return
    breakStore()
    for (const headers of Object.values(fixture.refused ?? {})) await read(headers)
    const forged = Object.entries(genuine.headers).map(([name, text]) => [name, `${text.slice(0, -3)}AAA`])
    assert.equal((await read(Object.fromEntries(forged))).kind, 'invalid')
  }),

  oldLoginsCase('the count is that of the active logins', async (fixture) => {
    const { logins } = fixture
    if (logins.count === undefined) return
    const before = await logins.count()
    assert.ok(before >= 1, `${before}`)
    await logins.revoke?.(await keyOf(fixture))
    assert.equal(await logins.count(), before - 1)
  })
]

type Record = Required<Pick<OldLogins, 'isActive' | 'revoke'>>

function recordCase(name: string, check: (fixture: Fixture, record: Record) => Promise<void>) {
  return oldLoginsCase(name, async (fixture) => {
    const { logins } = fixture
    const isActive = logins.isActive?.bind(logins)
    const revoke = logins.revoke?.bind(logins)
    if (isActive !== undefined && revoke !== undefined) await check(fixture, { isActive, revoke })
  })
}

async function recordOf(fixture: Fixture): Promise<{ readonly key: string; readonly secret: string }> {
  const { key, secret } = await found(fixture, fixture.genuine.headers)
  assert.ok(key !== null, 'a login with a record has a key')
  return { key, secret }
}

const keyOf = async (fixture: Fixture) => (await recordOf(fixture)).key

/** A login of ours. */
export function givenTo(userId: string) {
  return { id: 'a login of ours', userId, username: 'ada', expiresAt: Date.UTC(2100, 0, 1) }
}
