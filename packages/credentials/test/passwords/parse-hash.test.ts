import { pbkdf2Sync, scryptSync } from 'node:crypto'
import { hashSync as argon2Sync } from '@node-rs/argon2'
import { hashSync } from '@node-rs/bcrypt'
import t from 'tap'
import { type Comparison, createPasswordHasher } from '../../src/passwords/password-hasher.ts'
import { parsePassword } from '../../src/passwords/password.ts'
import type { HashKind, HashVerifier } from '../../src/passwords/known-hash.ts'
import { identifyHash } from '../../src/passwords/parse-hash.ts'

const SENTENCE = 'Grüße, correct horse battery staple'

/** Made by the systems that such hashes come from, with the name and version of each. */
const MADE_ELSEWHERE: readonly (readonly [origin: string, password: string, hash: string])[] = [
  ['glibc libcrypt 4.4.33', SENTENCE, '$2a$04$abcdefghijklmnopqrstuulFOFY4dFoJiDLx.cuwYgWLA/HgqCwKu'],
  ['glibc libcrypt 4.4.33', SENTENCE, '$2b$04$abcdefghijklmnopqrstuulFOFY4dFoJiDLx.cuwYgWLA/HgqCwKu'],
  ['glibc libcrypt 4.4.33', SENTENCE, '$2y$04$abcdefghijklmnopqrstuulFOFY4dFoJiDLx.cuwYgWLA/HgqCwKu'],
  ['glibc libcrypt 4.4.33', SENTENCE, '$2b$10$abcdefghijklmnopqrstuuIMzpyqh/s3xMIwGh4TrLcrxgnPFH3zC'],
  [
    'Werkzeug 3.1.8, its default',
    SENTENCE,
    'scrypt:32768:8:1$PzF9KUmU7l5pQjkz$5682b979dbf1fc4aafcbd395d1ae8ddf11027cd345a974cee024647d26f9d41d2706f120224c7beacb68b8c4fc6de1781a6dbc30a819092588db93d58f5d93be'
  ],
  [
    'Werkzeug 3.1.8',
    SENTENCE,
    'scrypt:1024:8:1$X2ghZN16GwTbNnHV$f8ea2eabf0d3935610c9d1dc9473644dbf19f9f94a242e723733d4d03e2567927ddd11ce096feb5cef26a7e14883da66152767cfa6d2a929901a3b6bb0363929'
  ],
  [
    'Werkzeug 3.1.8',
    SENTENCE,
    'pbkdf2:sha256:1000000$Xvi95IB5yB9YRW5E$8ceeb8b2e2d6ee9610d485eb7cb7d621197885246f59a30b951f2738c1197101'
  ],
  [
    'Werkzeug 2.2.2, its default',
    SENTENCE,
    'pbkdf2:sha256:260000$Ov2N24YUxtT9d78O$686880edc47fbd0fd2510ab092c384983dfff548fee96d697d837d80be34991b'
  ],
  ['Werkzeug 2.2.2', SENTENCE, 'pbkdf2:sha1:1000$bk1UnqiuC2pTBJ8E$c6e34b0b3f884a36cd5ebdda97de75469fbb8ea5'],
  [
    'Werkzeug 2.2.2',
    SENTENCE,
    'pbkdf2:sha512:1000$9bY7NEHscJYchnpV$e1e049717f932691200a04f7603b937977168a82b8690fce70b8c231253bcb2c9a4bb6b2fb600da22638ba9b951e2885ba9e515dfb0e82f1ead049068c9dc87e'
  ],
  [
    "hashlib of Python 3.11.2, in Django's format",
    SENTENCE,
    'pbkdf2_sha256$1000$seasalt2seasalt2seasal$K4E3bkRga+vhBNyM9qUivx0n/tPaWlPX77oK8eL4GB8='
  ],
  [
    'the tests of Django 1.5',
    'lètmein',
    'pbkdf2_sha256$10000$seasalt$CWWFdHOWwPnki7HvkcqN9iA2T3KLW1cf2uZ5kvArtVY='
  ],
  [
    'the tests of Django 5.1',
    'lètmein',
    'pbkdf2_sha256$870000$seasalt$wJSpLMQRQz0Dhj/pFpbyjMj71B2gUYp6HJS5AU+32Ac='
  ],
  [
    'the documentation of passlib 1.7',
    'password',
    '$scrypt$ln=8,r=8,p=1$WKs1xljLudd6z9kbY0wpJQ$yCR4iDZYDKv+iEJj6yHY0lv/epnfB6f/w1EbXrsJOuQ'
  ],
  [
    'the documentation of passlib 1.7',
    'password',
    '$scrypt$ln=16,r=8,p=1$aM15713r3Xsvxbi31lqr1Q$nFNh2CVHVjNldFVKDHDlm4CbdRSCdEBsjjJxD+iCs5E'
  ],
  [
    'hashlib of Python 3.11.2, in PHC form',
    'pass',
    '$scrypt$ln=10,r=8,p=1$MDEyMzQ1Njc4OWFiY2RlZg$5YFGS9VWhSJESTaAreNVXHmBVoGphZG9GpFa6lhmUUgarMmfN9oe9x/gcibqRLlGXua1eKQmAuBbGX1VBgdCNw'
  ]
]

