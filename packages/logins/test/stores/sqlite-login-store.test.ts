import Database from 'libsql'
import t, { type Test } from 'tap'
import {
  createSqliteLoginStore,
  type SqliteDatabase,
  type SqliteLoginStoreOptions
} from '../../src/stores/sqlite-login-store.ts'
import { adoptionCases, loginStoreCases } from '../../src/testing/index.ts'
import {
  newLogin,
  NO_LIMIT,
  addedRefresh,
  addedSession,
  presentedToken
} from '../../src/testing/store-case.ts'
import { TestClock } from '@drawbridge/test-support/clock'
import { openDatabase, PRAGMAS, createTemporaryDatabase } from '@drawbridge/test-support/servers/sqlite-file'

interface OpenDatabase extends SqliteDatabase {
  close(): unknown
}

async function runContract(t: Test, open: () => OpenDatabase): Promise<void> {
  for (const { name, run } of [...loginStoreCases, ...adoptionCases]) {
    await t.test(name, () =>
      run(() => {
        const clock = new TestClock(Date.now())
        const database = open()
        return {
          store: createSqliteLoginStore({ database, now: clock.now }),
          now: clock.now,
          advance: async (ms) => clock.advance(ms),
          close: async () => void database.close()
        }
      })
    )
  }
}

t.test('libsql, in a file', async (t) => {
  const { path, remove } = createTemporaryDatabase()
  t.teardown(remove)
  await runContract(t, () => openDatabase(path))
})

t.test('libsql, in memory', (t) => runContract(t, () => new Database(':memory:')))

t.test('node:sqlite, where Node has it', async (t) => {
  const builtin = (await import(String('node:sqlite')).catch(() => null)) as {
    DatabaseSync: new (path: string) => OpenDatabase
  } | null
  if (builtin === null) return t.pass('not in this Node')
  await runContract(t, () => new builtin.DatabaseSync(':memory:'))
})

function setUp(t: Test, options: Partial<SqliteLoginStoreOptions> = {}) {
  const file = createTemporaryDatabase()
  const clock = new TestClock()
  const opened: OpenDatabase[] = []
  const open = () => {
    const database = openDatabase(file.path)
    opened.push(database)
    return { database, store: createSqliteLoginStore({ database, now: clock.now, ...options }) }
  }
  t.teardown(() => {
    for (const database of opened) database.close()
    file.remove()
  })
  return { clock, open, path: file.path, login: (userId = 'user') => newLogin({ userId }, clock.now()) }
}

const countRows = (database: SqliteDatabase) =>
  (database.prepare('SELECT count(*) AS rows FROM drawbridge_logins').all()[0] as { rows: number }).rows

t.test('logins survive a restart of the process, and removed ones stay removed', async (t) => {
  const { open, login } = setUp(t)
  const [stored, removed] = [login(), login()]
  const first = open()
  await first.store.insert(stored, NO_LIMIT)
  await first.store.insert(removed, NO_LIMIT)
  const rotated = await first.store.rotate(stored.id, presentedToken(0))
  await first.store.remove(removed.id)
  first.database.exec('VACUUM')
  first.database.close()

  const { store } = open()
  t.same({ kind: 'rotated', login: await store.find(stored.id) }, rotated)
  t.equal(await store.find(removed.id), null)
  t.equal((await store.listByUser('user')).length, 1)
  t.equal((await store.rotate(stored.id, presentedToken(1))).kind, 'rotated')
})

t.test('a credential that one process adds is found by another, and after a restart', async (t) => {
  const { open, login } = setUp(t)
  const [a, b] = [open(), open()]
  const one = { ...login(), session: null }
  await a.store.insert(one, NO_LIMIT)
  const input = addedSession(0, one.expiresAt)
  const outcomes = await Promise.all([a.store.carry(one.id, input), b.store.carry(one.id, input)])
  t.same(outcomes.map(({ kind }) => kind).toSorted(), ['added', 'kept'])
  const [{ store }] = [open()]
  t.same(await store.find(one.id), { ...one, session: input.session })
})

