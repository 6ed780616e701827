import type { Test } from 'tap'
import { createRedisLoginStore, type RedisClient } from '../../src/redis/index.ts'
import { createMemoryLoginStore } from '../../src/stores/memory-login-store.ts'
import { adoptionCases, loginStoreCases } from '../../src/testing/index.ts'

/** Far above what a command takes, so that a busy machine does not fail the store. */
const COMMAND_TIMEOUT_MS = 5000

/** The contract of LoginStore and that of AdoptionStore. */
const CASES = [...loginStoreCases, ...adoptionCases]

let prefixes = 0
const newPrefix = () => `test${prefixes++}`

/** The contract, with a clock that the cases set. */
export async function checkStoreContract(t: Test, redis: RedisClient, cases = CASES): Promise<void> {
  for (const { name, run } of cases) {
    await t.test(name, () =>
      run(() => {
        let at = Date.now()
        const now = () => at
        const options = { redis, prefix: newPrefix(), now, commandTimeoutMs: COMMAND_TIMEOUT_MS }
        const store = createRedisLoginStore(options)
        return { store, now, advance: async (ms) => void (at += ms), close: () => store.close() }
      })
    )
  }
}

/** The contract, with the clock of Redis. The cases that wait run together. */
export async function checkStoreContractInRealTime(
  t: Test,
  redis: RedisClient,
  cases = CASES
): Promise<void> {
  const make = () => {
    const store = createRedisLoginStore({ redis, prefix: newPrefix(), commandTimeoutMs: COMMAND_TIMEOUT_MS })
    return { store, advance: wait, close: () => store.close() }
  }
  const waitsFor = await waitingTimes(cases)
  for (const { name, run } of cases) {
    if (waitsFor.get(name) === 0) await t.test(name, () => run(make))
  }
  const waiting = cases.filter(({ name }) => waitsFor.get(name) !== 0)
  t.comment(`${waiting.length} cases wait, the longest ${Math.max(...waitsFor.values())} ms`)
  t.jobs = waiting.length
  await Promise.all(
    waiting.map(({ name, run }) => t.test(`${name} (real time)`, { buffered: true }, () => run(make)))
  )
}

/** By how much each case advances the clock, ms, measured with an injected clock. */
async function waitingTimes(cases: typeof CASES): Promise<ReadonlyMap<string, number>> {
  const times = new Map<string, number>()
  for (const { name, run } of cases) {
    const start = Date.now()
    let at = start
    await run(() => ({
      store: createMemoryLoginStore({ now: () => at }),
      now: () => at,
      advance: async (ms) => void (at += ms),
      close: async () => {}
    }))
    times.set(name, at - start)
  }
  return times
}

const wait = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))
