import { createPublicKey } from 'node:crypto'
import t from 'tap'
import { generateSigningKey } from '../../src/index.ts'
import { createVerifier, TokenError } from '../fast-jwt.ts'
import { createHeader, encodeSegment } from '@drawbridge/test-support/forge'
import { type Attacks, rejectsAll } from './responses.ts'
import { openService, withRawMember } from './open-service.ts'

const ES = generateSigningKey('ES256')
const service = await openService(t, { keys: [ES] })
const { makeToken, changeClaims, withHeader, claims } = service

/** As strict as the library can be made: it then has an error of its own for most of what can be wrong. */
const verify = createVerifier({
  key: createPublicKey({ key: ES, format: 'jwk' }).export({ type: 'spki', format: 'pem' }),
  algorithms: ['ES256'],
  checkTyp: 'at+jwt',
  allowedAud: 'drawbridge',
  allowedIss: 'drawbridge',
  requiredClaims: ['jti'],
  clockTimestamp: service.clock.now
})

/** What the library says of a token: the code of its error, or the name of one that is not its own. */
function fetchVerdict(token: string): string {
  try {
    verify(token)
    return 'accepted'
  } catch (error) {
    return (error as { code?: string }).code ?? (error as Error).name
  }
}

const invalidClaim = (name: string) => `claim ${name} is missing or not of its type`
const withClaims = (changes: Record<string, unknown>) => makeToken({ payload: changeClaims(changes) })
const withRawClaim = (name: string, text: string) => makeToken({ payload: withRawMember(claims, name, text) })
const junk = (alg: string) => `${encodeSegment({ ...createHeader(ES), alg })}.${encodeSegment(claims)}.anVuaw`
const [header, payload] = service.createValidToken().split('.') as [string, string]

/** Each token, the cause that we log, and what the library says of it. */
const TOKENS: ReadonlyArray<readonly [token: string, cause: string, verdict: string]> = [
  ['x', 'not a JWS in compact form', 'FAST_JWT_MALFORMED'],
  [`${header}.${payload}.`, 'not a JWS in compact form', 'FAST_JWT_MISSING_SIGNATURE'],
  [junk('HS256'), 'of another algorithm than its key', 'FAST_JWT_INVALID_ALGORITHM'],
  [junk('HS257'), 'of another algorithm than its key', 'FAST_JWT_INVALID_ALGORITHM'],
  [withHeader({ alg: ['ES256'] }), 'no alg or no kid', 'FAST_JWT_INVALID_ALGORITHM'],
  [`${header}.${payload}.anVuaw`, 'the signature is not valid', 'FAST_JWT_VERIFY_ERROR'],
  [`${header}.${payload}.${'A'.repeat(86)}`, 'the signature is not valid', 'FAST_JWT_INVALID_SIGNATURE'],
  // The library looks at the payload before the signature, and so our log says this.
  [makeToken({ payload: '[]' }), 'the signature is not valid', 'FAST_JWT_INVALID_PAYLOAD'],
  [withHeader({ typ: 'JWT' }), 'not typed as an access token', 'FAST_JWT_INVALID_TYPE'],
  [withHeader({ crit: ['x'] }), 'a header member that is not ours', 'FAST_JWT_INVALID_CRIT_HEADER'],
  [withClaims({ jti: undefined }), invalidClaim('jti'), 'FAST_JWT_MISSING_REQUIRED_CLAIM'],
  [withClaims({ aud: {} }), invalidClaim('aud'), 'FAST_JWT_INVALID_CLAIM_TYPE'],
  [withClaims({ exp: '9000000000' }), invalidClaim('exp'), 'FAST_JWT_INVALID_CLAIM_TYPE'],
  [withClaims({ iss: 'evil' }), 'of another issuer', 'FAST_JWT_INVALID_CLAIM_VALUE'],
  [withClaims({ nbf: 9e9 }), 'not valid yet', 'FAST_JWT_INACTIVE'],
  [withClaims({ exp: 1 }), 'expired', 'FAST_JWT_EXPIRED'],
  [withRawClaim('nbf', '1e400'), invalidClaim('nbf'), 'RangeError'],
  [withRawClaim('exp', '-1e300'), invalidClaim('exp'), 'RangeError'],
  // And what it takes, strict as it is.
  [withRawClaim('exp', '1e400'), invalidClaim('exp'), 'accepted'],
  [withClaims({ exp: undefined }), invalidClaim('exp'), 'accepted'],
  [withClaims({ exp: service.clock.now / 1000 }), 'expired', 'accepted'],
  [withClaims({ aud: undefined }), invalidClaim('aud'), 'accepted'],
  [withClaims({ iss: undefined }), invalidClaim('iss'), 'accepted'],
  [withClaims({ sub: 7 }), invalidClaim('sub'), 'accepted'],
  [withClaims({ iat: 9e9 }), 'issued in the future', 'accepted'],
  [withHeader({ crit: null }), 'a header member that is not ours', 'accepted']
]

/** For services that configure it or sign, not for clients that present a token. */
const NOT_OF_TOKENS = [
  'FAST_JWT_INVALID_OPTION',
  'FAST_JWT_INVALID_KEY',
  'FAST_JWT_MISSING_KEY',
  'FAST_JWT_KEY_FETCHING_ERROR',
  'FAST_JWT_SIGN_ERROR'
]

t.test(
  'F1 F2 for each error of the library, and for what it accepts, the response is the same 401',
  async (t) => {
    t.equal(fetchVerdict(service.createValidToken()), 'accepted', 'the control')
    const attacks: Attacks = TOKENS.map(([token, cause, verdict], at) => [`${at} ${verdict}`, token, cause])
    await rejectsAll(t, service, '', attacks)
  }
)

t.test('F1 and these are all the errors that it has', async (t) => {
  t.strictSame(
    TOKENS.map(([token]) => fetchVerdict(token)),
    TOKENS.map(([, , verdict]) => verdict)
  )
  const seen = new Set(TOKENS.map(([, , verdict]) => verdict))
  const unseen = Object.values(TokenError.codes).filter((code) => !seen.has(code))
  t.strictSame(unseen.toSorted(), NOT_OF_TOKENS.toSorted())
})
