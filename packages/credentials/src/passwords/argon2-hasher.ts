import { randomBytes } from 'node:crypto'
import { hash, verify } from '@node-rs/argon2'
import type { Check } from './foreign/foreign-hash.ts'
import type { Password } from './password.ts'

/** What one hash costs. One lane: the lanes of one hash are computed one after the other here. */
export interface HashingCost {
  readonly memoryKiB: number
  readonly passes: number
}

/** OWASP's first choice for argon2id: 19 MiB, two passes, one lane. Some 5 to 20 ms of one core. */
export const DEFAULT_COST: HashingCost = Object.freeze({ memoryKiB: 19_456, passes: 2 })

export const MAX_MEMORY_KIB = 262_144

/** KiB times passes: about half a second of one core. Stored hashes beyond it are never run. */
export const MAX_WORK = 2 ** 20

const MAX_LANES = 16
const SALT_BYTES = 16
const HASH_BYTES = 32

/** Version 19 of argon2id alone; salt of 8 to 64 bytes, hash of 16 to 64. */
const FORM =
  /^\$argon2id\$v=19\$m=(?<m>[1-9]\d{0,6}),t=(?<t>[1-9]\d{0,3}),p=(?<p>[1-9]\d?)\$[A-Za-z\d+/]{11,86}\$[A-Za-z\d+/]{22,86}$/

export interface StoredArgon2 {
  readonly check: Check
  /** It was made with another cost than hashes are made with now. */
  readonly outdated: boolean
}

export class Argon2Hasher {
  readonly #cost: { readonly memoryCost: number; readonly timeCost: number; readonly parallelism: number }
  readonly #prefix: string
  readonly #length: number
  readonly #nobodys: string

  constructor({ memoryKiB, passes }: HashingCost) {
    this.#cost = { memoryCost: memoryKiB, timeCost: passes, parallelism: 1 }
    this.#prefix = `$argon2id$v=19$m=${memoryKiB},t=${passes},p=1$`
    this.#nobodys = `${this.#prefix}${unpadded(SALT_BYTES)}$${unpadded(HASH_BYTES)}`
    this.#length = this.#nobodys.length
  }

  hash(password: Password): Promise<string> {
    return hash(password.normal, this.#cost)
  }

  /** @returns null when it is no argon2id hash, or one that costs more than {@link MAX_WORK}. */
  read(stored: string): StoredArgon2 | null {
    const { m, t, p } = FORM.exec(stored)?.groups ?? {}
    const memoryKiB = Number(m)
    const affordable =
      memoryKiB <= MAX_MEMORY_KIB && memoryKiB * Number(t) <= MAX_WORK && Number(p) <= MAX_LANES
    if (!affordable) return null
    const outdated = !stored.startsWith(this.#prefix) || stored.length !== this.#length
    return { check: (password) => verify(stored, password.normal), outdated }
  }

  /**
   * The work of a comparison with a hash of the current cost, with no hash to compare with: what is compared is
   * random bytes that no password gives.
   */
  async pretend(password: Password): Promise<void> {
    await verify(this.#nobodys, password.normal)
  }
}

function unpadded(bytes: number): string {
  return randomBytes(bytes).toString('base64').replaceAll('=', '')
}
