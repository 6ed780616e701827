import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import Database from 'libsql'
import t from 'tap'
import { createCredentials, createMemoryUserStore, credentialsDefaults } from '../../src/index.ts'
import { ATTACK_FACTOR, KNOWN_ADDRESS_SECONDS, NEW_ADDRESSES_FACTOR } from '../../src/throttle/throttle.ts'
import { userStoreCases } from '../../src/testing/index.ts'
import { CHEAP_COST } from '../create-test-dependencies.ts'
import { createAccountStore } from './account-store.ts'
import { breachedByRange } from './breached-by-range.ts'
import { logCredentials } from './log-credentials.ts'
import { credentialsWithOldHashes } from './old-hashes.ts'
import { createTwoFactorCredentials } from './second-factor.ts'

const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')

function readExample(file: string): string {
  return readFileSync(new URL(file, import.meta.url), 'utf8').trim()
}

t.test('the first example runs, and its output is as its comments say', async (t) => {
  t.ok(readme.includes(readExample('first-example.ts')))
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
      { ok: false, reason: 'invalid-credentials' }
    ]
  )
})

t.test('the store for an existing table meets the contract', async (t) => {
  t.ok(readme.includes(readExample('account-store.ts')))
  const db = new Database(':memory:')
  t.teardown(() => db.close())
  db.exec(
    'CREATE TABLE accounts (id INTEGER PRIMARY KEY, email TEXT NOT NULL, pw TEXT NOT NULL, active INTEGER)'
  )
  const [, migration = ''] = /```sql\n(.*?)```/s.exec(readme) ?? []
  db.exec(migration)
  const store = createAccountStore(db)
  for (const { name, run } of userStoreCases) t.test(name, () => run(() => store))
  t.test('and finds users by an index', async (t) => {
    const explain = (where: string) =>
      JSON.stringify(db.prepare(`EXPLAIN QUERY PLAN SELECT * FROM accounts WHERE ${where}`).all('1'))
    t.match(explain('id = ?'), /SEARCH accounts USING INTEGER PRIMARY KEY/)
    t.match(explain('email_key = ?'), /SEARCH accounts USING INDEX accounts_email_canonical/)
  })
})

t.test(
  'S04: with the example of a custom hash format a user signs in, and the hash is replaced',
  async (t) => {
    t.ok(readme.includes(readExample('old-hashes.ts')))
    const users = createMemoryUserStore()
    const digest = createHash('sha256').update('saltsalt').update('a bicycle made of rain').digest('hex')
    const passwordHash = `sha256$saltsalt$${digest}`
    await users.insert({ username: 'kim', usernameKey: 'kim', passwordHash, disabled: false })
    const credentials = credentialsWithOldHashes(users)
    const attempt = { username: 'kim', password: 'a bicycle made of rain', address: '192.0.2.1' }
    t.match(await credentials.verify({ ...attempt, password: 'guess' }), { detail: 'wrong-password' })
    const outcome = await credentials.verify(attempt)
    if (!outcome.ok) return t.fail(outcome.reason)
    t.match((await users.findByUsernameKey('kim'))?.passwordHash, /^\$argon2id\$/)
    t.ok(await credentials.isStampCurrent({ userId: outcome.user.id, passwordStamp: outcome.passwordStamp }))
    t.ok((await credentials.verify(attempt)).ok)
  }
)

t.test('the example of a second factor requires it, and accepts a code once', async (t) => {
  t.ok(readme.includes(readExample('second-factor.ts')))
  const codes = new Set(['492039'])
  const credentials = createTwoFactorCredentials(createMemoryUserStore(), {
    has: async () => true,
    use: async (_userId, code) => codes.delete(code)
  })
  const login = { username: 'kim', password: 'a bicycle made of rain' }
  const registered = await credentials.register(login)
  const userId = registered.ok ? registered.user.id : ''
  const address = '192.0.2.1'
  t.match(await credentials.verify({ ...login, address }), { ok: false, reason: 'second-factor-required' })
  const attempt = { userId, response: '492039', address }
  t.match(await credentials.verifySecondFactor?.(attempt), { ok: true, user: { username: 'kim' } })
  t.match(await credentials.verifySecondFactor?.(attempt), { ok: false, detail: 'wrong-second-factor' })
})

