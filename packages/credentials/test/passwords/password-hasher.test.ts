import { hashSync } from '@node-rs/argon2'
import t from 'tap'
import { DEFAULT_COST } from '../../src/passwords/argon2-hasher.ts'
import { createPasswordHasher } from '../../src/passwords/password-hasher.ts'
import { parsePassword } from '../../src/passwords/password.ts'
import { cpuMsSince } from '../cpu-ms.ts'

const CHEAP = { memoryKiB: 1024, passes: 1 }
const hasher = createPasswordHasher(CHEAP)

function password(raw: string) {
  const read = parsePassword(raw)
  if (read === null) throw new Error('ill-formed')
  return read
}

t.test('by default a hash is argon2id with 19 MiB and two passes', async (t) => {
  const hash = await createPasswordHasher(DEFAULT_COST).hash(password('pass'))
  t.match(hash, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z\d+/]{22}\$[A-Za-z\d+/]{43}$/)
  t.equal(await createPasswordHasher(DEFAULT_COST).compare(hash, password('pass')), 'matches')
})

t.test('a hash of the current cost matches, and one of a lower cost is outdated', async (t) => {
  t.equal(await hasher.compare(await hasher.hash(password('pass')), password('pass')), 'matches')
  const others = [
    { memoryCost: 512, timeCost: 1 },
    { memoryCost: 1024, timeCost: 1, parallelism: 2 },
    { memoryCost: 1024, timeCost: 1, outputLen: 16 }
  ]
  for (const cost of others) {
    t.equal(await hasher.compare(hashSync('pass', cost), password('pass')), 'outdated', JSON.stringify(cost))
    t.equal(await hasher.compare(hashSync('pass', cost), password('Pass')), 'differs')
  }
})

t.test('S15: a hash of a higher cost is not replaced by one of a lower cost', async (t) => {
  const dear = [
    { memoryCost: 2048, timeCost: 1 },
    { memoryCost: 1024, timeCost: 2 },
    { memoryCost: 65_536, timeCost: 3, parallelism: 4 },
    { memoryCost: 2048, timeCost: 1, outputLen: 16 }
  ]
  for (const cost of dear) {
    t.equal(await hasher.compare(hashSync('pass', cost), password('pass')), 'matches', JSON.stringify(cost))
    t.equal(await hasher.compare(hashSync('pass', cost), password('Pass')), 'differs')
  }
})

t.test('S15: of two costs only one replaces the other, whatever memory and passes are', async (t) => {
  const costs = [1024, 2048, 3072].flatMap((memoryKiB) => [1, 2, 3].map((passes) => ({ memoryKiB, passes })))
  for (const one of costs) {
    const hash = await createPasswordHasher(one).hash(password('pass'))
    for (const other of costs) {
      const back = await createPasswordHasher(other).hash(password('pass'))
      const there = await createPasswordHasher(other).compare(hash, password('pass'))
      if (there === 'outdated')
        t.equal(await createPasswordHasher(one).compare(back, password('pass')), 'matches')
    }
  }
})

t.test('P07 hashes that no password can match are unusable, and cost less than a second', async (t) => {
  const good = hashSync('pass', { memoryCost: 1024, timeCost: 1 })
  const [, , , , salt = '', tag = ''] = good.split('$')
  const stored = {
    none: null,
    empty: '',
    text: 'pass',
    'another scheme': '$1$salt$qJH7.N4xYta3aEG/dfqo/0',
    'a disabled marker': '!',
    argon2i: hashSync('pass', { memoryCost: 1024, timeCost: 1, algorithm: 1 }),
    argon2d: hashSync('pass', { memoryCost: 1024, timeCost: 1, algorithm: 0 }),
    'an old version': good.replace('v=19', 'v=16'),
    'no version': good.replace('$v=19', ''),
    'memory of 4 GiB': `$argon2id$v=19$m=4194304,t=2,p=1$${salt}$${tag}`,
    'memory of 512 MiB': `$argon2id$v=19$m=524288,t=1,p=1$${salt}$${tag}`,
    'a million passes': `$argon2id$v=19$m=1024,t=1000000,p=1$${salt}$${tag}`,
    '9999 passes of 1 MiB': `$argon2id$v=19$m=1024,t=9999,p=1$${salt}$${tag}`,
    '99 lanes': `$argon2id$v=19$m=1024,t=1,p=99$${salt}$${tag}`,
    'no memory': `$argon2id$v=19$m=0,t=1,p=1$${salt}$${tag}`,
    'less memory than lanes': `$argon2id$v=19$m=8,t=1,p=16$${salt}$${tag}`,
    'no salt': `$argon2id$v=19$m=1024,t=1,p=1$$${tag}`,
    'no tag': `$argon2id$v=19$m=1024,t=1,p=1$${salt}$`,
    'a truncated tag': good.slice(0, -30),
    'truncated parameters': good.slice(0, 20),
    'base64 of incomplete bytes': `${good}ABC`.slice(0, -1),
    'a line end before': `\n${good}`,
    'a second hash after it': `${good}$${tag}`,
    'very long': good + 'A'.repeat(100_000)
  }
  for (const [what, hash] of Object.entries(stored)) {
    const began = process.cpuUsage()
    t.equal(await hasher.compare(hash, password('pass')), 'unusable', what)
    t.ok(cpuMsSince(began) < 1000, `${what}: not more expensive`)
  }
})

t.test('no password matches the rest of a truncated tag', async (t) => {
  const good = hashSync('pass', { memoryCost: 1024, timeCost: 1 })
  for (let cut = 1; cut <= 20; cut += 1) {
    t.match(await hasher.compare(good.slice(0, -cut), password('pass')), /^(differs|unusable)$/)
  }
})
