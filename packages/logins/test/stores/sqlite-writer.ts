/*
 * The process that sqlite-kill.test.ts kills. It logs in and out without end, and tells its parent of a login only
 * after the store has acknowledged it. A login is meant to be kept or to be removed from its start, so that the
 * parent never has to guess at what was under way when the process died.
 */
import { createSqliteLoginStore } from '../../src/stores/sqlite-login-store.ts'
import { newLogin, NO_LIMIT, presentedToken } from '../../src/testing/store-case.ts'
import { openDatabase } from '@drawbridge/test-support/servers/sqlite-file'

export interface Acknowledged {
  readonly kept?: string
  readonly removed?: string
}

const [path, userId] = process.argv.slice(2) as [string, string]
const database = openDatabase(path)
// Two writers with no pause between their writes: on a slow disk one may have to wait until the other is killed.
database.exec('PRAGMA busy_timeout = 120000')
const store = createSqliteLoginStore({ database })

for (;;) {
  const login = newLogin({ userId, data: { filler: 'x'.repeat(Math.random() * 8000) } }, Date.now())
  await store.insert(login, NO_LIMIT)
  await store.touch([{ loginId: login.id, seenAt: Date.now() }])
  await store.rotate(login.id, presentedToken(0))
  if (Math.random() < 0.5) {
    await store.remove(login.id)
    await report({ removed: login.id })
  } else {
    await report({ kept: login.id })
  }
}

/** Resolves when the message has left this process: it arrives even if the process dies in the next moment. */
function report(message: Acknowledged): Promise<void> {
  return new Promise((resolve) => process.send?.(message, () => resolve()))
}
