import { hashSync } from '@node-rs/argon2'
import t from 'tap'
import { changePassword } from '../../src/operations/change-password.ts'
import { register } from '../../src/operations/register.ts'
import { seedUser } from '../../src/operations/seed-user.ts'
import { verify } from '../../src/operations/verify.ts'
import { CHEAP_COST, createTestDependencies, PASSWORD } from '../create-test-dependencies.ts'
import { cpuMsSince } from '../cpu-ms.ts'
import { recordEvents } from '../record-events.ts'

/* Other rows of passwords are tested beside their source: P01, P02, P04, P06 and P09 in verify.test.ts. */

const ADDRESS = '192.0.2.1'
const good = hashSync(PASSWORD, { memoryCost: 1024, timeCost: 1 })
const [, , , , salt = '', tag = ''] = good.split('$')
const costing = (parameters: string) => `$argon2id$v=19$${parameters}$${salt}$${tag}`

/** Generous: with the parameters of one of these a comparison would take seconds or minutes. */
const MAX_CPU_MS = 2000

const unusableHashes = {
  'P07 an empty one': '',
  'P07 plain text': PASSWORD,
  'P07 another scheme': '$1$salt$qJH7.N4xYta3aEG/dfqo/0',
  'P07 F21 argon2i': hashSync(PASSWORD, { memoryCost: 1024, timeCost: 1, algorithm: 1 }),
  'P07 argon2d': hashSync(PASSWORD, { memoryCost: 1024, timeCost: 1, algorithm: 0 }),
  'P07 F21 memory of 4 GiB': costing('m=4194304,t=2,p=1'),
  'P07 more memory than there are bytes': costing('m=99999999999,t=1,p=1'),
  'P07 a million passes': costing('m=1024,t=1000000,p=1'),
  'P07 more lanes than memory': costing('m=8,t=1,p=16'),
  'P07 a hundred lanes': costing('m=1024,t=1,p=100'),
  'P07 parameters that are not numbers': costing('m=1024,t=1e3,p=1'),
  'P07 F21 a truncated tag': good.slice(0, -30),
  'P07 truncated parameters': good.slice(0, 20),
  'P07 a valid hash after a line end': `\n${good}`,
  'P07 bcrypt of cost 31': '$2b$31$abcdefghijklmnopqrstuulFOFY4dFoJiDLx.cuwYgWLA/HgqCwKu',
  'P07 scrypt of 16 GiB': `scrypt:16777216:8:1$saltsalt$${'0'.repeat(128)}`,
  'P07 pbkdf2 of a billion iterations': `pbkdf2_sha256$1000000000$saltsalt$${'A'.repeat(43)}=`
}

for (const [name, passwordHash] of Object.entries(unusableHashes)) {
  t.test(
    `${name}: rejected like a wrong password, reported as unusable, and not more expensive`,
    async (t) => {
      const { deps, work } = createTestDependencies()
      const user = await deps.users.insert({
        username: 'kim',
        usernameKey: 'kim',
        passwordHash,
        disabled: false
      })
      const events = recordEvents(t)
      const began = process.cpuUsage()
      const outcome = await verify(deps, { username: 'kim', password: PASSWORD, address: ADDRESS })
      t.ok(cpuMsSince(began) < MAX_CPU_MS, 'not more expensive')
      t.strictSame(outcome, { ok: false, reason: 'invalid-credentials', detail: 'unusable-hash' })
      t.match(events, [{ type: 'invalid-credentials', detail: 'unusable-hash', userId: user?.id }])
      t.strictSame(work, { compared: 1, made: 0 })
      t.equal((await deps.users.findByUsernameKey('kim'))?.passwordHash, passwordHash, 'unchanged')
    }
  )
}

t.test('P07 control: the hash from which they are derived is valid', async (t) => {
  const { deps } = createTestDependencies()
  await deps.users.insert({ username: 'kim', usernameKey: 'kim', passwordHash: good, disabled: false })
  t.ok((await verify(deps, { username: 'kim', password: PASSWORD, address: ADDRESS })).ok)
})

const notPasswords = {
  'P03 1025 code points': 'q'.repeat(1025),
  'P03 a megabyte': 'q'.repeat(2 ** 20),
  'P05 a lone surrogate at the end': `${PASSWORD}\uD800`,
  'P05 F21 another lone surrogate, which the hash would treat as the first': `${PASSWORD}\uDFFF`,
  'P05 a lone surrogate at the start': `\uDC00${PASSWORD}`,
  'P05 surrogates in the wrong order': `${PASSWORD}\uDE00\uD83D`
}

