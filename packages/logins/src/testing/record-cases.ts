import assert from 'node:assert/strict'
import type { Login } from '../login/login.ts'
import {
  addedRefresh,
  addedSession,
  NO_LIMIT,
  presentedToken,
  sha256,
  storeCase,
  removedBy
} from './store-case.ts'

type Data = Login['data']

const INVALID_IDS = ['', '*', '__proto__', 'constructor', 'a\0b', '{a}', 'é', 'x'.repeat(10_000)]

/** Cases of {@link loginStoreCases}: what is stored is returned. */
export const recordCases = [
  storeCase('a login is found exactly as it was inserted', async ({ store, buildLogin }) => {
    const one = buildLogin({ data: { cart: [1, 'two', null, true, { deep: 1.5 }] } })
    const bare = buildLogin({ session: null, refresh: null, scopes: [], idleTimeoutSeconds: 0, username: '' })
    assert.deepEqual(await removedBy(store.insert(one, NO_LIMIT)), [])
    assert.deepEqual(await removedBy(store.insert(bare, NO_LIMIT)), [])
    assert.deepEqual(await store.find(one.id), one)
    assert.deepEqual(await store.find(bare.id), bare)
    const unlimited = buildLogin({ scopes: null })
    assert.deepEqual(await removedBy(store.insert(unlimited, NO_LIMIT)), [])
    assert.deepEqual(await store.find(unlimited.id), unlimited)
    const session = { secretHash: sha256('added cookie'), expiresAt: one.createdAt + 1000 }
    const both = buildLogin({ session })
    assert.deepEqual(await removedBy(store.insert(both, NO_LIMIT)), [])
    assert.deepEqual(await store.find(both.id), both)
  }),

  storeCase(
    'every method treats a login that never existed as missing',
    async ({ store, buildLogin, newUserId }) => {
      for (const id of [buildLogin().id, ...INVALID_IDS]) {
        assert.equal(await store.find(id), null)
        assert.equal(await store.update(id, { data: {} }), null)
        assert.deepEqual(await store.touch([{ loginId: id, seenAt: 1 }]), [false])
        assert.deepEqual(await store.rotate(id, presentedToken(0)), { kind: 'unknown' })
        assert.deepEqual(await store.carry(id, addedSession(0, Date.now() + 60_000)), { kind: 'unknown' })
        assert.deepEqual(await store.carry(id, addedRefresh()), { kind: 'unknown' })
        assert.equal(await store.remove(id), null)
        assert.equal(await store.find(id), null)
      }
      const user = newUserId()
      assert.deepEqual(await store.listByUser(user), [])
      assert.deepEqual(await store.removeByUser(user), [])
    }
  ),

  storeCase('inserting an existing id rejects and changes nothing', async ({ store, insertLogin }) => {
    const first = await insertLogin()
    await assert.rejects(store.insert({ ...first, username: 'other' }, NO_LIMIT))
    assert.deepEqual(await store.find(first.id), first)
    assert.equal((await store.listByUser(first.userId)).length, 1)
  }),

  storeCase('the store copies its input and its output', async ({ store, buildLogin }) => {
    const data = { list: [1] }
    const one = buildLogin({ data })
    await store.insert(one, NO_LIMIT)
    data.list.push(2)
    assert.deepEqual((await store.find(one.id))?.data, { list: [1] })
    for (const copy of [await store.find(one.id), ...(await store.listByUser(one.userId))]) mutate(copy)
    assert.deepEqual(await store.find(one.id), { ...one, data: { list: [1] } })
    mutate(await store.update(one.id, { data: { list: [1] } }))
    assert.deepEqual((await store.find(one.id))?.data, { list: [1] })
  }),

  storeCase('an update replaces the data and nothing else', async ({ store, insertLogin }) => {
    const one = await insertLogin({ data: { a: 1, b: 2 } })
    const changed = { ...one, data: { b: 3 } }
    assert.deepEqual(await store.update(one.id, { data: { b: 3 } }), changed)
    assert.deepEqual(await store.find(one.id), changed)
  }),

  storeCase('data comes back as JSON represents it', async ({ store, insertLogin }) => {
    const one = await insertLogin()
    const data = { when: new Date(0), none: undefined, some: [undefined, NaN], text: '\0 é 名 🔑 \u2028' }
    const stored = { when: '1970-01-01T00:00:00.000Z', some: [null, null], text: '\0 é 名 🔑 \u2028' }
    assert.deepEqual((await store.update(one.id, { data }))?.data, stored)
    assert.deepEqual((await store.find(one.id))?.data, stored)
  }),

  storeCase('names such as __proto__ are ordinary names', async ({ store, insertLogin }) => {
    const one = await insertLogin()
    const text = '{"__proto__":{"admin":true},"constructor":{"prototype":1},"toString":null}'
    await store.update(one.id, { data: JSON.parse(text) as Data })
    const found = (await store.find(one.id))?.data as Data
    assert.equal(JSON.stringify(found), text)
    assert.equal(Object.getPrototypeOf(found), Object.prototype)
    assert.equal(found['admin'], undefined)
  }),

  storeCase('data of 64 KiB and of many levels is stored', async ({ store, insertLogin }) => {
    const one = await insertLogin()
    let deep: unknown = 'x'.repeat(65_536)
    for (let level = 0; level < 200; level++) deep = [deep]
    await store.update(one.id, { data: { deep } })
    assert.deepEqual((await store.find(one.id))?.data, { deep })
  }),

  storeCase('data that JSON cannot represent is rejected, and the login does not change', async (fixture) => {
    const { store } = fixture
    const one = await fixture.insertLogin({ data: { a: 1 } })
    const loop: Record<string, unknown> = {}
    loop['loop'] = loop
    for (const data of [loop, { big: 1n }, { toJSON: () => 'text' }, [] as unknown as Data]) {
      await assert.rejects(store.update(one.id, { data }))
      const other = fixture.buildLogin({ userId: one.userId, data })
      await assert.rejects(store.insert(other, 1))
    }
    assert.deepEqual(await store.listByUser(one.userId), [one])
  }),

  storeCase('users with similar ids are not confused', async ({ store, buildLogin, newUserId }) => {
    const base = newUserId()
    const users = ['', ':', ' ', '\0', '*', '}', '{', '%', '_', 'É', 'E\u0301', 'é'].map((end) => base + end)
    users.push('__proto__', base.toUpperCase(), base.toLowerCase())
    const logins = users.map((user) => buildLogin({ userId: user }))
    for (const one of logins) assert.deepEqual(await removedBy(store.insert(one, 1)), [])
    for (const one of logins) assert.deepEqual(await store.listByUser(one.userId), [one])
    for (const one of logins) assert.deepEqual(await store.removeByUser(one.userId), [one.id])
  }),

  storeCase('ping resolves', async ({ store }) => {
    assert.equal(await store.ping(), undefined)
  })
]

/** Changes everything that a caller could change. */
function mutate(login: Login | null): void {
  assert.notEqual(login, null)
  const open = login as unknown as { data: { list: number[] }; scopes: string[]; device: { address: string } }
  open.data.list.push(9)
  open.scopes.push('admin')
  open.device.address = 'elsewhere'
}
