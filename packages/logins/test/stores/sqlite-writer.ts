/*
 * The process that sqlite-kill.test.ts kills. It inserts and removes logins in a loop, and reports each to
 * its parent only after the store has acknowledged it. Whether a login will be removed is not reported
 * beforehand, so the parent need not guess what was in flight when the process died.
 */
import { createSqliteLoginStore } from '../../src/stores/sqlite-login-store.ts'
import { newLogin, NO_LIMIT, presentedToken } from '../../src/testing/store-case.ts'
import { openDatabase } from '@drawbridge/test-support/servers/sqlite-file'

export interface Acknowledged {
  readonly stored?: string
  readonly removed?: string
}

const [path, userId] = process.argv.slice(2) as [string, string]
const database = openDatabase(path)
// Two writers without a pause between their writes: on a slow disk one may have to wait until the other is
// killed.
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
    await report({ stored: login.id })
  }
}

/** Resolves when the message has left this process: it arrives even if the process dies in the next moment. */
function report(message: Acknowledged): Promise<void> {
  return new Promise((resolve) => process.send?.(message, () => resolve()))
}
