import t from 'tap'
import { createCredentials, createMemoryUserStore, type UserStore } from '../../src/index.ts'
import { withStoreTimeout } from '../../src/users/with-store-timeout.ts'
import { CHEAP_COST, PASSWORD } from '../create-test-dependencies.ts'

const never = (): Promise<never> => new Promise(() => {})
const attempt = { username: 'kim', password: PASSWORD, address: '192.0.2.1' }
const unavailable = { code: 'DRAWBRIDGE_CREDENTIALS_UNAVAILABLE' }

const required: UserStore = {
  findByUsernameKey: never,
  findById: never,
  insert: never,
  replacePasswordHash: never,
  ping: never
}

/** Never replies, like a table that a migration has locked. */
const silent: UserStore = { ...required, setDisabled: never, remove: never, rename: never }

t.test('T20: no method waits longer than the timeout for a store that does not reply', async (t) => {
  const credentials = createCredentials({ users: silent, userStoreTimeoutMs: 10, hashing: CHEAP_COST })
  const { cause } = (await credentials.verify(attempt).catch((error: unknown) => error)) as Error
  t.match(cause, { message: 'the user store did not reply within 10 ms' })
  await t.rejects(credentials.verify(attempt), unavailable)
  await t.rejects(credentials.isStampCurrent({ userId: '1', passwordStamp: 'p' }), unavailable)
  await t.rejects(credentials.register({ username: 'kim', password: PASSWORD }), unavailable)
  const change = { userId: '1', currentPassword: PASSWORD, newPassword: PASSWORD, address: '192.0.2.1' }
  await t.rejects(credentials.changePassword(change), unavailable)
  await t.rejects(credentials.setPassword(change), unavailable)
  for (const input of [{ userId: '1' }, { username: 'kim' }])
    await t.rejects(credentials.stampOf(input), unavailable)
  const { disable, enable, remove, rename } = credentials
  for (const call of [disable, enable, remove, rename])
    await t.rejects(call?.({ userId: '1', newUsername: 'kim' }) as Promise<unknown>, unavailable)
  for (let at = 0; at < 10; at += 1)
    await t.rejects(credentials.verify(attempt), unavailable, 'no attempt is counted')
})

t.test(
  'T20: queued calls are rejected together with the first, and not one timeout later each',
  async (t) => {
    let lookups = 0
    const users = { ...silent, findByUsernameKey: () => ((lookups += 1), never()) }
    const hashing = { ...CHEAP_COST, concurrency: 1, maxQueued: 64 }
    const credentials = createCredentials({ users, userStoreTimeoutMs: 20, throttle: false, hashing })
    const signIns = Array.from({ length: 60 }, () => credentials.verify(attempt))
    const results = await Promise.allSettled(signIns)
    t.ok(results.every((result) => result.status === 'rejected'))
    t.match(results[59], { reason: unavailable })
    t.equal(lookups, 1, 'the others made no look-up')
  }
)

t.test('T20: a write that times out rejects no other call', async (t) => {
  let rejections = 0
  const onLookupTimeout = () => (rejections += 1)
  const users = withStoreTimeout(silent, { timeoutMs: 10, onLookupTimeout })
  await t.rejects(users.replacePasswordHash('1', 'a', 'b'), { message: /did not reply within 10 ms/ })
  await t.rejects(users.ping(), { message: /did not reply within 10 ms/ })
  await t.rejects(users.setDisabled?.('1', true) as Promise<unknown>, {
    message: /did not reply within 10 ms/
  })
  t.equal(rejections, 0)
  await t.rejects(users.findById('1'), { message: /did not reply within 10 ms/ })
  t.equal(rejections, 1)
})

t.test('a result in time is passed on as it is, and a late error is ignored', async (t) => {
  const store = createMemoryUserStore()
  const users = withStoreTimeout(store, { timeoutMs: 60_000, onLookupTimeout: () => t.fail('it timed out') })
  const kim = { username: 'Kim', usernameKey: 'kim', passwordHash: 'a', disabled: false }
  const inserted = await users.insert(kim)
  t.strictSame(await users.findByUsernameKey('kim'), inserted)
  t.ok(await users.replacePasswordHash(inserted?.id ?? '', 'a', 'b'))
  t.equal((await users.findById(inserted?.id ?? ''))?.passwordHash, 'b')
  t.equal(await users.ping(), undefined)
  const id = inserted?.id ?? ''
  t.equal(await users.setDisabled?.(id, true), true)
  t.equal((await users.findById(id))?.disabled, true)
  t.equal(await users.rename?.(id, { username: 'Lee', usernameKey: 'lee' }), 'renamed')
  t.equal((await users.findByUsernameKey('lee'))?.id, id)
  t.equal(await users.remove?.(id), true)
  t.equal(await users.findById(id), null)
  const without = withStoreTimeout(required, { timeoutMs: 10, onLookupTimeout: () => {} })
  for (const method of ['setDisabled', 'remove', 'rename'] as const) t.equal(without[method], undefined)
  const thrown = withStoreTimeout(
    {
      ...silent,
      ping: () => {
        throw new Error('thrown')
      }
    },
    { timeoutMs: 60_000, onLookupTimeout: () => {} }
  )
  await t.rejects(thrown.ping(), { message: 'thrown' })
  let fail = (_: Error): void => {}
  const late = withStoreTimeout(
    { ...silent, ping: () => new Promise((_, reject) => (fail = reject)) },
    { timeoutMs: 10, onLookupTimeout: () => {} }
  )
  await t.rejects(late.ping(), { message: /did not reply/ })
  fail(new Error('too late'))
})