t.test('two processes share one file', async (t) => {
  const { open, login } = setUp(t)
  const [a, b] = [open(), open()]
  const one = login()
  await a.store.insert(one, NO_LIMIT)
  t.same(await b.store.find(one.id), one)
  t.same(await b.store.remove(one.id), one)
  t.equal(await a.store.update(one.id, { data: {} }), null)
  t.equal(await a.store.find(one.id), null)
})

t.test('a method that fails half way changes nothing, and leaves no transaction open', async (t) => {
  const { open, login } = setUp(t)
  const { database, store } = open()
  const [old, next] = [login(), login()]
  await store.insert(old, NO_LIMIT)
  database.exec(
    `CREATE TRIGGER broken BEFORE DELETE ON drawbridge_logins BEGIN SELECT RAISE(ABORT, 'disk on fire'); END`
  )
  await t.rejects(store.insert(next, 1), { message: /disk on fire/ })
  t.same(await store.listByUser('user'), [old])
  await t.rejects(store.rotate(old.id, presentedToken(0, { hash: 'other' })), { message: /disk on fire/ })
  const reuse = addedSession(0, old.expiresAt, { hash: 'other' })
  await t.rejects(store.carry(old.id, reuse), { message: /disk on fire/ })
  await t.rejects(store.remove(old.id), { message: /disk on fire/ })
  t.same(await store.find(old.id), old)
  database.exec('DROP TRIGGER broken')
  t.same((await store.insert(next, 1))?.removed, [old.id])
})

t.test('a database that fails makes methods reject, and none throw', async (t) => {
  const { open, login } = setUp(t)
  const { database, store } = open()
  const methods: Array<() => Promise<unknown>> = [
    () => store.ping(),
    () => store.find('id'),
    () => store.listByUser('user'),
    () => store.insert(login(), 1),
    () => store.touch([{ loginId: 'id', seenAt: 1 }]),
    () => store.update('id', { data: {} }),
    () => store.rotate('id', presentedToken(0)),
    () => store.carry('id', addedRefresh()),
    () => store.remove('id'),
    () => store.removeByUser('user')
  ]
  for (const call of methods) await t.resolves(call())
  database.exec('DROP TABLE drawbridge_logins')
  for (const call of methods) await t.rejects(call(), { message: /no such table/ })
  database.close()
  for (const call of methods.slice(3)) await t.rejects(call(), { message: /not open/ })
})

t.test(
  'while another process holds the write lock, a write waits or rejects, and a read does not',
  async (t) => {
    const { open, login } = setUp(t, { lockTimeoutMs: 1 })
    const [a, b] = [open(), open()]
    const one = login()
    await a.store.insert(one, NO_LIMIT)
    a.database.exec('BEGIN IMMEDIATE')
    await t.rejects(b.store.remove(one.id), { message: /locked/ })
    t.same(await b.store.find(one.id), one)
    t.same(await b.store.listByUser('user'), [one])
    a.database.exec('ROLLBACK')
    t.same(await b.store.remove(one.id), one)
  }
)

t.test('L9: a lock of another process delays only the method that needs it', async (t) => {
  const { open, login } = setUp(t, { lockTimeoutMs: 60_000 })
  const [a, b] = [open(), open()]
  const one = login()
  await a.store.insert(one, NO_LIMIT)
  // A lock that outlasts any step of this process: it is released only when the process has done something
  // else.
  a.database.exec('BEGIN IMMEDIATE')
  const removed = b.store.remove(one.id)
  const order: string[] = []
  void removed.then(() => order.push('removed'))
  await new Promise((resolve) => setImmediate(resolve))
  order.push('another request')
  a.database.exec('COMMIT')
  t.same(await removed, one)
  t.same(order, ['another request', 'removed'])
})

