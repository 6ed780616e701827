import { ALGORITHMS, type KeyKind } from './algorithms.ts'
import type { RingKey } from './parse-key.ts'
import { isRocaModulus } from './roca.ts'
import { invalidKeyError } from './invalid-key.ts'

const MIN_RSA_BITS = 2048
const MIN_RSA_EXPONENT = 65537n
const MIN_DISTINCT_BYTES = 8

/** Rejects a well-formed key that can be guessed or factored (RFC 8725 section 3.5). @throws OptionError */
export function checkStrength(key: RingKey): void {
  if (key.verifying.type === 'secret') return checkSecret(key)
  if (key.verifying.asymmetricKeyType === 'rsa') checkRsa(key)
}

function checkSecret({ kid, alg, verifying }: RingKey): void {
  const { minBytes = 0 }: KeyKind = ALGORITHMS[alg]
  const bytes = verifying.export()
  if (bytes.length >= minBytes && new Set(bytes).size >= MIN_DISTINCT_BYTES) return
  throw invalidKeyError(kid, `must be ${minBytes} random bytes or more for alg "${alg}"`)
}

function checkRsa({ kid, verifying }: RingKey): void {
  const { modulusLength = 0, publicExponent = 0n } = verifying.asymmetricKeyDetails ?? {}
  if (modulusLength < MIN_RSA_BITS) throw invalidKeyError(kid, `must have ${MIN_RSA_BITS} bits or more`)
  if (publicExponent < MIN_RSA_EXPONENT || publicExponent % 2n === 0n) {
    throw invalidKeyError(kid, `must have an odd exponent of ${MIN_RSA_EXPONENT} or more`)
  }
  const { n = '' } = verifying.export({ format: 'jwk' })
  if (isRocaModulus(BigInt(`0x${Buffer.from(n, 'base64url').toString('hex')}`))) {
    throw invalidKeyError(kid, 'must not be from a chip whose keys can be factored (CVE-2017-15361)')
  }
}
