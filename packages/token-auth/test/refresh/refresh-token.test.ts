import { randomBytes } from 'node:crypto'
import t from 'tap'
import { hashFamily, hashSecret, newRandom, RefreshTokenFormat } from '../../src/refresh/refresh-token.ts'

const SECRETS = ['the first root secret, 0123456789', 'the second root secret, 0123456789'] as const
const LOGIN_ID = randomBytes(21).toString('base64url')
const format = new RefreshTokenFormat(SECRETS, 'instance')
const createContent = (generation: number) => ({
  loginId: LOGIN_ID,
  generation,
  family: newRandom(),
  secret: newRandom()
})

t.test('what is written is read back', async (t) => {
  for (const generation of [0, 1, 4_294_967_295]) {
    const written = createContent(generation)
    const token = format.write(written)
    t.match(token, /^drbr_[\w-]{100}$/)
    t.strictSame(format.read(token), { ...written, keyIndex: 0 })
  }
})

t.test('a token made under any of the root secrets is read, with the index of the secret', async (t) => {
  const token = new RefreshTokenFormat([SECRETS[1]], 'instance').write(createContent(3))
  t.match(format.read(token), { generation: 3, keyIndex: 1 })
  t.equal(new RefreshTokenFormat([SECRETS[0]], 'instance').read(token), null)
})

t.test('a token is made under the given root secret', async (t) => {
  const [written, other] = [createContent(3), new RefreshTokenFormat(SECRETS.toReversed(), 'instance')]
  t.equal(format.write(written, 1), other.write(written), 'the same on another node')
  t.match(format.read(format.write(written, 1)), { generation: 3, keyIndex: 1 })
})

t.test('a change of any character makes it invalid', async (t) => {
  const token = format.write(createContent(0))
  for (let at = 0; at < token.length; at += 1) {
    const other = token[at] === 'A' ? 'B' : 'A'
    t.equal(format.read(token.slice(0, at) + other + token.slice(at + 1)), null, `character ${at}`)
  }
})

t.test('a text of another format is invalid', async (t) => {
  const token = format.write(createContent(0))
  const others = [
    '',
    'drbr_',
    token.slice(5),
    token.slice(0, -1),
    `${token}A`,
    `${token}=`,
    ` ${token}`,
    `${token}\n`,
    token.replace('drbr_', 'DRBR_'),
    token.replace('drbr_', 'drbr.')
  ]
  for (const text of others) t.equal(format.read(text), null, JSON.stringify(text))
})

t.test('the store has the SHA-256 of a secret', async (t) => {
  t.equal(hashSecret(Buffer.from('abc')), 'ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0')
})

t.test('the store has half of the SHA-256 of a family, as long as the family', async (t) => {
  t.equal(hashFamily(Buffer.from('abc')), 'ungWv48Bz-pBQUDeXa4iIw')
})

t.test('H3: a token of one instance is invalid at another with the same root secrets', async (t) => {
  const other = new RefreshTokenFormat(SECRETS, 'another instance')
  t.equal(other.read(format.write(createContent(0))), null)
  t.equal(format.read(other.write(createContent(0))), null)
})