/** S04: the formats in which other systems write the same algorithms. */
const OTHER_FORMATS: readonly (readonly [origin: string, kind: HashKind, hash: string])[] = [
  [
    'Django 5.2.17',
    'argon2id',
    'argon2$argon2id$v=19$m=1024,t=1,p=2$dEwyZHowb0wxU1dvN1Jpbk5vTW1nRQ$+jcCJovbW6H2JDag4r6y4wXJAcc95+on4Ap4fK30ZP8'
  ],
  ['Django 5.2.17', 'bcrypt', 'bcrypt$$2b$04$RW9LVXGX3yEz2.xLXWN4OOeFLvq0W7CmJqYEm6dU1NzSIi44KmBla'],
  ['Django 5.2.17', 'bcrypt', 'bcrypt_sha256$$2b$04$1HyT.VVqntYegzn6HXTeFOWybjHB.aBQ3yY6M6ElKJiHWymMbd5Vi'],
  [
    'Django 5.2.17',
    'scrypt',
    'scrypt$1024$WyzSRdy565YD5KCHWDYHIp$8$5$WniAwsCYMqabHsoOJtOt+ndU+26xiikshL3gSzSZfBCD/OuNDy+TVsQTdKewGAoNxbln1JuGfNdq2xNNb9yG0Q=='
  ],
  ['Django 5.2.17', 'pbkdf2', 'pbkdf2_sha1$1000$1TYrrnHruMLAYZq4Um39RD$m2nCc12ywel4sPZXEumwygj9JCI='],
  [
    'Django 5.2.17',
    'pbkdf2',
    'pbkdf2_sha256$1000$PleZYfOXbW8g4kZik0giea$eJHIqMJ6RFdKDuY6cD54ueKwa6bf4za4zC4IidIvc0I='
  ],
  [
    'passlib 1.7.4',
    'pbkdf2',
    '$pbkdf2-sha256$1000$WItxrlXKeS.llBIiJATAeA$.8tQnnxtNZfzAG7h4B7UA0iG7lYUHNDi1xuM/tZDdOU'
  ],
  [
    'passlib 1.7.4',
    'pbkdf2',
    '$pbkdf2-sha512$1000$E.Ic41zrnROC8F6Lcc45hw$LurWMI9Pt6YUaW06AHfLaZAgLIcgOshqWLrEClcwRHva5mnpg2lj/XLb9dFJ0iM077Wz0STIeSIFTnGdlIXgjg'
  ],
  ['passlib 1.7.4', 'pbkdf2', '$pbkdf2$1000$V.r9f29trXUuhbD2fm.NkQ$XEdQSmNfioyxMRLS7cbOks8FcrA'],
  [
    'passlib 1.7.4 with argon2-cffi 25.1.0',
    'argon2id',
    '$argon2id$v=19$m=1024,t=1,p=2$B8BYa631fk8pJeS8d6713g$HPL3IHztWn6j6+D9TxwhGfy4h5t/QS45o+5RJIYvWxY'
  ],
  [
    'passlib 1.7.4 with bcrypt 5.0.0',
    'bcrypt',
    '$bcrypt-sha256$v=2,t=2b,r=4$XI1katOY1mWnsDcYqTvvR.$H2mcbEVtMVi5TpnXTB7a3b4k5gbljmy'
  ],
  [
    'passlib 1.7.4 with bcrypt 5.0.0, version 1',
    'bcrypt',
    '$bcrypt-sha256$2b,4$XfIOlgPxF5N/dn/lPPDkzu$iw5cPY4Ri5rjQ7Aysd9EFLp2TdWmEEi'
  ],
  [
    'passlib 1.7.4',
    'scrypt',
    '$scrypt$ln=10,r=8,p=1$PadU6j1n7H0vpXTuXQsBYA$tWcOQ218m2Q5WtHRRW1MZZeIZzLZLtBZ5jswoBAHExY'
  ],
  [
    'the algorithm of WordPress 6.8 by bcrypt 5.0.0',
    'bcrypt',
    '$wp$2y$04$U.f7i9kXxaos.gKhMJTzquA9YHNL98uU.5Myhqwp7SBjGruH3EmDy'
  ],
  [
    'glibc libcrypt 4.4.33, as Spring Security writes it',
    'bcrypt',
    '{bcrypt}$2a$04$abcdefghijklmnopqrstuulFOFY4dFoJiDLx.cuwYgWLA/HgqCwKu'
  ],
  [
    'argon2-cffi 25.1.0, as Spring Security writes it',
    'argon2id',
    '{argon2@SpringSecurity_v5_8}$argon2id$v=19$m=1024,t=1,p=2$B8BYa631fk8pJeS8d6713g$HPL3IHztWn6j6+D9TxwhGfy4h5t/QS45o+5RJIYvWxY'
  ],
  [
    'better-auth 1.7.25',
    'scrypt',
    'e3b0ce46dea02e80634b6e19150aa472:cfe528b6448c07bc24f8f7e4c15f05247b1f344231c4fc2b32c72523a23e09b5f60300799a7c88d9b4264be73337dbe0c22535e948392891c2c859bd69896754'
  ]
]

