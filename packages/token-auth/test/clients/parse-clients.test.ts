import t from 'tap'
import { parseClients } from '../../src/clients/parse-clients.ts'
import { generateSigningKey } from '../../src/index.ts'

const clientSecret = 'a-secret-of-a-client-0123456789-abcdef'
const { d: _, ...publicKey } = generateSigningKey()

t.test('a client that cannot authenticate safely is an error that has nothing of its secret', async (t) => {
  const wrong: ReadonlyArray<readonly [string, unknown, RegExp]> = [
    ['no object', 'orders', /tokenAuth\.clients\[0\] must be an object/],
    ['no id', { clientSecret }, /tokenAuth\.clients\[0\]\.clientId is missing/],
    ['an id with a colon', { clientId: 'a:b', clientSecret }, /clientId must be 1 to 100 letters/],
    ['no secret and no key', { clientId: 'a' }, /tokenAuth\.clients\[0\] must have a clientSecret or keys/],
    ['a short secret', { clientId: 'a', clientSecret: 'short-secret' }, /clientSecret must be 32 to 255/],
    ['a secret of one letter', { clientId: 'a', clientSecret: 'x'.repeat(40) }, /clientSecret must be/],
    ['a secret with a plus', { clientId: 'a', clientSecret: `${clientSecret}+` }, /clientSecret must be/],
    ['an empty list', { clientId: 'a', clientSecret: [] }, /clientSecret must be/],
    ['a private key', { clientId: 'a', keys: [generateSigningKey()] }, /keys must be public keys/],
    [
      'a key without an id',
      { clientId: 'a', keys: [{ ...publicKey, kid: undefined }] },
      /keys must be public keys/
    ],
    ['no keys', { clientId: 'a', keys: [] }, /keys must be public keys/],
    [
      'a secret as a key',
      { clientId: 'a', keys: [{ kty: 'oct', k: 'AAAA', kid: 'a', alg: 'HS256' }] },
      /must be public/
    ],
    ['an unknown member', { clientId: 'a', clientSecret, secret: 'x' }, /secret is not an option/]
  ]
  for (const [name, client, message] of wrong) {
    const error = t.throws(() => parseClients([client]), { code: 'DRAWBRIDGE_OPTION', message }, name)
    t.notMatch(String((error as Error).message), /a-secret|short-secret/, name)
  }
  const client = { clientId: 'a', clientSecret }
  t.throws(() => parseClients([client, client]), /clientId "a" is there twice/)
})

t.test('what is left of a client has no secret in clear', async (t) => {
  const [client] = parseClients([
    { clientId: 'a', clientSecret: [clientSecret], keys: { keys: [publicKey] } }
  ])
  t.notMatch(JSON.stringify(client), clientSecret)
  t.equal(client?.secretHashes.length, 1)
  t.type(client?.keys, 'function')
})
