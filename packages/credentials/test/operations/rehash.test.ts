import { hashSync } from '@node-rs/argon2'
import { Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'
import t, { type Test } from 'tap'
import { spy } from '@drawbridge/test-support/spies/spy'
import {
  createCredentials,
  type Credentials,
  createMemoryUserStore,
  createKyselyUserStore,
  createUsersTable,
  type UserStore
} from '../../src/index.ts'
import { connectSqlite, openSqlite } from '../open-sqlite.ts'
import { startPostgres } from '@drawbridge/test-support/servers/postgres'
import { PASSWORD } from '../create-test-dependencies.ts'

const ADDRESS = '192.0.2.1'
const NEXT = 'another phrase of some length'
const FOREIGN = '$2b$04$abcdefghijklmnopqrstuufznL8bkzdtHwLhca4To/v9Lo9bA7fR6'

/** A node of the release before the cost was raised, and one of the release after. */
const LOW = { memoryKiB: 1024, passes: 1 }
const HIGH = { memoryKiB: 2048, passes: 1 }

function node(users: UserStore, hashing: typeof LOW): Credentials {
  return createCredentials({
    users,
    // The tests make a method of the store wait for whole sign-ins.
    userStoreTimeoutMs: 60_000,
    throttle: false,
    hashing: { ...hashing, concurrency: 3, maxQueued: 100 }
  })
}

function hashWithMemory(memoryCost: number): string {
  return hashSync(PASSWORD, { memoryCost, timeCost: 1 })
}

/** A node of each release, each with its own interposed access to the one store. */
async function twoNodes(passwordHash: string) {
  const users = createMemoryUserStore()
  const user = await users.insert({ username: 'kim', usernameKey: 'kim', passwordHash, disabled: false })
  const [toLow, toHigh] = [spy(users), spy(users)]
  const [low, high] = [node(toLow.store, LOW), node(toHigh.store, HIGH)]
  const userId = user?.id ?? ''
  return {
    low,
    high,
    toLow,
    toHigh,
    userId,
    readMemoryKiB: async () => /m=(\d+)/.exec((await users.findById(userId))?.passwordHash ?? '')?.[1],
    hash: async () => (await users.findById(userId))?.passwordHash
  }
}

/** The stamp of a sign-in, before its login would be written. */
async function signInForStamp(
  credentials: Credentials,
  password = PASSWORD,
  username = 'kim'
): Promise<string> {
  const outcome = await credentials.verify({ username, password, address: ADDRESS })
  if (!outcome.ok) throw new Error(`${outcome.reason} ${'detail' in outcome ? outcome.detail : ''}`)
  return outcome.passwordStamp
}

async function change(credentials: Credentials, userId: string, newPassword = NEXT): Promise<void> {
  const input = { userId, currentPassword: PASSWORD, newPassword, address: ADDRESS }
  if (!(await credentials.changePassword(input)).ok) throw new Error('not changed')
}

t.test('S15: a rehash by a node of the next release revokes no login of this one', async (t) => {
  const { low, high, userId, readMemoryKiB } = await twoNodes(hashWithMemory(LOW.memoryKiB))
  const passwordStamp = await signInForStamp(low)
  t.equal(await readMemoryKiB(), '1024')
  t.equal(await signInForStamp(high), passwordStamp, 'one password, one stamp')
  t.equal(await readMemoryKiB(), '2048')
  t.ok(await low.isStampCurrent({ userId, passwordStamp }))
  t.ok(await high.isStampCurrent({ userId, passwordStamp }))
})

t.test("S15: two releases do not replace each other's hashes", async (t) => {
  const { low, high, userId, hash } = await twoNodes(hashWithMemory(512))
  const passwordStamp = await signInForStamp(high)
  const hashOfHigh = await hash()
  for (const credentials of [low, high, low]) t.equal(await signInForStamp(credentials), passwordStamp)
  t.equal(await hash(), hashOfHigh)
  t.ok(await low.isStampCurrent({ userId, passwordStamp }))
})

for (const [name, first, second] of [
  ['the older release first', 'toLow', 'high'],
  ['the newer release first', 'toHigh', 'low']
] as const) {
  t.test(`S15: of two nodes that upgrade one hash, neither rejects the stamp: ${name}`, async (t) => {
    for (const stored of [hashWithMemory(512), FOREIGN]) {
      const nodes = await twoNodes(stored)
      const password = stored === FOREIGN ? 'pass' : PASSWORD
      const [slow, overtaken] = first === 'toLow' ? [nodes.low, nodes.toLow] : [nodes.high, nodes.toHigh]
      let other = ''
      overtaken.before('replacePasswordHash', async () => {
        other = await signInForStamp(nodes[second], password)
      })
      const passwordStamp = await signInForStamp(slow, password)
      for (const credentials of [nodes.low, nodes.high]) {
        for (const each of [passwordStamp, other])
          t.ok(await credentials.isStampCurrent({ userId: nodes.userId, passwordStamp: each }))
      }
    }
  })
}

t.test('S15: an upgrade whose reply is lost rejects no stamp', async (t) => {
  for (const stored of [hashWithMemory(512), FOREIGN]) {
    const { low, high, toLow, userId } = await twoNodes(stored)
    const password = stored === FOREIGN ? 'pass' : PASSWORD
    toLow.after('replacePasswordHash', () => Promise.reject(new Error('the connection is gone')))
    const passwordStamp = await signInForStamp(low, password)
    t.ok(await low.isStampCurrent({ userId, passwordStamp }))
    await signInForStamp(high, password)
    t.ok(await low.isStampCurrent({ userId, passwordStamp }))
  }
})

t.test('S15: a change of password makes a new stamp, even to the same password', async (t) => {
  for (const next of [NEXT, PASSWORD]) {
    const { low, high, userId } = await twoNodes(hashWithMemory(512))
    const passwordStamp = await signInForStamp(low)
    await signInForStamp(high)
    await change(high, userId, next)
    t.notOk(await low.isStampCurrent({ userId, passwordStamp }))
    const now = await signInForStamp(low, next)
    await signInForStamp(high, next)
    t.ok(await low.isStampCurrent({ userId, passwordStamp: now }))
  }
})

t.test('S15: a hash set by another system is another password', async (t) => {
  const { low, toLow, userId, hash } = await twoNodes(FOREIGN)
  toLow.before('replacePasswordHash', () => Promise.reject(new Error('read only')))
  const passwordStamp = await signInForStamp(low, 'pass')
  const other = '$2b$10$abcdefghijklmnopqrstutIMzpyqh/s3xMIwGh4TrLcrxgnPFH3zC'
  await toLow.store.replacePasswordHash(userId, (await hash()) ?? '', other)
  t.notOk(await low.isStampCurrent({ userId, passwordStamp }))
})

t.test('S15: a custom hash is upgraded without a stamp that helps to guess the password', async (t) => {
  const users = createMemoryUserStore()
  const { before, store } = spy(users)
  const verifiers = [
    {
      matches: (hash: string) => hash.startsWith('plain:'),
      verify: (text: string, hash: string) => hash === `plain:${text}`
    }
  ]
  const make = () => createCredentials({ users: store, throttle: false, hashing: { ...LOW, verifiers } })
  const [credentials, other] = [make(), make()]
  const kim = { username: 'kim', usernameKey: 'kim', passwordHash: 'plain:pass', disabled: false }
  const userId = (await users.insert(kim))?.id ?? ''
  before('replacePasswordHash', () => Promise.reject(new Error('read only')))
  const passwordStamp = await signInForStamp(credentials, 'pass')
  t.ok(await credentials.isStampCurrent({ userId, passwordStamp }))
  t.notOk(await other.isStampCurrent({ userId, passwordStamp }), 'the key is that of one process')
  const upgraded = await signInForStamp(credentials, 'pass')
  t.match((await users.findById(userId))?.passwordHash, /^\$argon2id\$/)
  for (const each of [credentials, other])
    t.ok(await each.isStampCurrent({ userId, passwordStamp: upgraded }))
})

t.test('S15: users with one salt in the old system get different salts', async (t) => {
  const users = createMemoryUserStore()
  const credentials = node(users, LOW)
  for (const name of ['kim', 'lee'])
    await users.insert({ username: name, usernameKey: name, passwordHash: FOREIGN, disabled: false })
  const stamps = [await signInForStamp(credentials, 'pass'), await signInForStamp(credentials, 'pass', 'lee')]
  t.equal(new Set(stamps).size, 2)
  const hashes = ['kim', 'lee'].map(async (name) => (await users.findByUsernameKey(name))?.passwordHash)
  t.equal(new Set(await Promise.all(hashes)).size, 2)
})

const ROUNDS = 6
const CONCURRENCY = 8

/** Eight parallel sign-ins on two nodes, up to the check of the stamp after the login is written. */
async function burst(t: Test, stores: readonly UserStore[]): Promise<void> {
  const nodes = stores.map((users, at) => node(users, at === 0 ? LOW : HIGH))
  for (let round = 0; round < ROUNDS; round += 1) {
    const name = `kim${round}`
    const passwordHash = hashWithMemory(round % 2 === 0 ? 512 : LOW.memoryKiB)
    const kim = { username: name, usernameKey: name, passwordHash, disabled: false }
    const userId = (await stores[0]!.insert(kim))?.id ?? ''
    const signIns = Array.from({ length: CONCURRENCY }, async (_, at) => {
      const credentials = nodes[at % 2]!
      const passwordStamp = await signInForStamp(credentials, PASSWORD, name)
      return credentials.isStampCurrent({ userId, passwordStamp })
    })
    t.strictSame(await Promise.all(signIns), Array<boolean>(CONCURRENCY).fill(true))
    t.match((await stores[0]!.findById(userId))?.passwordHash, /^\$argon2id\$v=19\$m=(1024|2048),/)
  }
}

t.test('S15: eight parallel sign-ins on two releases, on SQLite', async (t) => {
  const sqlite = openSqlite()
  const second = connectSqlite(sqlite.file)
  t.teardown(async () => {
    await second.destroy()
    await sqlite.close()
  })
  await createUsersTable(sqlite.db)
  await burst(
    t,
    [sqlite.db, second].map((db) => createKyselyUserStore({ db }))
  )
})

t.test('S15: eight parallel sign-ins on two releases, on Postgres', async (t) => {
  const postgres = await startPostgres()
  if (postgres === null) {
    t.pass('no Postgres', { skip: 'none is installed here: apt-get install postgresql' })
    return
  }
  const dbs = [1, 2].map(
    () =>
      new Kysely<unknown>({
        dialect: new PostgresDialect({ pool: new pg.Pool({ connectionString: postgres.url }) })
      })
  )
  t.teardown(async () => {
    await Promise.all(dbs.map((db) => db.destroy()))
    await postgres.stop()
  })
  await createUsersTable(dbs[0]!)
  await burst(
    t,
    dbs.map((db) => createKyselyUserStore({ db }))
  )
})