const hasher = createPasswordHasher({ memoryKiB: 1024, passes: 1 })

async function check(hash: string, raw: string): Promise<Comparison | null> {
  const password = parsePassword(raw)
  if (password === null) throw new Error('ill-formed')
  const comparison = await hasher.compare(hash, password)
  return comparison === 'unusable' ? null : comparison
}

t.test('the correct password matches, and no other', async (t) => {
  for (const [origin, password, hash] of MADE_ELSEWHERE) {
    const [form] = hash.split('$', 2)
    t.equal(await check(hash, password), 'outdated', `${origin}: ${form}`)
    t.equal(await check(hash, `${password}x`), 'differs', `${origin}: a character too many`)
  }
})

t.test('S04: the formats of other systems are known, with any trailing white space', async (t) => {
  for (const [origin, kind, hash] of OTHER_FORMATS) {
    t.equal(identifyHash(hash), kind, origin)
    t.equal(await check(hash, SENTENCE), 'outdated', `${origin}: ${hash.slice(0, 14)}`)
    t.equal(await check(hash, `${SENTENCE}x`), 'differs', `${origin}: a character too many`)
  }
  for (const [, password, hash] of MADE_ELSEWHERE.filter(([, , text]) => !/0000/.test(text))) {
    for (const end of ['\n', '\r\n', ' '.repeat(200)]) t.equal(await check(hash + end, password), 'outdated')
  }
})

