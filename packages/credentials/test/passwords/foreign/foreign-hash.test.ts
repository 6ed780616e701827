import { pbkdf2Sync, scryptSync } from 'node:crypto'
import { hashSync } from '@node-rs/bcrypt'
import t from 'tap'
import { readForeignHash } from '../../../src/passwords/foreign/foreign-hash.ts'
import { readPassword } from '../../../src/passwords/password.ts'

const SENTENCE = 'Grüße, correct horse battery staple'

/** Made by the systems that such hashes come from; which, in what version, stands beside each. */
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

async function check(hash: string, raw: string): Promise<boolean | null> {
  const password = readPassword(raw)
  if (password === null) throw new Error('ill-formed')
  return (await readForeignHash(hash)?.(password)) ?? null
}

t.test('the right password is known, and no other', async (t) => {
  for (const [origin, password, hash] of MADE_ELSEWHERE) {
    const [form] = hash.split('$', 2)
    t.equal(await check(hash, password), true, `${origin}: ${form}`)
    t.equal(await check(hash, `${password}x`), false, `${origin}: a character too many`)
  }
})

t.test('the password counts as it was given, not as it is normalised', async (t) => {
  const hash = hashSync('ë'.normalize('NFD'), { cost: 4 })
  t.equal(await check(hash, 'ë'.normalize('NFD')), true)
  t.equal(await check(hash, 'ë'.normalize('NFC')), false)
})

t.test('P01 P02 bcrypt: what it would not read whole is refused', async (t) => {
  // glibc libcrypt 4.4.33 gives this one hash for all passwords that begin with these 72 bytes.
  const whole = `${'0123456789'.repeat(7)}ab`
  const hash = '$2b$04$abcdefghijklmnopqrstuuMtJwfagkGaCKZ.IMpPJzYjhgL/xnp2C'
  t.equal(await check(hash, whole), true, '72 bytes')
  for (const end of ['c', 'cd', '\0', 'é'])
    t.equal(await check(hash, whole + end), false, `72 bytes and ${end}`)
  t.equal(
    await check(hashSync('é'.repeat(37), { cost: 4 }), 'é'.repeat(37)),
    false,
    '37 characters of 2 bytes'
  )

  const short = '$2b$04$abcdefghijklmnopqrstuufznL8bkzdtHwLhca4To/v9Lo9bA7fR6'
  t.equal(await check(short, 'pass'), true)
  for (const raw of ['pass\0', 'pass\0more', '\0pass'])
    t.equal(await check(short, raw), false, JSON.stringify(raw))
  t.equal(await check(hashSync('a\0b', { cost: 4 }), 'a\0b'), false, 'the one password it was made of, too')
})

t.test(
  'P07b pbkdf2 and scrypt: a password that ends in NUL is refused, for it verifies as one without',
  async (t) => {
    const hashes = MADE_ELSEWHERE.filter(
      ([, , hash]) => /^(pbkdf2|scrypt|\$scrypt)/.test(hash) && !/0000/.test(hash)
    )
    t.ok(hashes.length >= 6)
    for (const [origin, password, hash] of hashes) {
      for (const end of ['\0', '\0\0\0']) t.equal(await check(hash, password + end), false, origin)
    }
    const salt = 'abcdefgh'
    t.same(
      pbkdf2Sync('pass\0', salt, 1000, 32, 'sha256'),
      pbkdf2Sync('pass', salt, 1000, 32, 'sha256'),
      'the reason'
    )
  }
)

t.test('what costs more than is allowed is not run at all', async (t) => {
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
  for (const hash of dear) t.equal(readForeignHash(hash), null, hash.slice(0, 30))
})

t.test('what is allowed at most is run', async (t) => {
  const salt = 'saltsalt'
  const scrypt = scryptSync('pass', salt, 64, { N: 2 ** 17, r: 8, p: 1, maxmem: 2 ** 28 }).toString('hex')
  t.equal(await check(`scrypt:131072:8:1$${salt}$${scrypt}`, 'pass'), true)
  const pbkdf2 = pbkdf2Sync('pass', salt, 2_000_000, 32, 'sha256').toString('base64')
  t.equal(await check(`pbkdf2_sha256$2000000$${salt}$${pbkdf2}`, 'pass'), true)
})

t.test('what is malformed or cut is none of them', async (t) => {
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
    `pbkdf2:sha256:1000$salt$${hex.slice(0, 64)}\n`
  ]
  for (const hash of malformed) t.equal(readForeignHash(hash), null, hash.slice(0, 40))
})
