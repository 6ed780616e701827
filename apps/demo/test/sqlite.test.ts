import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { openSqlite } from '../src/sqlite.ts'
import { demoFolder, makeDataDir } from './start-demo.ts'

const LOCKED_MS = 300

/** Creates a database without a write-ahead log, and locks it for a while with `begin`. */
const lockingProcess = (path: string, begin: string) => `
  const database = new (require('libsql'))(${JSON.stringify(path)})
  database.exec('CREATE TABLE t (a); INSERT INTO t VALUES (1)')
  database.exec(${JSON.stringify(begin)})
  database.prepare('SELECT a FROM t').get()
  process.stdout.write('held')
  setTimeout(() => { database.exec('COMMIT'); database.close() }, ${LOCKED_MS})
`

async function lockFromOtherProcess(t: Test, path: string, begin: string): Promise<void> {
  const child = spawn(process.execPath, ['-e', lockingProcess(path, begin)], {
    cwd: demoFolder,
    stdio: ['ignore', 'pipe', 'inherit']
  })
  const closed = once(child, 'close')
  t.teardown(async () => {
    child.kill('SIGKILL')
    await closed
  })
  const [said] = await once(child.stdout, 'data')
  t.equal(String(said), 'held')
}

for (const begin of ['BEGIN', 'BEGIN IMMEDIATE', 'BEGIN EXCLUSIVE']) {
  t.test(`opening waits for another process that has locked the database by ${begin}`, async (t) => {
    const path = join(await makeDataDir(t), 'held.db')
    await lockFromOtherProcess(t, path, begin)
    const database = openSqlite(path)
    t.teardown(() => database.close())
    t.equal((database.prepare('PRAGMA journal_mode').get() as { journal_mode: string }).journal_mode, 'wal')
  })
}

t.test('a file that is not a database is an error at once', async (t) => {
  t.throws(() => openSqlite(import.meta.filename), { code: 'SQLITE_NOTADB' })
})
