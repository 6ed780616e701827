import t from 'tap'
import type { Login } from '../../../src/login/login.ts'
import { decodeRow, encodeRow } from '../../../src/redis/store/login-row.ts'
import { newLogin, sha256 } from '../../../src/testing/store-case.ts'

const NOW = Date.UTC(2026, 0, 1)
const secretHash = sha256('cookie')
const build = (changes: Partial<Login> = {}) => newLogin({ userId: 'user', ...changes }, NOW)
const headerOf = (login: Login) => (encodeRow(login).split('\n')[0] as string).split('\t')

t.test('decoding an encoded row returns the same login, whatever credentials it has', (t) => {
  for (const session of [null, { secretHash, expiresAt: null }, { secretHash, expiresAt: NOW + 1 }]) {
    for (const refresh of [null, build().refresh]) {
      const login = build({ session, refresh })
      t.same(decodeRow(login.id, encodeRow(login)), login)
    }
  }
  t.end()
})

t.test('a limit of no scope is another thing than no limit, and takes a place in the row', (t) => {
  for (const scopes of [null, [], ['read'], ['0'], ['read', 'write']]) {
    const login = build({ scopes })
    t.strictSame(decodeRow(login.id, encodeRow(login))?.scopes, scopes)
  }
  const fixed = (scopes: Login['scopes']) => (encodeRow(build({ scopes })).split('\n')[1] as string).length
  t.equal(fixed([]) - fixed(null), 2)
  t.equal(decodeRow('id', encodeRow(build({ scopes: [] })).replace(',0]', ',0,0]')), null)
  t.end()
})

t.test('a key is the last member of the second line, which alone ends in two brackets', (t) => {
  const secondLine = (login: Login) => encodeRow(login).split('\n')[1] as string
  for (const scopes of [null, [], ['read'], ['[]']]) {
    for (const name of ['deploy', ']]', '\n', '0']) {
      const login = build({ session: null, refresh: null, key: { secretHash, name }, scopes })
      t.strictSame(decodeRow(login.id, encodeRow(login)), login)
      t.ok(secondLine(login).endsWith(']]'))
    }
    const other = build({ scopes, device: { userAgent: ']]', address: ']]' } })
    t.notOk(secondLine(other).endsWith(']]'))
  }
  const row = encodeRow(build({ key: { secretHash, name: 'deploy' } }))
  for (const damaged of ['[5,"deploy"]', '["h"]', '[]', '["h","deploy",1]', '{"h":"deploy"}'])
    t.equal(decodeRow('id', row.replace(`["${secretHash}","deploy"]`, damaged)), null, damaged)
  t.end()
})

t.test('the first line has what the scripts decide by', (t) => {
  const limits = [`${NOW}`, `${NOW + 3_600_000}`, '600']
  const family = sha256('family')
  const token = [family, '0', sha256('token 0'), '-', '-', `${NOW}`, '-']
  const none = ['-', '-', '-', '-', '-', '-', '-']
  t.same(headerOf(build()), [...limits, secretHash, '-', ...token])
  t.same(headerOf(build({ session: { secretHash, expiresAt: NOW } })), [
    ...limits,
    secretHash,
    `${NOW}`,
    ...token
  ])
  t.same(headerOf(build({ session: null, refresh: null })), [...limits, '-', '-', ...none])
  t.notMatch(encodeRow(build()).split('\n')[1] as string, secretHash)
  t.end()
})

t.test('a later authentication is in the first line, and counts where it is later', (t) => {
  const login = build({ authenticatedAt: NOW + 5000 })
  const [header, ...rest] = encodeRow(login).split('\n')
  const decodeAgain = (again: string) =>
    decodeRow(login.id, [header?.replace(/-$/, again), ...rest].join('\n'))?.authenticatedAt
  t.equal(decodeAgain('-'), NOW + 5000)
  t.equal(decodeAgain(`${NOW + 6000}`), NOW + 6000)
  t.equal(decodeAgain(`${NOW + 4000}`), NOW + 5000)
  for (const damaged of ['', 'x', '-1', '1e3']) t.equal(decodeAgain(damaged), undefined, damaged)
  t.end()
})

t.test('a row whose session secret no store has written is no login', (t) => {
  const login = build({ session: { secretHash, expiresAt: NOW } })
  const row = encodeRow(login)
  const written = `\t${secretHash}\t${NOW}\t`
  t.ok(row.includes(written))
  for (const other of [
    `-\t${NOW}`,
    `${secretHash}\t`,
    `\t${NOW}`,
    `${secretHash}\tx`,
    `${secretHash}\t-1`,
    '-',
    ''
  ])
    t.equal(decodeRow(login.id, row.replace(written, `\t${other}\t`)), null, JSON.stringify(other))
  t.end()
})

t.test('a session secret that would break the line is not encoded', (t) => {
  for (const text of ['', '-', 'a\tb', 'a\nb'])
    t.throws(() => encodeRow(build({ session: { secretHash: text, expiresAt: null } })), TypeError)
  t.end()
})
