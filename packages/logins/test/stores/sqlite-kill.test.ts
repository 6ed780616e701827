import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { createSqliteLoginStore } from '../../src/stores/sqlite-login-store.ts'
import { openDatabase, createTemporaryDatabase } from '@drawbridge/test-support/servers/sqlite-file'
import { ownScript } from '@drawbridge/test-support/processes/own-script'
import type { Acknowledged } from './sqlite-writer.ts'

const WRITER = ownScript(fileURLToPath(new URL('./sqlite-writer.ts', import.meta.url)))
const ROUNDS = 3
const KILL_AFTER = 60

/** Runs a writer until the store has acknowledged enough, and kills it during whatever it does then. */
async function writeUntilKilled(path: string, userId: string, acknowledged: Acknowledged[]): Promise<void> {
  const writer = fork(WRITER, [path, userId])
  let count = 0
  writer.on('message', (message: Acknowledged) => {
    acknowledged.push(message)
    if (++count === KILL_AFTER) writer.kill('SIGKILL')
  })
  const [code, signal] = (await once(writer, 'close')) as [number | null, string | null]
  if (signal !== 'SIGKILL') throw new Error(`the writer exited by itself: ${code}`)
}

t.test('what was acknowledged before a kill -9 is stored after it', async (t) => {
  const { path, remove } = createTemporaryDatabase()
  t.teardown(remove)
  const acknowledged: Acknowledged[] = []
  for (let round = 0; round < ROUNDS; round++) {
    await Promise.all(['a', 'b'].map((user) => writeUntilKilled(path, user, acknowledged)))
    const database = openDatabase(path)
    const store = createSqliteLoginStore({ database })
    const lost: string[] = []
    const revived: string[] = []
    for (const { stored, removed } of acknowledged) {
      if (stored !== undefined && (await store.find(stored))?.refresh?.generation !== 1) lost.push(stored)
      if (removed !== undefined && (await store.find(removed)) !== null) revived.push(removed)
    }
    t.same({ lost, revived }, { lost: [], revived: [] })
    t.same(database.prepare('PRAGMA integrity_check').all(), [{ integrity_check: 'ok' }])
    database.close()
  }
  t.ok(acknowledged.length >= ROUNDS * 2 * KILL_AFTER)
  t.ok(acknowledged.some(({ stored }) => stored !== undefined))
  t.ok(acknowledged.some(({ removed }) => removed !== undefined))
})
