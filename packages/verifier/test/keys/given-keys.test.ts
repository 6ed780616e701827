import { generateKeyPairSync } from 'node:crypto'
import { generateSigningKey } from '@drawbridge/token-auth'
import t from 'tap'
import { readGivenKeys } from '../../src/keys/given-keys.ts'

const jwkOf = (type: 'rsa' | 'ec', options: object, alg: string) => {
  const generate = generateKeyPairSync as (
    type: string,
    options: object
  ) => ReturnType<typeof generateKeyPairSync>
  const { publicKey } = generate(type, options)
  return { ...publicKey.export({ format: 'jwk' }), kid: alg, alg }
}

const { d: _, ...ed25519 } = generateSigningKey()

t.test('each kind of public key is found by its id and its algorithm', async (t) => {
  const all = [
    ed25519,
    jwkOf('rsa', { modulusLength: 2048 }, 'RS256'),
    jwkOf('rsa', { modulusLength: 2048 }, 'PS512'),
    jwkOf('ec', { namedCurve: 'P-256' }, 'ES256'),
    jwkOf('ec', { namedCurve: 'P-384' }, 'ES384'),
    jwkOf('ec', { namedCurve: 'P-521' }, 'ES512')
  ]
  const keys = readGivenKeys(all)
  for (const { kid, alg } of all) t.ok(await keys.find({ kid, alg }), alg)
  t.equal(await keys.find({ kid: 'RS256', alg: 'RS512' }), null)
  t.equal(await keys.find({ kid: 'unknown', alg: 'RS256' }), null)
})

t.test('a key that cannot verify, or that is not public, is an error that has nothing of it', async (t) => {
  const wrong: ReadonlyArray<readonly [string, readonly unknown[], RegExp]> = [
    ['none', [], /one key or more/],
    ['no id', [{ ...ed25519, kid: undefined }], /keys\[0\] must have a kid/],
    ['no object', [null], /keys\[0\] must have a kid/],
    ['private', [generateSigningKey()], /must be public/],
    ['a secret', [{ kty: 'oct', kid: 's', alg: 'HS256', k: 'x'.repeat(43) }], /must be public/],
    ['no algorithm', [{ ...ed25519, alg: undefined }], /must have an alg, one of EdDSA/],
    ['an algorithm of secrets', [{ ...ed25519, alg: 'HS256' }], /must have an alg/],
    ['another algorithm', [{ ...ed25519, alg: 'ES256' }], /well-formed JSON Web Key for alg "ES256"/],
    ['another curve', [{ ...jwkOf('ec', { namedCurve: 'P-256' }, 'ES256'), alg: 'ES384' }], /well-formed/],
    ['a short key', [jwkOf('rsa', { modulusLength: 1024 }, 'RS256')], /well-formed/],
    ['ill-formed', [{ ...ed25519, x: 'AAAA' }], /well-formed/],
    ['twice', [ed25519, ed25519], /is there twice/]
  ]
  for (const [name, keys, message] of wrong) {
    t.throws(() => readGivenKeys(keys), { code: 'DRAWBRIDGE_OPTION', message }, name)
  }
  try {
    readGivenKeys([generateSigningKey()])
  } catch (error) {
    t.notMatch(String(error), /"d"|"x"/)
  }
})
