import t from 'tap'
import { generateSigningKey, type SigningKey } from '../../src/index.ts'
import { type AppOptions, decodeClaims, decodeHeader, makeApp } from '../make-app.ts'

const OLD = generateSigningKey('EdDSA')
const NEW = generateSigningKey('ES256')

/** The same service after a restart with other keys. */
async function generations(
  first: readonly SigningKey[],
  then: readonly SigningKey[],
  tokens: AppOptions['tokens'] = {}
) {
  const before = await makeApp({ keys: first, tokens })
  const after = await makeApp({ keys: then, tokens, clock: before.clock, storeSpy: before.storeSpy })
  return { before, after }
}

t.test('the first key signs, the others still verify', async (t) => {
  const { before, after } = await generations([OLD], [NEW, OLD])
  const old = await before.signIn()
  t.equal(decodeHeader(old.token).kid, OLD.kid)
  t.equal((await after.read(old.token)).statusCode, 200)
  const refreshed = await after.refresh(old.refresh_token)
  t.equal(refreshed.statusCode, 200)
  const fresh = refreshed.json<typeof old>()
  t.strictSame(decodeHeader(fresh.token), { alg: 'ES256', typ: 'at+jwt', kid: NEW.kid })
  t.equal(decodeClaims(fresh.token).sid, decodeClaims(old.token).sid)
  t.equal((await after.read(fresh.token)).statusCode, 200)
})

t.test('a new key can be published before it signs', async (t) => {
  const { before, after } = await generations([OLD, NEW], [NEW, OLD])
  const { token } = await after.signIn()
  t.equal((await before.read(token)).statusCode, 200, 'by a node that still signs with the old one')
})

t.test('a key that was removed from the ring verifies nothing', async (t) => {
  const { before, after } = await generations([OLD], [NEW])
  const { token, refresh_token } = await before.signIn()
  t.equal((await before.read(token)).statusCode, 200)
  t.equal((await after.read(token)).statusCode, 401)
  t.equal((await after.refresh(refresh_token)).statusCode, 401, 'nor does a refresh token made under it')
  t.equal((await before.refresh(refresh_token)).statusCode, 200, 'which has not revoked the login')
})

t.test('with a secret of their own, refresh tokens outlive the keys', async (t) => {
  const secret = 'a root secret of its own, 0123456789'
  const { before, after } = await generations([OLD], [NEW], { secret })
  const { refresh_token } = await before.signIn()
  t.equal((await after.refresh(refresh_token)).statusCode, 200)
})

t.test('a secret is replaced and nobody is logged out', async (t) => {
  const [one, two] = ['the first root secret, 0123456789', 'the second root secret, 0123456789']
  const before = await makeApp({ tokens: { secret: one } })
  const node = (secret: string[]) =>
    makeApp({ clock: before.clock, storeSpy: before.storeSpy, tokens: { secret } })
  const during = await node([two, one])
  const after = await node([two])
  const old = await before.signIn()
  const renewed = (await during.refresh(old.refresh_token)).json<typeof old>()
  t.equal((await after.refresh(renewed.refresh_token)).statusCode, 200)
  const late = await before.signIn()
  t.equal((await after.refresh(late.refresh_token)).statusCode, 401)
})
