import { checkPrimeSync, generatePrimeSync, randomBytes } from 'node:crypto'
import t from 'tap'
import { generateSigningKey } from '../../src/index.ts'
import { parseKeyRing } from '../../src/keys/key-ring.ts'
import { isRocaModulus } from '../../src/keys/roca.ts'

/** Made as these chips made theirs, for keys of 2,048 bits. */
function rocaPrime(): bigint {
  const product = firstPrimes(126).reduce((all, prime) => all * prime, 1n)
  for (;;) {
    const k = randomBelow(2n ** 1024n / product)
    const prime = k * product + power(65537n, randomBelow(2n ** 254n), product)
    if (prime >= 2n ** 1023n + 2n ** 1022n && checkPrimeSync(prime)) return prime
  }
}

function firstPrimes(count: number): readonly bigint[] {
  const primes: bigint[] = []
  for (let n = 2n; primes.length < count; n += 1n) if (primes.every((p) => n % p !== 0n)) primes.push(n)
  return primes
}

function power(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n
  for (const bit of exponent.toString(2)) {
    result = (result * result * (bit === '1' ? base : 1n)) % modulus
  }
  return result
}

function randomBelow(limit: bigint): bigint {
  return BigInt(`0x${randomBytes(160).toString('hex')}`) % limit
}

function base64url(value: bigint): string {
  return Buffer.from(value.toString(16), 'hex').toString('base64url')
}

t.test('F22 an RSA key of a chip whose keys can be factored is rejected (CVE-2017-15361)', async (t) => {
  const [p, q] = [rocaPrime(), rocaPrime()]
  const n = p * q
  t.equal(n.toString(2).length, 2048)
  t.ok(isRocaModulus(n))
  const key = { kty: 'RSA', n: base64url(n), e: 'AQAB', kid: 'chip', alg: 'RS256' }
  t.throws(() => parseKeyRing([generateSigningKey(), key]), {
    message: /key "chip" must not be from a chip whose keys can be factored \(CVE-2017-15361\)/
  })
  const sound = generatePrimeSync(1024, { bigint: true })
  t.notOk(isRocaModulus(p * sound), 'one prime of that kind is not the mark')
})

t.test('no other modulus has the fingerprint', async (t) => {
  const primes = Array.from({ length: 16 }, () => generatePrimeSync(512, { bigint: true }))
  const moduli = primes.flatMap((p, at) => primes.slice(at + 1).map((q) => p * q))
  t.equal(moduli.length, 120)
  t.strictSame(moduli.filter(isRocaModulus), [])
})
