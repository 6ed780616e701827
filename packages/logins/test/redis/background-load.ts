import type { Test } from 'tap'
import { type Login, newLoginId } from '../../src/login/login.ts'
import type { RedisLoginStore } from '../../src/redis/index.ts'
import { newLogin, NO_LIMIT } from '../../src/testing/store-case.ts'
import { waitFor } from '@drawbridge/test-support/servers/redis'

const BOOT_MS = 15_000

/** Calls methods of a store in a loop, from `start` to `stop`, and records their results. */
export class BackgroundLoad {
  readonly failures = new Map<string, number>()
  /** Logins that existed before, and that a method did not find. */
  readonly missing = new Set<string>()
  done = 0
  #isOver = false
  #workers: Array<Promise<void>> = []

  start(
    store: RedisLoginStore,
    logins: readonly Login[],
    { workers, pauseMs } = { workers: 10, pauseMs: 5 }
  ): this {
    this.#workers = Array.from({ length: workers }, async (_, at) => {
      for (let call = at; !this.#isOver; call++) {
        await this.#runOnce(store, logins[call % logins.length] as Login)
        await new Promise((resolve) => setTimeout(resolve, pauseMs))
      }
    })
    return this
  }

  async stop(): Promise<void> {
    this.#isOver = true
    await Promise.all(this.#workers)
  }

  report(t: Test): void {
    const failed = [...this.failures].map(([message, count]) => `${count} × ${message}`)
    t.comment(`${this.done} calls succeeded; failed: ${failed.join('; ') || 'none'}`)
  }

  async #runOnce(store: RedisLoginStore, { id }: Login): Promise<void> {
    try {
      const [isActive] = await store.touch([{ loginId: id, seenAt: Date.now() }])
      if (!isActive || (await store.find(id)) === null) this.missing.add(id)
      this.done++
    } catch (error) {
      const message = (error as Error).message.replaceAll(/\d+/g, '#')
      this.failures.set(message, (this.failures.get(message) ?? 0) + 1)
    }
  }
}

/** Inserts logins of users in many slots. */
export async function insertLogins(store: RedisLoginStore, count: number): Promise<Login[]> {
  await waitFor(BOOT_MS, 'the store', () => isResponding(store))
  const logins: Login[] = []
  await waitFor(BOOT_MS, 'the logins', async () => {
    // A login without a reply in time may exist or not: it is left out, and another one made.
    while (logins.length < count) {
      const login = newLogin({ userId: newLoginId('user') }, Date.now())
      if (!(await tryInsert(store, login))) return false
      logins.push(login)
    }
    return true
  })
  return logins
}

function tryInsert(store: RedisLoginStore, login: Login): Promise<boolean> {
  return store.insert(login, NO_LIMIT).then(
    () => true,
    () => false
  )
}

export function isResponding(store: RedisLoginStore, loginId = 'x'): Promise<boolean> {
  return store.find(loginId).then(
    () => true,
    () => false
  )
}
