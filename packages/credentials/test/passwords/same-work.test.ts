import { computed } from './watched-argon2.ts'
import * as argon2 from '@node-rs/argon2'
import t from 'tap'
import { parseArgon2 } from '../../src/passwords/argon2-hash.ts'
import { Argon2Hasher } from '../../src/passwords/argon2-hasher.ts'
import { createPasswordHasher } from '../../src/passwords/password-hasher.ts'

const COST = { memoryKiB: 2048, passes: 1 }
const PASSWORD = { raw: 'pass', normalized: 'pass' }

t.test('E02 a dummy comparison computes a hash of the current cost', async (t) => {
  computed.length = 0
  const hasher = new Argon2Hasher(COST)
  await hasher.verifyDummy(PASSWORD)
  await parseArgon2(await hasher.hash(PASSWORD))?.check(PASSWORD.normalized)
  const form = /^\$argon2id\$v=19\$m=2048,t=1,p=1\$[A-Za-z\d+/]{22}\$[A-Za-z\d+/]{43}$/
  t.match(computed, [form, form])
  t.equal(computed.length, 2)
})

t.test('L5: the work that a cheaper hash lacks is computed, to less than 8 KiB', async (t) => {
  for (const cost of [COST, { memoryKiB: 19_456, passes: 2 }, { memoryKiB: 1024, passes: 7 }]) {
    const hasher = new Argon2Hasher(cost)
    const wanted = cost.memoryKiB * cost.passes
    for (const work of [0, 64, 1000, 2040, 2041, 2048, wanted - 8, wanted, wanted + 1, 2 * wanted]) {
      computed.length = 0
      await hasher.topUp('pass', work)
      const [, memoryKiB = 0, passes = 0] = /m=(\d+),t=(\d+)/.exec(computed[0] ?? '') ?? []
      const sum = work + Number(memoryKiB) * Number(passes)
      // 8 KiB is the least that argon2 accepts: the work left out takes some microseconds per pass.
      t.ok(work >= wanted ? sum === work : Math.abs(sum - wanted) < 8 * cost.passes, `${work}: ${sum}`)
    }
  }
})

t.test('L5: a wrong password tops up the work of an older hash, once per Unicode form', async (t) => {
  const hasher = createPasswordHasher(COST)
  const toppedUp = t.capture(Argon2Hasher.prototype, 'topUp', Argon2Hasher.prototype.topUp)
  const stored = argon2.hashSync('other', { memoryCost: 512, timeCost: 1, parallelism: 4 })
  for (const password of [PASSWORD, { raw: 'Zoe\u0308', normalized: 'Zoë' }]) {
    t.equal(await hasher.compare(stored, password), 'differs')
    const withHash = toppedUp().map(({ args }) => args)
    t.equal(await hasher.compare(null, password), 'unusable')
    const without = toppedUp().map(({ args }) => args)
    t.strictSame(
      withHash.map(([text, work]) => [text, work - 512]),
      without,
      'an unknown name has all of it computed'
    )
  }
  t.equal(
    await hasher.compare(argon2.hashSync('pass', { memoryCost: 512, timeCost: 1 }), PASSWORD),
    'outdated'
  )
  t.equal(toppedUp().length, 0, 'the correct password needs none')
})

t.test('E02 without a hash that could match, one dummy comparison is made', async (t) => {
  const hasher = createPasswordHasher(COST)
  const dummyCalls = t.capture(Argon2Hasher.prototype, 'verifyDummy', Argon2Hasher.prototype.verifyDummy)
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
    t.equal(dummyCalls().length, 1)
  }
})

t.test('with a hash that could match, no dummy comparison is made', async (t) => {
  const hasher = createPasswordHasher(COST)
  const dummyCalls = t.capture(Argon2Hasher.prototype, 'verifyDummy', Argon2Hasher.prototype.verifyDummy)
  for (const secret of ['pass', 'other']) {
    const stored = argon2.hashSync(secret, { memoryCost: 1024, timeCost: 1 })
    t.equal(await hasher.compare(stored, PASSWORD), secret === 'pass' ? 'outdated' : 'differs')
  }
  t.equal(dummyCalls().length, 0)
})