t.test('S04: unused bits of base64 are ignored', async (t) => {
  const [salt, tag] = ['abcdefghijklmnopqrstu', 'znL8bkzdtHwLhca4To/v9Lo9bA7fR']
  // All decode to the same bytes: the last character of a salt has 16 spellings, that of a hash 4.
  for (const last of 'uvwxyz0123456789') {
    for (const end of '6789') t.equal(await check(`$2b$04$${salt}${last}f${tag}${end}`, 'pass'), 'outdated')
  }
  t.equal(await check(`$2b$04$${salt}tf${tag}6`, 'pass'), 'differs', 'the next salt')
  t.equal(await check(`$2b$04$${salt}uf${tag}5`, 'pass'), 'differs', 'the next hash')
  // 16 bytes and 32 bytes of argon2id, with unused bits set.
  const argon2 = '$argon2id$v=19$m=1024,t=1,p=2$B8BYa631fk8pJeS8d6713'
  for (const [saltEnd, tagEnd] of ['gY', 'hY', 'vY', 'gZ', 'ga'])
    t.equal(
      await check(`${argon2}${saltEnd}$HPL3IHztWn6j6+D9TxwhGfy4h5t/QS45o+5RJIYvWx${tagEnd}`, SENTENCE),
      'outdated'
    )
})

t.test('S04: argon2id of up to 64 lanes is computed, and of more is not', async (t) => {
  for (const parallelism of [1, 4, 16, 17, 32, 64]) {
    const hash = argon2Sync('pass', { memoryCost: 8 * parallelism, timeCost: 1, parallelism })
    t.equal(await check(hash, 'pass'), 'outdated', `${parallelism}`)
  }
  t.equal(identifyHash(argon2Sync('pass', { memoryCost: 1024, timeCost: 1, parallelism: 65 })), null)
})

t.test('S04: a custom format is verified by the service', async (t) => {
  const received: string[] = []
  const verifier: HashVerifier = {
    matches: (hash) => hash.startsWith('$P$'),
    verify: (password, hash) => {
      received.push(password)
      return hash === `$P$${password}`
    }
  }
  const own = createPasswordHasher({ memoryKiB: 1024, passes: 1 }, [verifier])
  const read = (raw: string) => parsePassword(raw)!
  t.equal(await own.compare('$P$pass', read('pass')), 'outdated')
  t.equal(await own.compare('$P$pass', read('Pass')), 'differs')
  t.equal(await own.compare('$Q$pass', read('pass')), 'unusable')
  t.equal(await hasher.compare('$P$pass', read('pass')), 'unusable', 'without the verifier it is unknown')
  t.equal(identifyHash('$P$pass', [verifier]), 'custom')
  t.equal(identifyHash('$P$pass'), null)
  const greedy: HashVerifier = { matches: () => true, verify: () => 'yes' as never }
  t.equal(
    identifyHash(await hasher.hash(read('pass')), [greedy]),
    'argon2id',
    'argon2id is never passed to a verifier'
  )
  t.equal(
    await createPasswordHasher({ memoryKiB: 1024, passes: 1 }, [greedy]).compare('', read('pass')),
    'differs'
  )
  t.strictSame(received, ['pass', 'Pass'])
  await t.rejects(
    createPasswordHasher({ memoryKiB: 1024, passes: 1 }, [
      { ...verifier, verify: () => Promise.reject(new Error('down')) }
    ]).compare('$P$pass', read('pass')),
    { message: 'down' }
  )
})

t.test('S26: a hash of either Unicode form of a password is verified with both', async (t) => {
  const [composed, decomposed] = [SENTENCE.normalize('NFC'), SENTENCE.normalize('NFD')]
  const salt = 'saltsalt'
  for (const made of [composed, decomposed]) {
    const hashes = [
      hashSync(made, { cost: 4 }),
      argon2Sync(made, { memoryCost: 512, timeCost: 1 }),
      `pbkdf2_sha256$1000$${salt}$${pbkdf2Sync(made, salt, 1000, 32, 'sha256').toString('base64')}`,
      `scrypt:1024:8:1$${salt}$${scryptSync(made, salt, 64, { N: 1024, r: 8, p: 1 }).toString('hex')}`
    ]
    for (const hash of hashes) {
      for (const sent of [composed, decomposed])
        t.equal(await check(hash, sent), 'outdated', hash.slice(0, 12))
      t.equal(await check(hash, SENTENCE.replaceAll('ü', 'u')), 'differs')
    }
  }
})

