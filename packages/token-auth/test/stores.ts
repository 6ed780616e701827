import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createMemoryLoginStore, type LoginStore } from '@drawbridge/logins'
import { createSqliteLoginStore } from '@drawbridge/logins/sqlite'
import Database from 'libsql'
import type { Test } from 'tap'
import { spy, type Spy } from '@drawbridge/test-support/spies/spy'
import { type Clock, START } from './make-app.ts'

export interface TestStore {
  readonly clock: Clock
  readonly storeSpy: Spy<LoginStore>
  /** All that is in the store, as a thief of it would read it. */
  dump(): Promise<string>
}

/** Every store that a test of the rotation is run against. */
export const STORES: Record<string, (t: Test) => TestStore> = {
  memory: () => {
    const clock = { now: START }
    return createTestStore(clock, createMemoryLoginStore({ now: () => clock.now }))
  },
  sqlite: (t) => {
    const clock = { now: START }
    const folder = mkdtempSync(join(tmpdir(), 'drawbridge-token-auth-'))
    const database = new Database(join(folder, 'logins.db'))
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL')
    t.teardown(() => {
      database.close()
      rmSync(folder, { recursive: true, force: true })
    })
    return createTestStore(clock, createSqliteLoginStore({ database, now: () => clock.now }))
  }
}

function createTestStore(clock: Clock, store: LoginStore): TestStore {
  const users = new Set<string>()
  const storeSpy = spy<LoginStore>({
    ...bindMethods(store),
    insert: (login, max) => {
      users.add(login.userId)
      return store.insert(login, max)
    }
  })
  const dump = async () =>
    JSON.stringify(await Promise.all([...users].map((userId) => store.listByUser(userId))))
  return { clock, storeSpy, dump }
}

function bindMethods(store: LoginStore): LoginStore {
  return {
    isShared: false,
    insert: (...args) => store.insert(...args),
    find: (...args) => store.find(...args),
    touch: (...args) => store.touch(...args),
    update: (...args) => store.update(...args),
    rotate: (...args) => store.rotate(...args),
    carry: (...args) => store.carry(...args),
    remove: (...args) => store.remove(...args),
    removeByUser: (...args) => store.removeByUser(...args),
    renameUser: (...args) => store.renameUser(...args),
    listByUser: (...args) => store.listByUser(...args),
    ping: () => store.ping()
  }
}
