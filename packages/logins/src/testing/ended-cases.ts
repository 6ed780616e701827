import assert from 'node:assert/strict'
import type { Login } from '../login.ts'
import { type Bench, shown, storeCase } from './store-case.ts'

const ROUNDS = 200

export const endedCases = [
  storeCase('after remove, no write brings the login back', async (bench) => {
    const login = await rotatedOnce(bench)
    assert.equal(await bench.store.remove(login.id), true)
    await staysEnded(bench, login)
  }),

  storeCase('after removeByUser, no write brings the login back', async (bench) => {
    const login = await rotatedOnce(bench)
    await bench.store.removeByUser(login.userId)
    await staysEnded(bench, login)
  }),

  storeCase('after a reuse, no write brings the login back', async (bench) => {
    const login = await rotatedOnce(bench)
    await bench.store.rotate(login.id, shown(1))
    assert.equal((await bench.store.rotate(login.id, shown(0))).kind, 'reused')
    await staysEnded(bench, login)
  }),

  storeCase('after it made room for another, no write brings the login back', async (bench) => {
    const login = await rotatedOnce(bench)
    await bench.store.insert(bench.login({ userId: login.userId }), 1)
    await staysEnded(bench, login)
  }),

  storeCase('a login is removed once', async ({ store, inserted }) => {
    const login = await inserted()
    const answers = await Promise.all(Array.from({ length: 20 }, () => store.remove(login.id)))
    assert.equal(answers.filter((wasAlive) => wasAlive).length, 1)
    assert.equal(await store.remove(login.id), false)
  }),

  storeCase(`${ROUNDS} removals win over what is in flight`, async (bench) => {
    for (let round = 0; round < ROUNDS; round++) {
      const login = await rotatedOnce(bench)
      await race(round, login, bench, () => bench.store.remove(login.id))
    }
  }),

  storeCase(`${ROUNDS} removals of a user win over what is in flight`, async (bench) => {
    for (let round = 0; round < ROUNDS; round++) {
      const login = await rotatedOnce(bench)
      await race(round, login, bench, () => bench.store.removeByUser(login.userId))
    }
  })
]

/** A login whose first token is replaced and may still be replayed. */
async function rotatedOnce({ store, inserted }: Bench): Promise<Login> {
  const login = await inserted()
  await store.rotate(login.id, shown(0))
  return login
}

/** Ends the login at another place among its writes in each round. */
async function race(round: number, login: Login, bench: Bench, end: () => Promise<unknown>): Promise<void> {
  const { store } = bench
  const ended = async () => {
    await end()
    assert.equal(await store.find(login.id), null, 'ended, and found while other writes are in flight')
  }
  const flight: Array<() => Promise<unknown>> = [
    () => store.update(login.id, { data: { late: true } }),
    () => store.touch([{ loginId: login.id, seenAt: bench.now() }]),
    () => store.rotate(login.id, shown(0)),
    () => store.rotate(login.id, shown(1))
  ]
  flight.splice(round % (flight.length + 1), 0, ended)
  await Promise.all(flight.map((act) => act()))
  await staysEnded(bench, login)
}

async function staysEnded({ store, now }: Bench, login: Login): Promise<void> {
  assert.deepEqual(await store.touch([{ loginId: login.id, seenAt: now() }]), [false])
  assert.equal(await store.update(login.id, { data: { late: true } }), null)
  for (const generation of [0, 1, 2, 7]) {
    assert.deepEqual(await store.rotate(login.id, shown(generation)), { kind: 'unknown' })
  }
  assert.equal(await store.find(login.id), null)
  assert.ok(!(await store.listByUser(login.userId)).some(({ id }) => id === login.id))
  assert.equal(await store.remove(login.id), false)
}
