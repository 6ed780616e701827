import { createCipheriv, createPublicKey, publicEncrypt, randomBytes } from 'node:crypto'
import t from 'tap'
import { generateSigningKey } from '../../src/index.ts'
import { encodeSegment } from '@drawbridge/test-support/forge'
import { rejectsAll } from './responses.ts'
import { openService, show } from './open-service.ts'
import { rsaKey } from './rsa-key.ts'

const RS = rsaKey('RS256')
const HS = generateSigningKey('HS256')
const service = await openService(t, { keys: [RS, HS] })
const { withHeader, claims } = service

const NO_JWS = 'not a JWS in compact form'

/** A JWE in compact form (RFC 7516 section 7.1) of right claims, by a key of the ring. */
function encrypted(header: object, key: Buffer, encryptedKey: Buffer): string {
  const protectedHeader = encodeSegment(header)
  const iv = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(protectedHeader))
  const text = Buffer.concat([cipher.update(JSON.stringify(claims)), cipher.final()])
  const parts = [encryptedKey, iv, text, cipher.getAuthTag()].map((part) => part.toString('base64url'))
  return [protectedHeader, ...parts].join('.')
}

t.test('J32 a JWE by a key of the ring', (t) => {
  const secret = Buffer.from(HS.k as string, 'base64url')
  const own = randomBytes(32)
  const wrapped = publicEncrypt({ key: createPublicKey({ key: RS, format: 'jwk' }), oaepHash: 'sha1' }, own)
  const typ = { typ: 'at+jwt', enc: 'A256GCM' }
  return rejectsAll(t, service, NO_JWS, [
    ['dir', encrypted({ ...typ, alg: 'dir', kid: HS.kid }, secret, Buffer.alloc(0))],
    ['RSA-OAEP', encrypted({ ...typ, alg: 'RSA-OAEP', kid: RS.kid }, own, wrapped)],
    ['with cty JWT', encrypted({ ...typ, alg: 'dir', kid: HS.kid, cty: 'JWT' }, secret, Buffer.alloc(0))],
    ['with zip', encrypted({ ...typ, alg: 'dir', kid: HS.kid, zip: 'DEF' }, secret, Buffer.alloc(0))]
  ])
})

t.test('J32 a JWE that would be expensive to decrypt', (t) => {
  const pbes2 = {
    alg: 'PBES2-HS256+A128KW',
    enc: 'A128CBC-HS256',
    p2s: 'AAAAAAAAAAA',
    p2c: 2 ** 31 - 1,
    kid: HS.kid
  }
  return rejectsAll(t, service, NO_JWS, [
    ['five parts', `${encodeSegment(pbes2)}.AAAA.AAAA.AAAA.AAAA`],
    ['five empty parts', '....'],
    ['three parts', withHeader(pbes2, HS), 'a header member that is not ours'],
    ['two thousand parts', Array.from({ length: 2000 }, () => 'AA').join('.')]
  ])
})

t.test('J32 members of a JWE in the header of a JWS', (t) =>
  rejectsAll(
    t,
    service,
    'a header member that is not ours',
    [
      { zip: 'DEF' },
      { enc: 'A128GCM' },
      { p2c: 2 ** 31 },
      { epk: {} },
      { apu: 'AA' },
      { iv: 'AA', tag: 'AA' }
    ].map((members) => [show(members), withHeader(members)])
  )
)

t.test('J79 a credential of another kind', async (t) => {
  const { refresh_token } = await service.signIn()
  const { sid, sub, jti } = claims as { sid: string; sub: string; jti: string }
  await rejectsAll(t, service, NO_JWS, [
    ['a refresh token', refresh_token],
    ['the same without its prefix', refresh_token.slice('drbr_'.length)],
    ['a loginId', sid],
    ['a user id', sub],
    ['a jti', jti],
    ['a loginId and a secret, as a cookie has them', `${sid}.${randomBytes(32).toString('base64url')}`],
    [
      'the same, signed',
      `${sid}.${randomBytes(32).toString('base64url')}.${randomBytes(32).toString('base64url')}`
    ]
  ])
  t.equal(
    (await service.refresh(service.createValidToken())).statusCode,
    401,
    'nor does an access token refresh'
  )
  t.equal((await service.refresh(refresh_token)).statusCode, 200, 'which the refresh token still does')
})
