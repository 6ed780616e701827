import Fastify from 'fastify'
import t from 'tap'
import { generateSigningKey } from '../../src/index.ts'
import { ALGORITHMS, type Algorithm } from '../../src/keys/algorithms.ts'
import { createJwtCodecs } from '../../src/keys/jwt-codecs.ts'
import { parseKeyRing } from '../../src/keys/key-ring.ts'

t.test('the header of each token that a key signs is looked up by its segment', async (t) => {
  const keys = (Object.keys(ALGORITHMS) as Algorithm[])
    .filter((alg) => !/^[RP]S/.test(alg))
    .map((alg) => generateSigningKey(alg))
  const ring = parseKeyRing([...keys, { ...generateSigningKey('HS256'), kid: 'a "key" of Zoë' }])
  const { byKid, headers } = await createJwtCodecs(Fastify(), ring)
  t.equal(headers.size, ring.keys.length)
  for (const [kid, codec] of byKid) {
    const [segment = ''] = codec.sign({ sub: 'ada' }).split('.')
    t.strictSame(headers.get(segment), { alg: codec.alg, typ: 'at+jwt', kid }, `${codec.alg} ${kid}`)
  }
})