t.test('P01 P02 bcrypt: a password that it would truncate is rejected', async (t) => {
  // glibc libcrypt 4.4.33 computes this hash for all passwords that begin with these 72 bytes.
  const whole = `${'0123456789'.repeat(7)}ab`
  const hash = '$2b$04$abcdefghijklmnopqrstuuMtJwfagkGaCKZ.IMpPJzYjhgL/xnp2C'
  t.equal(await check(hash, whole), 'outdated', '72 bytes')
  for (const end of ['c', 'cd', '\0', 'é'])
    t.equal(await check(hash, whole + end), 'truncated', `72 bytes and ${end}`)
  t.equal(
    await check(hashSync('é'.repeat(37), { cost: 4 }), 'é'.repeat(37)),
    'truncated',
    '37 characters of 2 bytes'
  )

  const short = '$2b$04$abcdefghijklmnopqrstuufznL8bkzdtHwLhca4To/v9Lo9bA7fR6'
  t.equal(await check(short, 'pass'), 'outdated')
  for (const raw of ['pass\0', 'pass\0more', '\0pass'])
    t.match(await check(short, raw), /^(differs|truncated)$/, JSON.stringify(raw))
  t.equal(
    await check(hashSync('a\0b', { cost: 4 }), 'a\0b'),
    'truncated',
    'even the password of which it was made'
  )
})

t.test(
  'P07b pbkdf2 and scrypt: a password that ends in NUL is rejected, since it has the hash of the one without',
  async (t) => {
    const hashes = MADE_ELSEWHERE.filter(
      ([, , hash]) => /^(pbkdf2|scrypt|\$scrypt)/.test(hash) && !/0000/.test(hash)
    )
    t.ok(hashes.length >= 6)
    for (const [origin, password, hash] of hashes) {
      for (const end of ['\0', '\0\0\0']) t.equal(await check(hash, password + end), 'truncated', origin)
    }
    const salt = 'abcdefgh'
    t.same(
      pbkdf2Sync('pass\0', salt, 1000, 32, 'sha256'),
      pbkdf2Sync('pass', salt, 1000, 32, 'sha256'),
      'the reason'
    )
  }
)

t.test('a hash above the maximum cost is not computed', async (t) => {
  const hex = '0'.repeat(128)
  const b64 = 'A'.repeat(43)
  const dear = [
    '$2b$15$abcdefghijklmnopqrstuulFOFY4dFoJiDLx.cuwYgWLA/HgqCwKu',
    '$2b$31$abcdefghijklmnopqrstuulFOFY4dFoJiDLx.cuwYgWLA/HgqCwKu',
    `$scrypt$ln=18,r=8,p=1$c2FsdHNhbHQ$${b64}`,
    `$scrypt$ln=17,r=8,p=2$c2FsdHNhbHQ$${b64}`,
    `$scrypt$ln=63,r=8,p=1$c2FsdHNhbHQ$${b64}`,
    `scrypt:262144:8:1$saltsalt$${hex}`,
    `scrypt:16384:99:99$saltsalt$${hex}`,
    `pbkdf2_sha256$2000001$saltsalt$${b64}=`,
    `pbkdf2_sha256$99999999999$saltsalt$${b64}=`,
    `pbkdf2:sha512:2000001$saltsalt$${hex}`
  ]
  for (const hash of dear) t.equal(identifyHash(hash), null, hash.slice(0, 30))
})

