import type { Test } from 'tap'
import { generateSigningKey, type Jwk } from '../../src/index.ts'
import { parseCompactJws } from '@drawbridge/carrier'
import { parseKeyRing } from '../../src/keys/key-ring.ts'
import { makeApp, type TestApp } from '../make-app.ts'
import { readVectors, testOfVectors } from './read-vectors.ts'
import { verifyJws } from './verify-jws.ts'

interface Example {
  readonly title: string
  readonly input: { readonly key: Jwk | readonly Jwk[]; readonly alg: string | readonly string[] }
  readonly output: { readonly compact?: string; readonly json?: object; readonly json_flat?: object }
}

const inFolder = (names: readonly string[]) => names.map((name) => `jose-cookbook-rfc7520/${name}.json`)

const SIGNED = inFolder([
  'jws/4_1.rsa_v15_signature',
  'jws/4_2.rsa-pss_signature',
  'jws/4_3.ecdsa_signature',
  'jws/4_4.hmac-sha2_integrity_protection',
  'curve25519/jws'
])
const NOT_FOR_US = inFolder([
  'jws/4_5.signature_with_detached_content',
  'jws/4_6.protecting_specific_header_fields',
  'jws/4_7.protecting_content_only',
  'jws/4_8.multiple_signatures',
  'curve25519/ecdh-es',
  'rfc7797/4.2.hmac-sha2_b64_false',
  'rfc7797/hmac-sha2_b64_false'
])
const KEYS: Readonly<Record<string, string>> = {
  'jwk/3_1.ec_public_key': 'ES512',
  'jwk/3_2.ec_private_key': 'ES512',
  'jwk/3_3.rsa_public_key': 'RS256',
  'jwk/3_4.rsa_private_key': 'PS384',
  'jwk/3_5.symmetric_key_mac_computation': 'HS256'
}
const ENCRYPTION_KEY = 'jwk/3_6.symmetric_key_encryption'

/** The keys of an example, each with the name and the algorithm that the ring wants. */
function findKeys({ input }: Example): ReadonlyArray<Jwk & { alg: string; kid: string }> {
  const algorithms = [input.alg].flat()
  return [input.key].flat().map((key, at) => ({ kid: 'example', ...key, alg: algorithms[at] as string }))
}

/** All forms of an example as a bearer token. */
async function rejectsEachForm(t: Test, { read }: TestApp, { title, output }: Example) {
  const forms = [output.compact, JSON.stringify(output.json), JSON.stringify(output.json_flat)]
  for (const form of forms.filter((text) => text !== undefined)) {
    t.equal((await read(form)).statusCode, 401, `${title}: ${form.slice(0, 12)}`)
  }
}

testOfVectors('RFC 7520 4.1 to 4.4 and Ed25519 are valid under their keys', SIGNED, async (t) => {
  for (const example of SIGNED.map((path) => readVectors<Example>(path))) {
    const [key] = findKeys(example)
    const jws = example.output.compact as string
    t.ok(verifyJws(jws, key as Jwk), example.title)
    t.notOk(
      verifyJws(
        jws.replace(/\.(.)/, (_, first) => (first === 'A' ? '.B' : '.A')),
        key as Jwk
      )
    )
    const service = await makeApp({ keys: [generateSigningKey(), key as never] })
    await rejectsEachForm(t, service, example)
  }
})

testOfVectors('RFC 7520 4.5 to 4.8, RFC 7797 and a JWE are no tokens of ours', NOT_FOR_US, async (t) => {
  const service = await makeApp()
  for (const example of NOT_FOR_US.map((path) => readVectors<Example>(path))) {
    await rejectsEachForm(t, service, example)
    const { compact } = example.output
    if (compact === undefined) continue
    const isJws = parseCompactJws(compact) !== null
    const [key] = findKeys(example)
    t.notOk(isJws && verifyJws(compact, key as Jwk), example.title)
  }
})

testOfVectors(
  'the keys of RFC 7520 section 3 are accepted for signatures, and the one for encryption is not',
  inFolder([...Object.keys(KEYS), ENCRYPTION_KEY]),
  async (t) => {
    const read = (name: string) => readVectors<Jwk>(`jose-cookbook-rfc7520/${name}.json`)
    for (const [name, alg] of Object.entries(KEYS)) {
      t.equal(parseKeyRing([generateSigningKey(), { ...read(name), alg }]).keys.length, 2, name)
    }
    const encryption = read(ENCRYPTION_KEY)
    t.throws(() => parseKeyRing([encryption]), /must have an alg, one of/)
    t.throws(() => parseKeyRing([{ ...encryption, alg: 'HS256' }]), /must be for signatures/)
  }
)
