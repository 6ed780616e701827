import t from 'tap'
import { seedUser } from '../../src/operations/seed-user.ts'
import { createMemoryUserStore } from '../../src/users/memory-user-store.ts'
import { verify } from '../../src/operations/verify.ts'
import { CHEAP_COST, createTestDependencies } from '../create-test-dependencies.ts'

t.test('a seeded user signs in with a password that the policy would reject', async (t) => {
  const { deps } = createTestDependencies()
  const user = await seedUser(deps.users, { username: 'user', password: 'pass' }, CHEAP_COST)
  const outcome = await verify(deps, { username: 'user', password: 'pass', address: '::1' })
  if (!outcome.ok) return t.fail(outcome.reason)
  t.strictSame(outcome.user, user)
})

t.test('the default cost is that of a registration', async (t) => {
  const users = createMemoryUserStore()
  await seedUser(users, { username: 'user', password: 'pass' })
  t.match((await users.findByUsernameKey('user'))?.passwordHash, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
})

t.test('an existing user is not changed', async (t) => {
  const users = createMemoryUserStore()
  await seedUser(users, { username: 'user', password: 'pass' }, CHEAP_COST)
  const before = await users.findByUsernameKey('user')
  t.equal(await seedUser(users, { username: 'USER', password: 'other' }, CHEAP_COST), null)
  t.strictSame(await users.findByUsernameKey('user'), before)
  const both = ['one', 'two'].map((password) => seedUser(users, { username: 'twin', password }, CHEAP_COST))
  t.equal((await Promise.all(both)).filter(Boolean).length, 1, 'two at the same moment')
})

t.test('malformed input throws a TypeError', async (t) => {
  const users = createMemoryUserStore()
  await t.rejects(seedUser(users, { username: 'us  er', password: 'pass' }), TypeError)
  await t.rejects(seedUser(users, { username: 'user', password: '\uD800' }), TypeError)
})
