import { createHash } from 'node:crypto'
import { userTag } from '../../login/login.ts'
import { claimDigest, type OldName } from '../../stores/adoption.ts'

/**
 * The names of all keys of a store, but for the new name of a user, which the scripts store beside the index. Those of a user
 * are in one slot of a Cluster: a loginId begins with the tag of its user, so that it alone decides the slot. What belongs to the
 * application or to another system is hashed, since it may contain anything.
 */
export class StoreKeys {
  readonly #prefix: string

  constructor(prefix: string) {
    this.#prefix = prefix
  }

  row(loginId: string): string {
    return `${this.#slot(loginId)}l:${loginId}`
  }

  index(userId: string): string {
    return `${this.#slotOf(userId)}u:${digest(userId)}`
  }

  claim(userId: string, old: OldName): string {
    return `${this.#slotOf(userId)}c:${claimDigest(userId, old)}`
  }

  adoption(loginId: string): string {
    return `${this.#slot(loginId)}a:${loginId}`
  }

  adoptionIndex(userId: string): string {
    return `${this.#slotOf(userId)}d:${digest(userId)}`
  }

  /** What `SCAN` finds the keys of all adoptions by. @param keyPrefix of the client, which SCAN does not know. */
  adoptionPattern(keyPrefix: string): string {
    return `${escapePattern(keyPrefix + this.#prefix)}:{?????}:a:*`
  }

  /** @param userId null for all users. */
  bar(userId: string | null): string {
    return userId === null ? `${this.#prefix}:bar` : `${this.#slotOf(userId)}b:${digest(userId)}`
  }

  phase(migration: string): string {
    return `${this.#prefix}:phase:${digest(migration)}`
  }

  counts(migration: string): string {
    return `${this.#prefix}:counts:${digest(migration)}`
  }

  topic(topic: string): string {
    return `${this.#prefix}:announced:${digest(topic)}`
  }

  get ping(): string {
    return `${this.#prefix}:ping`
  }

  #slotOf(userId: string): string {
    return this.#slot(userTag(userId).toString('base64url'))
  }

  /** 30 bits of the tag are 5 characters of base64url. */
  #slot(text: string): string {
    return `${this.#prefix}:{${text.slice(0, 5)}}:`
  }
}

const digest = (text: string) => createHash('sha256').update(text).digest('base64url').slice(0, 22)
const escapePattern = (text: string) => text.replace(/[\\*?[\]]/g, String.raw`\$&`)
