import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import Database from 'libsql'
import t from 'tap'
import { createMemoryUserStore, credentialsDefaults } from '../../src/index.ts'
import { ATTACK_FACTOR } from '../../src/throttle/throttle.ts'
import { userStoreCases } from '../../src/testing/index.ts'
import { createAccountStore } from './account-store.ts'
import { credentialsOfTwoFactors } from './second-factor.ts'

const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')

function shown(file: string): string {
  return readFileSync(new URL(file, import.meta.url), 'utf8').trim()
}

t.test('the first example runs, and says what it says it says', async (t) => {
  t.ok(readme.includes(shown('first-example.ts')))
  const before = process.cwd()
  const folder = mkdtempSync(path.join(tmpdir(), 'drawbridge-readme-'))
  process.chdir(folder)
  t.teardown(() => {
    process.chdir(before)
    rmSync(folder, { recursive: true, force: true })
  })
  const log = t.capture(console, 'log')
  await import('./first-example.ts')
  t.match(
    log().map(({ args }) => args[0]),
    [
      { ok: true, user: { id: String, username: 'Kim' } },
      { ok: true, user: { id: String, username: 'Kim' } },
      { ok: false, reason: 'rejected' }
    ]
  )
})

t.test('the store for a table that was there before keeps the contract', async (t) => {
  t.ok(readme.includes(shown('account-store.ts')))
  const db = new Database(':memory:')
  t.teardown(() => db.close())
  db.exec(
    'CREATE TABLE accounts (id INTEGER PRIMARY KEY, email TEXT NOT NULL, pw TEXT NOT NULL, active INTEGER)'
  )
  const [, migration = ''] = /```sql\n(.*?)```/s.exec(readme) ?? []
  db.exec(migration)
  const store = createAccountStore(db)
  for (const { name, run } of userStoreCases) t.test(name, () => run(() => store))
})

t.test('the example of a second factor asks for it, and takes a code once', async (t) => {
  t.ok(readme.includes(shown('second-factor.ts')))
  const codes = new Set(['492039'])
  const credentials = credentialsOfTwoFactors(createMemoryUserStore(), {
    has: async () => true,
    use: async (_userId, code) => codes.delete(code)
  })
  const login = { username: 'kim', password: 'a bicycle made of rain' }
  const registered = await credentials.register(login)
  const userId = registered.ok ? registered.user.id : ''
  const address = '192.0.2.1'
  t.match(await credentials.verify({ ...login, address }), { ok: false, reason: 'second-factor' })
  const attempt = { userId, response: '492039', address }
  t.match(await credentials.verifySecondFactor?.(attempt), { ok: true, user: { username: 'kim' } })
  t.match(await credentials.verifySecondFactor?.(attempt), { ok: false, detail: 'wrong-second-factor' })
})

t.test('the numbers of the options table are those of the code', async (t) => {
  for (const [group, values] of Object.entries(credentialsDefaults)) {
    for (const [name, value] of Object.entries<number | readonly string[]>(values)) {
      const [, documented] =
        new RegExp(`^\\| \`${group}\\.${name}\` *\\| *([^|]*?) *\\|`, 'm').exec(readme) ?? []
      if (name === 'concurrency') t.match(documented, /cores/)
      else if (typeof value === 'number')
        t.equal(Number(documented?.replaceAll(' ', '')), value, `${group}.${name}`)
      else t.equal(documented, value.map((word) => `\`${word}\``).join(', '), `${group}.${name}`)
    }
  }
})

t.test('and so are those of the throttle', async (t) => {
  const { attemptsPerAccount, attemptsPerAddress, windowSeconds } = credentialsDefaults.throttle
  const told = readme.slice(
    readme.indexOf('## Throttle'),
    readme.indexOf('## ', readme.indexOf('## Throttle') + 3)
  )
  t.match(told, `${attemptsPerAccount} attempts on one account`)
  t.match(told, `${attemptsPerAddress} attempts on all accounts together`)
  t.match(told, `${windowSeconds / 60} minutes`)
  t.match(told, `${attemptsPerAccount * ATTACK_FACTOR} attempts from all addresses together`)
  t.match(readme, `A user has ${attemptsPerAccount} attempts at the second factor in a window`)
})