t.test('a hash of the maximum cost is computed', async (t) => {
  const salt = 'saltsalt'
  const scrypt = scryptSync('pass', salt, 64, { N: 2 ** 17, r: 8, p: 1, maxmem: 2 ** 28 }).toString('hex')
  t.equal(await check(`scrypt:131072:8:1$${salt}$${scrypt}`, 'pass'), 'outdated')
  const pbkdf2 = pbkdf2Sync('pass', salt, 2_000_000, 32, 'sha256').toString('base64')
  t.equal(await check(`pbkdf2_sha256$2000000$${salt}$${pbkdf2}`, 'pass'), 'outdated')
})

t.test('a malformed or truncated hash is not recognized', async (t) => {
  const hex = 'a'.repeat(128)
  const b64 = 'A'.repeat(43)
  const malformed = [
    '',
    'pass',
    '$2b$03$abcdefghijklmnopqrstuulFOFY4dFoJiDLx.cuwYgWLA/HgqCwKu',
    '$2x$04$abcdefghijklmnopqrstuulFOFY4dFoJiDLx.cuwYgWLA/HgqCwKu',
    '$2$04$abcdefghijklmnopqrstuulFOFY4dFoJiDLx.cuwYgWLA/HgqCwKu',
    '$2b$04$abcdefghijklmnopqrstuulFOFY4dFoJiDLx.cuwYgWLA/HgqCwK',
    `$scrypt$ln=0,r=8,p=1$c2FsdA$${b64}`,
    `$scrypt$ln=10,r=0,p=1$c2FsdA$${b64}`,
    `$scrypt$ln=10,r=8,p=0$c2FsdA$${b64}`,
    `$scrypt$ln=10,r=8,p=1$c2FsdA$${b64.slice(1)}`,
    `$scrypt$ln=10,r=8,p=1$c2FsdA$`,
    `$scrypt$r=8,p=1,ln=10$c2FsdA$${b64}`,
    `scrypt:1000:8:1$salt$${hex}`,
    `scrypt:1:8:1$salt$${hex}`,
    `scrypt:1024:8$salt$${hex}`,
    `scrypt:1024:8:1$salt$${hex.slice(2)}`,
    `scrypt:1024:8:1$$${hex}`,
    `pbkdf2_sha256$0$salt$${b64}=`,
    `pbkdf2_sha256$1000$salt$${b64}`,
    `pbkdf2_sha256$1000$salt$`,
    `pbkdf2_md5$1000$salt$${b64}=`,
    `pbkdf2:md5:1000$salt$${hex.slice(0, 32)}`,
    `pbkdf2:sha256:1000$salt$${hex.slice(0, 62)}`,
    `pbkdf2:sha256:1000$salt$${hex.slice(0, 63)}`,
    `pbkdf2:sha256:0$salt$${hex.slice(0, 64)}`,
    `pbkdf2:sha256$salt$${hex.slice(0, 64)}`,
    `\npbkdf2:sha256:1000$salt$${hex.slice(0, 64)}`,
    'argon2$$2b$04$abcdefghijklmnopqrstuulFOFY4dFoJiDLx.cuwYgWLA/HgqCwKu',
    '{noop}pass',
    '$wp$P$BabcdefghZ1BN3iUQ7nQxT0x1qI8sO/',
    '$bcrypt-sha256$v=2,t=2b,r=3$XI1katOY1mWnsDcYqTvvR.$H2mcbEVtMVi5TpnXTB7a3b4k5gbljmy',
    '$bcrypt-sha256$v=2,t=2b,r=15$XI1katOY1mWnsDcYqTvvR.$H2mcbEVtMVi5TpnXTB7a3b4k5gbljmy',
    `scrypt$1024$salt$8$5$${b64}`,
    `scrypt$1048576$salt$1$1$${'A'.repeat(86)}==`,
    `$pbkdf2-sha512$1000$c2FsdA$${b64}`,
    `$pbkdf2-md5$1000$c2FsdA$${b64}`,
    `pbkdf2_sha1$1000$salt$${b64}=`,
    `${hex.slice(0, 32)}:${hex.slice(2)}`,
    `${hex.slice(0, 32)}.${hex}`
  ]
  for (const hash of malformed) t.equal(identifyHash(hash), null, hash.slice(0, 40))
})
