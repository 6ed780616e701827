import { generateKeyPairSync } from 'node:crypto'
import t from 'tap'
import { hasPrivateMember } from '../src/private-jwk.ts'

t.test('each member of a private key is private, and none of a public key is', async (t) => {
  const pairs = [
    generateKeyPairSync('rsa', { modulusLength: 2048 }),
    generateKeyPairSync('ec', { namedCurve: 'P-256' }),
    generateKeyPairSync('ed25519')
  ]
  for (const { privateKey, publicKey } of pairs) {
    const [secret, open] = [privateKey.export({ format: 'jwk' }), publicKey.export({ format: 'jwk' })]
    t.equal(hasPrivateMember(open), false, String(secret.kty))
    const onlyPrivate = Object.keys(secret).filter((member) => !(member in open))
    t.ok(onlyPrivate.length > 0)
    for (const member of onlyPrivate)
      t.equal(
        hasPrivateMember({ ...open, [member]: secret[member as 'd'] }),
        true,
        `${String(secret.kty)} ${member}`
      )
  }
  t.equal(hasPrivateMember({ kty: 'oct', k: 'AAAA' }), true)
})
