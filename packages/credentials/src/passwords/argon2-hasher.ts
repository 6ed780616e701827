import { randomBytes } from 'node:crypto'
import { hash, verify } from '@node-rs/argon2'
import { type Argon2Hash, toUnpaddedBase64 } from './argon2-hash.ts'
import { unicodeForms, type Password } from './password.ts'

/** The cost of one hash. There is one lane, since the library computes lanes one after the other. */
export interface HashingCost {
  readonly memoryKiB: number
  readonly passes: number
}

/** A minimum that OWASP's Password Storage Cheat Sheet recommends for argon2id: 19 MiB, two passes, one lane. */
export const DEFAULT_COST: HashingCost = Object.freeze({ memoryKiB: 19_456, passes: 2 })

/** Length of new salts (RFC 9106 section 3.1). */
export const SALT_BYTES = 16
const HASH_BYTES = 32

/** The least memory that argon2 accepts. */
const MIN_MEMORY_KIB = 8

/** Computes new hashes at the configured cost, and the dummy work that hides which users exist. */
export class Argon2Hasher {
  readonly #cost: HashingCost

  constructor(cost: HashingCost) {
    this.#cost = cost
  }

  /** @param salt of {@link SALT_BYTES}, taken from an earlier hash of the same password; random by default. */
  hash(password: Password, salt: Uint8Array = randomBytes(SALT_BYTES)): Promise<string> {
    const { memoryKiB, passes } = this.#cost
    return hash(password.normalized, { memoryCost: memoryKiB, timeCost: passes, parallelism: 1, salt })
  }

  /**
   * Whether a hash costs less than the current cost and should be replaced. A hash that costs more is not: while two
   * releases with two costs run side by side, each would undo the other's work at every sign-in. Memory times passes
   * orders all costs, so that no two of them are each less than the other.
   */
  isOutdated({ work, lanes, tagBytes }: Argon2Hash): boolean {
    return work < this.#work || (work === this.#work && (lanes !== 1 || tagBytes !== HASH_BYTES))
  }

  /**
   * Does the work of a comparison with a hash of the current cost where there is no hash: compares with random bytes,
   * which match no password, once per Unicode form of the password. So an unknown user takes as long as a known one.
   */
  async verifyDummy(password: Password): Promise<void> {
    for (const text of unicodeForms(password)) await this.topUp(text, 0)
  }

  /**
   * Does the work that a comparison with a cheaper hash lacks of one at the current cost. Otherwise a wrong password
   * would be rejected sooner for a user whose hash is older than the last increase of the cost than for an unknown
   * user.
   *
   * @param work already done, KiB times passes.
   */
  async topUp(text: string, work: number): Promise<void> {
    const { passes } = this.#cost
    const memoryKiB = Math.ceil((this.#work - work) / passes)
    if (memoryKiB < MIN_MEMORY_KIB) return
    const bytes = (count: number): string => toUnpaddedBase64(randomBytes(count))
    await verify(
      `$argon2id$v=19$m=${memoryKiB},t=${passes},p=1$${bytes(SALT_BYTES)}$${bytes(HASH_BYTES)}`,
      text
    )
  }

  get #work(): number {
    return this.#cost.memoryKiB * this.#cost.passes
  }
}