t.test('L9: a file without a write-ahead log locks readers too, and they wait', async (t) => {
  const { path, clock, login } = setUp(t)
  const open = () => {
    const database = new Database(path)
    t.teardown(() => database.close())
    return { database, store: createSqliteLoginStore({ database, lockTimeoutMs: 60_000, now: clock.now }) }
  }
  const [a, b] = [open(), open()]
  const one = login()
  await a.store.insert(one, NO_LIMIT)
  a.database.exec('BEGIN EXCLUSIVE')
  const reads = [b.store.find(one.id), b.store.listByUser('user'), b.store.ping()]
  await new Promise((resolve) => setImmediate(resolve))
  a.database.exec('COMMIT')
  t.same(await Promise.all(reads), [one, [one], undefined])
})

t.test('L9: many touches are written in steps, and other work runs in between', async (t) => {
  const { open, login } = setUp(t)
  const { store } = open()
  const one = login()
  await store.insert(one, NO_LIMIT)
  const touches = Array.from({ length: 1200 }, (_, at) => ({
    loginId: at === 1100 ? one.id : `no ${at}`,
    seenAt: 1
  }))
  const turns: number[] = []
  let isWritten = false
  const count = () => {
    if (isWritten) return
    turns.push(1)
    setImmediate(count)
  }
  setImmediate(count)
  const active = await store.touch(touches)
  isWritten = true
  t.equal(active.length, 1200)
  t.same(
    active.flatMap((isActive, at) => (isActive ? [at] : [])),
    [1100]
  )
  t.ok(turns.length >= 2)
})

t.test('a record that cannot be decoded is no login, and can be removed', async (t) => {
  const { open, login } = setUp(t)
  const { database, store } = open()
  for (const record of ['', 'null', '{"__proto__":{}}', '[2]', 'not JSON']) {
    const one = login()
    await store.insert(one, NO_LIMIT)
    database.prepare('UPDATE drawbridge_logins SET record = ? WHERE id = ?').run(record, one.id)
    t.equal(await store.find(one.id), null)
    t.same(await store.listByUser('user'), [])
    t.same(await store.touch([{ loginId: one.id, seenAt: 1 }]), [false])
    t.same(await store.rotate(one.id, presentedToken(0)), { kind: 'unknown' })
    t.equal(await store.update(one.id, { data: {} }), null)
    t.equal(await store.remove(one.id), null)
    t.equal(countRows(database), 0)
  }
})

t.test('rows of expired logins are deleted as new ones come', async (t) => {
  const { open, login, clock } = setUp(t)
  const { database, store } = open()
  for (let made = 0; made < 20; made++) await store.insert(login(), NO_LIMIT)
  t.equal(countRows(database), 20)
  clock.advance(3_600_000)
  for (let made = 0; made < 5; made++) await store.insert(login('other'), NO_LIMIT)
  t.equal(countRows(database), 5)
})

t.test('the tables are created once, and those of a newer release are rejected', (t) => {
  const { open } = setUp(t)
  const { database } = open()
  createSqliteLoginStore({ database })
  const versions = database.prepare('SELECT version FROM drawbridge_logins_schema').all()
  t.same(versions, [{ version: 1 }])
  database.exec('UPDATE drawbridge_logins_schema SET version = 2')
  t.throws(() => createSqliteLoginStore({ database }), { message: /version 2/ })
  t.end()
})

t.test('a database that could lose a commit is rejected', (t) => {
  const { path, remove } = createTemporaryDatabase()
  const database = new Database(path)
  t.teardown(() => {
    database.close()
    remove()
  })
  for (const mode of ['OFF', 'NORMAL']) {
    database.exec(`PRAGMA synchronous = ${mode}`)
    t.throws(() => createSqliteLoginStore({ database }), {
      code: 'DRAWBRIDGE_OPTION',
      message: /sqliteLoginStore\.database must be set to PRAGMA synchronous = FULL/
    })
  }
  database.exec(PRAGMAS)
  t.ok(createSqliteLoginStore({ database }))
  t.end()
})

