const GENERATOR = 65537

/** The first 126 primes: the common modulus of all keys of 2,048 bits or more that these chips generated. */
const PRIMES = primesTo(701)

/**
 * Whether an RSA key of 2,048 bits or more has the fingerprint of ROCA (CVE-2017-15361): chips of one maker built primes
 * as `k * M + 65537 ** a % M`, M the product of the first primes, and these can be found from their product. The modulus is
 * then a power of 65537 modulo each of the first primes, as that of no other key will ever be (Nemec et al., CCS 2017,
 * section 3).
 */
export function isRocaModulus(modulus: bigint): boolean {
  return PRIMES.every((prime) => isPower(Number(modulus % BigInt(prime)), prime))
}

/** Whether a residue is among the powers of the generator. */
function isPower(residue: number, prime: number): boolean {
  let power = 1
  do {
    if (power === residue) return true
    power = (power * GENERATOR) % prime
  } while (power !== 1)
  return false
}

function primesTo(last: number): readonly number[] {
  const primes: number[] = []
  for (let n = 2; n <= last; n += 1) if (primes.every((prime) => n % prime !== 0)) primes.push(n)
  return primes
}
