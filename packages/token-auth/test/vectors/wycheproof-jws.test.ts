import { type Jwk } from '../../src/index.ts'
import { readVectors, testOfVectors } from './read-vectors.ts'
import { verifyJws } from './verify-jws.ts'

const FILE = 'wycheproof/json_web_signature_test.json'

interface Vectors {
  readonly numberOfTests: number
  readonly testGroups: readonly Group[]
}

interface Group {
  readonly comment: string
  readonly private: Jwk
  readonly public?: Jwk
  readonly tests: ReadonlyArray<{
    readonly tcId: number
    readonly comment: string
    readonly jws: string
    readonly result: 'valid' | 'invalid'
  }>
}

/** Where we differ from the file. */
const EXCEPTIONS: ReadonlyMap<number, readonly [taken: boolean, why: string]> = new Map([
  [346, [false, 'PS384 by a key that says it is for PS256']],
  [350, [false, 'PS384 by a key that says it is for PS256']],
  [367, [true, 'the very bytes of 357: the padding that it should have was lost upstream']],
  [370, [true, 'the very bytes of 357: the padding that it should have was lost upstream']],
  [372, [false, 'a character that is not of the alphabet']],
  [373, [false, 'a character that is not of the alphabet']]
])

/** The file has these two keys for `ES521`, which is no algorithm. */
function fixAlgorithm(jwk: Jwk): Jwk {
  return jwk.alg === 'ES521' && jwk.crv === 'P-521' ? { ...jwk, alg: 'ES512' } : jwk
}

/** Keys of the file without an algorithm are given one, so that their use is what is checked. */
function withKid(jwk: Jwk): Jwk {
  const alg = jwk.kty === 'EC' ? 'ES256' : 'RS256'
  return { kid: 'no kid', alg, ...fixAlgorithm(jwk) }
}

function taken(jws: string, jwk: Jwk): boolean {
  try {
    return verifyJws(jws, jwk)
  } catch {
    return false
  }
}

testOfVectors('each JWS of Wycheproof is accepted or rejected as it should be', [FILE], async (t) => {
  const { numberOfTests, testGroups } = readVectors<Vectors>(FILE)
  const accepted: number[] = []
  let judged = 0
  for (const group of testGroups) {
    const jwk = withKid(group.public ?? group.private)
    for (const { tcId, comment, jws, result } of group.tests) {
      judged += 1
      const isTaken = taken(jws, jwk)
      if (isTaken) accepted.push(tcId)
      const [expected, why] = EXCEPTIONS.get(tcId) ?? [result === 'valid', comment]
      if (isTaken !== expected) t.fail(`${tcId} (${group.comment}): ${why}`)
    }
  }
  t.equal(judged, numberOfTests)
  t.equal(judged, 401)
  t.equal(accepted.length, 44, 'so that there is something to reject')
})

testOfVectors('keys for another use are rejected as keys', [FILE], async (t) => {
  const { testGroups } = readVectors<Vectors>(FILE)
  for (const tcId of [353, 354, 355, 356]) {
    const group = testGroups.find(({ tests }) => tests.some((test) => test.tcId === tcId)) as Group
    const jwk = withKid(group.public as Jwk)
    const { jws } = group.tests[0] as { jws: string }
    t.throws(
      () => verifyJws(jws, jwk),
      { code: 'DRAWBRIDGE_OPTION', message: /use "sig"|key_ops/ },
      `${tcId}`
    )
    const { use: _use, key_ops: _operations, ...forAnything } = jwk
    t.ok(verifyJws(jws, forAnything), `${tcId}: the signature alone would hold`)
  }
})