for (const [name, password] of Object.entries(notPasswords)) {
  t.test(`${name} is malformed to every method, and no hash is computed`, async (t) => {
    const { deps, work } = createTestDependencies()
    const user = await seedUser(deps.users, { username: 'kim', password: PASSWORD }, CHEAP_COST)
    const userId = user?.id ?? ''
    const signIn = (username: string) => verify(deps, { username, password, address: ADDRESS })
    const malformed = { ok: false, reason: 'malformed', field: 'password' }
    t.strictSame(await signIn('kim'), malformed)
    t.strictSame(await signIn('nobody'), malformed, 'for an unknown user too')
    const assertMalformed = (field: string) =>
      name.startsWith('P03') ? { ok: false, rule: 'too-long' } : { ...malformed, field }
    t.match(await register(deps, { username: 'lee', password }), assertMalformed('password'))
    const change = { userId, currentPassword: PASSWORD, newPassword: PASSWORD, address: ADDRESS }
    t.match(await changePassword(deps, { ...change, newPassword: password }), assertMalformed('newPassword'))
    t.strictSame(await changePassword(deps, { ...change, currentPassword: password }), {
      ...malformed,
      field: 'currentPassword'
    })
    t.strictSame(work, { compared: 0, made: 0 })
  })
}

t.test('F21 every method rejects an empty password, even if a hash of one is stored', async (t) => {
  const { deps, work } = createTestDependencies()
  const passwordHash = hashSync('', { memoryCost: 1024, timeCost: 1 })
  const user = await deps.users.insert({
    username: 'kim',
    usernameKey: 'kim',
    passwordHash,
    disabled: false
  })
  const malformed = { ok: false, reason: 'malformed', field: 'password' }
  t.strictSame(await verify(deps, { username: 'kim', password: '', address: ADDRESS }), malformed)
  t.match(await register(deps, { username: 'lee', password: '' }), { ok: false, rule: 'too-short' })
  const change = { userId: user?.id ?? '', address: ADDRESS }
  t.strictSame(await changePassword(deps, { ...change, currentPassword: '', newPassword: PASSWORD }), {
    ...malformed,
    field: 'currentPassword'
  })
  t.strictSame(work, { compared: 0, made: 0 })
})

/** All passwords of a row are different. */
const different: Readonly<Record<string, readonly string[]>> = {
  'P01 F21 different after 72 bytes': ['', 'a', 'b'.repeat(928), 'b'.repeat(929)].map(
    (end) => 'p'.repeat(72) + end
  ),
  'P02 F21 different after a NUL': ['before\0one', 'before\0two', 'before\0', 'before', '\0before'],
  'P06 different in case or spaces': [
    'Grey Heron',
    'grey heron',
    'Grey Heron ',
    ' Grey Heron',
    'Grey  Heron',
    'Grey\u00A0Heron'
  ],
  'P04 different unless in a compatibility form': ['ﬁsh²', 'fish2', 'ｆｉｓｈ2']
}

for (const [name, passwords] of Object.entries(different)) {
  t.test(`${name}: each is a different password`, async (t) => {
    const { deps } = createTestDependencies()
    for (const [at, password] of passwords.entries()) {
      await seedUser(deps.users, { username: `user${at}`, password }, CHEAP_COST)
      for (const [other, tried] of passwords.entries()) {
        const attempt = { username: `user${at}`, password: tried, address: `198.51.100.${other}` }
        t.equal((await verify(deps, attempt)).ok, other === at, `${at} with ${other}`)
      }
    }
  })
}

t.test('P04 F21 composed and decomposed are one password, at a change too', async (t) => {
  const { deps } = createTestDependencies()
  const [composed, decomposed] = (['NFC', 'NFD'] as const).map((form) =>
    'Ångström über Łódź, Zoë'.normalize(form)
  )
  if (composed === undefined || decomposed === undefined || composed === decomposed)
    return t.fail('the forms are the same')
  const registered = await register(deps, { username: 'zoe', password: decomposed })
  if (!registered.ok) return t.fail(registered.reason)
  t.ok((await verify(deps, { username: 'zoe', password: composed, address: ADDRESS })).ok)
  t.ok((await verify(deps, { username: 'zoe', password: decomposed, address: ADDRESS })).ok)
  const change = { userId: registered.user.id, newPassword: `${decomposed} 2`, address: ADDRESS }
  t.ok((await changePassword(deps, { ...change, currentPassword: composed })).ok)
  t.ok((await verify(deps, { username: 'zoe', password: `${composed} 2`, address: ADDRESS })).ok)
})