t.test(
  'the example of a list of breached passwords sends five digits, and rejects what it finds',
  async (t) => {
    t.ok(readme.includes(readExample('breached-by-range.ts')))
    const breached = 'a phrase that was stolen'
    const digest = createHash('sha1').update(breached).digest('hex').toUpperCase()
    const requestedUrls: string[] = []
    const server = createServer((request, response) => {
      requestedUrls.push(request.url ?? '')
      if (request.url !== `/range/${digest.slice(0, 5)}`) return response.writeHead(503).end()
      const others = `${'0'.repeat(35)}:7\r\n${'F'.repeat(35)}:0`
      return response.end(`${others}\r\n${digest.slice(5)}:3\r\n`)
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    t.teardown(() => server.close())
    const rangeUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/range/`
    const errors: unknown[] = []
    const credentials = createCredentials({
      users: createMemoryUserStore(),
      hashing: CHEAP_COST,
      passwords: { isBreached: breachedByRange(rangeUrl), breachCheckTimeoutMs: 60_000 },
      onError: (error) => errors.push(error)
    })
    t.match(await credentials.register({ username: 'kim', password: breached }), { rule: 'breached' })
    t.strictSame(requestedUrls, [`/range/${digest.slice(0, 5)}`])
    t.ok((await credentials.register({ username: 'kim', password: `${breached}!` })).ok, 'the list is down')
    t.match(errors, [{ message: 'the list of breached passwords responded with 503' }])
    const ask = breachedByRange(rangeUrl)
    const { signal } = new AbortController()
    t.equal(await ask(breached, signal), true)
    const aborted = AbortSignal.abort(new Error('timed out'))
    await t.rejects(ask(breached, aborted), { message: 'timed out' })
  }
)

t.test('the example of a log writes a line for each event', async (t) => {
  t.ok(readme.includes(readExample('log-credentials.ts')))
  const lines: string[] = []
  logCredentials({
    info: (_what, text) => lines.push(`info ${text}`),
    warn: (_what, text) => lines.push(`warn ${text}`)
  })
  const credentials = createCredentials({ users: createMemoryUserStore(), hashing: CHEAP_COST })
  for (let at = 0; at < 6; at += 1) {
    await credentials.verify({ username: 'kim', password: 'wrong', address: '192.0.2.1' })
  }
  t.strictSame(lines, [
    ...Array.from({ length: 5 }, () => 'info credentials: invalid-credentials'),
    'warn credentials: throttled'
  ])
})

t.test('the example that counts failures in a row is the code that the tests of attacks use', async (t) => {
  t.ok(readme.includes(readExample('watch-failures.ts')))
})

t.test('the table of events contains all that are published', async (t) => {
  const source = readFileSync(new URL('../../src/events.ts', import.meta.url), 'utf8')
  const types = [...source.matchAll(/readonly type: '([a-z-]+)'/g)].map(([, type]) => type)
  const events = readme.slice(readme.indexOf('## Events'))
  const [, ...documented] = [...events.matchAll(/^\| `([a-z-]+)`/gm)].map(([, type]) => type)
  t.ok(types.length > 0)
  t.strictSame(new Set(documented), new Set(types))
})

t.test('the numbers of the options table are those of the code', async (t) => {
  const { userStoreTimeoutMs, ...groups } = credentialsDefaults
  t.match(readme, new RegExp(`^\\| \`userStoreTimeoutMs\` *\\| ${userStoreTimeoutMs} `, 'm'))
  for (const [group, values] of Object.entries(groups)) {
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

t.test('the numbers of the section on the throttle are those of the code', async (t) => {
  const { attemptsPerAccount, attemptsPerAddress, windowSeconds } = credentialsDefaults.throttle
  const start = readme.indexOf('## Throttle')
  const throttleSection = readme.slice(start, readme.indexOf('## ', start + 3)).replaceAll(/\s+/g, ' ')
  t.match(throttleSection, `${attemptsPerAccount} attempts on one account`)
  t.match(throttleSection, `${attemptsPerAddress} attempts on all accounts together`)
  t.match(throttleSection, `${windowSeconds / 60} minutes`)
  t.match(throttleSection, `${(attemptsPerAccount * 86_400) / windowSeconds} attempts on an account in a day`)
  t.match(throttleSection, `${attemptsPerAccount * ATTACK_FACTOR} attempts from all addresses together`)
  t.match(throttleSection, `these addresses together have ${attemptsPerAccount * NEW_ADDRESSES_FACTOR} (`)
  t.match(throttleSection, `${KNOWN_ADDRESS_SECONDS / 86_400} days`)
  t.match(readme, `A user has ${attemptsPerAccount} attempts at the second factor in a window`)
})
