import * as argon2 from '@node-rs/argon2'
import t from 'tap'
import { Argon2Hasher } from '../../src/passwords/argon2-hasher.ts'
import { createPasswordHasher } from '../../src/passwords/password-hasher.ts'

const COST = { memoryKiB: 2048, passes: 1 }
const PASSWORD = { given: 'pass', normal: 'pass' }

t.test('E02 to pretend is to compute a hash of the cost of today', async (t) => {
  // The native function itself, with a note taken of what it was given to compute.
  const computed: string[] = []
  const verify = (stored: string, password: string): Promise<boolean> => {
    computed.push(stored)
    return argon2.verify(stored, password)
  }
  const counting = await t.mockImport<typeof import('../../src/passwords/argon2-hasher.ts')>(
    '../../src/passwords/argon2-hasher.ts',
    { '@node-rs/argon2': { hash: argon2.hash, verify } }
  )
  const hasher = new counting.Argon2Hasher(COST)
  await hasher.pretend(PASSWORD)
  await hasher.read(await hasher.hash(PASSWORD))?.check(PASSWORD)
  const form = /^\$argon2id\$v=19\$m=2048,t=1,p=1\$[A-Za-z\d+/]{22}\$[A-Za-z\d+/]{43}$/
  t.match(computed, [form, form])
  t.equal(computed.length, 2)
})

t.test('E02 where there is no hash that could match, it is pretended once', async (t) => {
  const hasher = createPasswordHasher(COST)
  const pretended = t.capture(Argon2Hasher.prototype, 'pretend', Argon2Hasher.prototype.pretend)
  const argon2i = argon2.hashSync('pass', { algorithm: 1, memoryCost: 1024, timeCost: 1 })
  const dear = '$argon2id$v=19$m=4194304,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$RdescudvJCsgt3ub+b4dWRWJTmaaNObG'
  const impossible = [
    '$argon2id$v=19$m=8,t=1,p=16$c29tZXNhbHRzb21lc2FsdA$RdescudvJCsgt3ub+b4dWRWJTmaaNObG',
    `scrypt:1048576:1:1$salt$${'00'.repeat(64)}`
  ]
  for (const stored of [
    null,
    '',
    'pass',
    argon2i,
    dear,
    '$2b$31$abc',
    'scrypt:1:1:1$salt$00',
    ...impossible
  ]) {
    t.equal(await hasher.compare(stored, PASSWORD), 'unusable', String(stored))
    t.equal(pretended().length, 1)
  }
})

t.test('where there is one, it is not', async (t) => {
  const hasher = createPasswordHasher(COST)
  const pretended = t.capture(Argon2Hasher.prototype, 'pretend', Argon2Hasher.prototype.pretend)
  for (const secret of ['pass', 'other']) {
    const stored = argon2.hashSync(secret, { memoryCost: 1024, timeCost: 1 })
    t.equal(await hasher.compare(stored, PASSWORD), secret === 'pass' ? 'outdated' : 'differs')
  }
  t.equal(pretended().length, 0)
})
