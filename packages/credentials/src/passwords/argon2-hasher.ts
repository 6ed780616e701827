import { randomBytes } from 'node:crypto'
import { hash, verify } from '@node-rs/argon2'
import { type Argon2Hash, toUnpaddedBase64 } from './argon2-hash.ts'
import { unicodeForms, type Password } from './password.ts'

/** What one hash costs. One lane: the lanes of one hash are computed one after the other here. */
export interface HashingCost {
  readonly memoryKiB: number
  readonly passes: number
}

/** OWASP's first choice for argon2id: 19 MiB, two passes, one lane. Some 5 to 20 ms of one core. */
export const DEFAULT_COST: HashingCost = Object.freeze({ memoryKiB: 19_456, passes: 2 })

/** Of the salts made here (RFC 9106 section 3.1). */
export const SALT_BYTES = 16
const HASH_BYTES = 32

/** The least memory that argon2 runs with. */
const MIN_MEMORY_KIB = 8

export class Argon2Hasher {
  readonly #cost: HashingCost

  constructor(cost: HashingCost) {
    this.#cost = cost
  }

  /** @param salt of {@link SALT_BYTES}, where a hash of the same password had it before; otherwise random bytes. */
  hash(password: Password, salt: Uint8Array = randomBytes(SALT_BYTES)): Promise<string> {
    const { memoryKiB, passes } = this.#cost
    return hash(password.normalized, { memoryCost: memoryKiB, timeCost: passes, parallelism: 1, salt })
  }

  /**
   * Whether a hash should be replaced by one of the cost of today: where it costs less. Never where it costs more: of
   * two releases that run side by side, each would undo the other's work at every log-in. Memory times passes orders all
   * costs, so that no two of them can each be less than the other.
   */
  isOutdated({ work, lanes, tagBytes }: Argon2Hash): boolean {
    return work < this.#work || (work === this.#work && (lanes !== 1 || tagBytes !== HASH_BYTES))
  }

  /**
   * The work of a comparison with a hash of the current cost, with no hash to compare with: what is compared is
   * random bytes that no password gives. As many times as a password with several Unicode forms is compared.
   */
  async verifyDummy(password: Password): Promise<void> {
    for (const text of unicodeForms(password)) await this.topUp(text, 0)
  }

  /**
   * What a comparison with a cheaper hash lacks of one at the current cost. A wrong password would otherwise be refused
   * sooner for a user whose hash is older than the last raise of the cost than for a name that nobody has.
   *
   * @param work that was done, KiB times passes.
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