t.test('options are checked', (t) => {
  const rejects = (options: unknown, message: RegExp) =>
    t.throws(() => createSqliteLoginStore(options as never), { code: 'DRAWBRIDGE_OPTION', message })
  rejects(undefined, /sqliteLoginStore is missing/)
  rejects({}, /sqliteLoginStore\.database is missing/)
  rejects(
    { database: 'logins.db' },
    /sqliteLoginStore\.database must be an open SQLite database, got a string of 9 characters/
  )
  rejects({ database: new Database(':memory:'), wal: true }, /sqliteLoginStore\.wal is not an option/)
  t.end()
})

t.test('S30: a store whose disk is full rejects an insert, and is not ready', async (t) => {
  const { open, login } = setUp(t)
  const { database, store } = open()
  const stored = login()
  await store.insert(stored, NO_LIMIT)
  await store.ping()
  const { page_count: pages } = database.prepare('PRAGMA page_count').all()[0] as { page_count: number }
  database.exec(`PRAGMA max_page_count = ${pages}`)
  const full = { message: /full/ }
  const large = { ...login(), data: { filler: 'x'.repeat(100_000) } }
  await t.rejects(store.insert(large, NO_LIMIT), full)
  await t.rejects(store.ping(), full)
  t.match(await store.find(stored.id), { id: stored.id })
  database.exec('PRAGMA max_page_count = 1000000')
  await store.ping()
  await store.insert(large, NO_LIMIT)
  t.equal((await store.listByUser('user')).length, 2)
})

t.test('more adoptions than one part has are listed and counted', async (t) => {
  const database = new Database(':memory:')
  const clock = new TestClock(Date.now())
  const store = createSqliteLoginStore({ database, now: clock.now })
  t.teardown(() => void database.close())
  const ACTIVE = 1200
  const ids: string[] = []
  for (let at = 0; at < ACTIVE; at++) {
    const login = newLogin({ userId: `user ${at}` }, clock.now())
    const claimedUntil = clock.now() + 60_000
    const old = { migration: 'm', key: `${at}`, ledBy: 'old', issuedAt: 1, claimedUntil } as const
    await store.adoptions?.adopt(login, old, NO_LIMIT)
    ids.push(login.id)
  }
  const listed: string[] = []
  let [cursor, parts] = [null as string | null, 0]
  do {
    const page = await store.adoptions?.list('m', cursor)
    listed.push(...(page?.adopted ?? []).map(({ loginId }) => loginId))
    cursor = page?.cursor ?? null
    parts++
  } while (cursor !== null)
  t.same(listed.toSorted(), ids.toSorted())
  t.equal(parts, 3)
  t.match(await store.adoptions?.countByLead('m', 0), { old: ACTIVE, new: 0, returned: 0 })
})

t.test('expired claims, adoptions and bars do not accumulate', async (t) => {
  const database = new Database(':memory:')
  const clock = new TestClock(Date.now())
  const { adoptions } = createSqliteLoginStore({ database, now: clock.now })
  t.teardown(() => void database.close())
  for (let at = 0; at < 300; at++) {
    clock.advance(1000)
    const until = clock.now() + 5000
    const login = newLogin({ userId: `user ${at}`, expiresAt: until }, clock.now())
    const old = { migration: 'm', key: `${at}`, ledBy: 'old', issuedAt: 1, claimedUntil: until } as const
    await adoptions?.adopt(login, old, NO_LIMIT)
    await adoptions?.bar(`user ${at}`, 1, until)
  }
  for (const table of ['claims', 'adoptions', 'bars']) {
    const [row] = database.prepare(`SELECT COUNT(*) AS rows FROM drawbridge_${table}`).all()
    t.ok((row as { rows: number }).rows < 10, table)
  }
})
