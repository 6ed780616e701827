import { PUBLIC_KEY_ALGORITHMS } from '@drawbridge/carrier'
import { createLocalJWKSet, decodeJwt, jwtVerify } from 'jose'

export interface AssertionVerifierOptions {
  readonly issuer: string
  /** ms since the epoch. */
  readonly now: () => number
}

type Keys = ReturnType<typeof createLocalJWKSet>

/** RFC 7523 section 2.2. */
const TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'

const MAX_LIFETIME_SECONDS = 300
const CLOCK_SKEW_SECONDS = 5
const MAX_JTI_LENGTH = 255

/**
 * Verifies what a client signs instead of sending a secret (RFC 7523 section 3, `private_key_jwt`). Each is valid once on a
 * node, and for five minutes at most: one that is seen elsewhere is of no use, since its audience is this issuer alone.
 */
export class AssertionVerifier {
  readonly #options: AssertionVerifierOptions
  /** Client and `jti` → ms since the epoch at which it may be dropped. Insertion order is expiry order. */
  readonly #used = new Map<string, number>()

  constructor(options: AssertionVerifierOptions) {
    this.#options = options
  }

  /** The id of the client that has signed it; null where it is not valid. */
  async verify(
    assertion: string,
    type: string | undefined,
    findKeys: (clientId: string) => Keys | undefined
  ): Promise<string | null> {
    if (type !== TYPE) return null
    try {
      const { sub: clientId = '' } = decodeJwt(assertion)
      const keys = findKeys(clientId)
      if (keys === undefined) return null
      return (await this.#isValid(assertion, clientId, keys)) ? clientId : null
    } catch {
      // An assertion that is not valid is an error of jose.
      return null
    }
  }

  async #isValid(assertion: string, clientId: string, keys: Keys): Promise<boolean> {
    const now = this.#options.now()
    const { payload } = await jwtVerify(assertion, keys, {
      algorithms: [...PUBLIC_KEY_ALGORITHMS],
      issuer: clientId,
      subject: clientId,
      requiredClaims: ['exp', 'jti'],
      clockTolerance: CLOCK_SKEW_SECONDS,
      currentDate: new Date(now)
    })
    const { aud, exp = Infinity, jti } = payload
    // The audience as text: of a list, another one could present the assertion here.
    if (aud !== this.#options.issuer) return false
    if (exp > now / 1000 + MAX_LIFETIME_SECONDS + CLOCK_SKEW_SECONDS) return false
    return (
      typeof jti === 'string' && jti !== '' && jti.length <= MAX_JTI_LENGTH && this.#use(clientId, jti, now)
    )
  }

  /** Only for an assertion with a valid signature, so that nobody else can fill the memory. @returns false the second time. */
  #use(clientId: string, jti: string, now: number): boolean {
    this.#dropExpired(now)
    const key = `${clientId} ${jti}`
    if (this.#used.has(key)) return false
    this.#used.set(key, now + (MAX_LIFETIME_SECONDS + 2 * CLOCK_SKEW_SECONDS) * 1000)
    return true
  }

  #dropExpired(now: number): void {
    for (const [key, until] of this.#used) {
      if (until > now) return
      this.#used.delete(key)
    }
  }
}
