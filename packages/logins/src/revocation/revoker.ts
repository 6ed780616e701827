import { parseOptions } from '@drawbridge/options'
import * as v from 'valibot'
import type { StoredAdoptions } from '../adoption/stored-adoptions.ts'
import { wrapOutage } from '../errors.ts'
import { hasUserTag, isLoginId } from '../login/login.ts'
import type { RevokeUserResult } from '../logins.ts'
import type { LoginStore } from '../stores/login-store.ts'
import type { Revocations } from './revocations.ts'

/** Options of {@link Revoker}. */
export interface RevokerOptions {
  readonly store: LoginStore
  readonly revocations: Revocations
  /** Undefined where no service moves its users here. */
  readonly adoptions: StoredAdoptions | undefined
}

/** Strict: with a misspelt `except` the login to be spared would be revoked. */
const revokeUserOptions = v.strictObject({ except: v.optional(v.string('must be a string')) })

/** Revokes logins: in the store, then on every node, then in the other system that users are moved from. */
export class Revoker {
  readonly #options: RevokerOptions

  constructor(options: RevokerOptions) {
    this.#options = options
  }

  /** What the store has removed is revoked everywhere. */
  async publish(loginIds: readonly string[]): Promise<void> {
    await this.#options.revocations.publish(loginIds)
    await this.#options.adoptions?.reportRevoked(loginIds)
  }

  /**
   * Published even where the store no longer has the login: a revocation whose second step failed is repeated by its caller,
   * and must not be lost for that. Once the feed has accepted it from this node it is not published again, or a client with the
   * cookie of a revoked login could fill the feed with it.
   */
  async revoke(loginId: string, owner?: { readonly userId: string }): Promise<boolean> {
    if (!isLoginId(loginId) || (owner !== undefined && !(await this.#belongsTo(loginId, owner.userId))))
      return false
    const { store, revocations, adoptions } = this.#options
    const wasActive = await wrapOutage(() => store.remove(loginId))
    if (wasActive || !revocations.isPublished(loginId)) await revocations.publish([loginId])
    await adoptions?.reportRevoked([loginId])
    return wasActive
  }

  async revokeUser(userId: string, options?: { readonly except?: string }): Promise<RevokeUserResult> {
    const { except } = parseOptions('logins.revokeUser', revokeUserOptions, options ?? {})
    const { adoptions } = this.#options
    await adoptions?.barUser(userId)
    const result = await this.#revokeAll(userId, except)
    await adoptions?.reportRevokedOf(userId)
    return result
  }

  /** The login is revoked where the store has removed it, since its credential was used twice. */
  async revokeReused<Outcome extends { readonly kind: string }>(
    loginId: string,
    askStore: () => Promise<Outcome>
  ): Promise<Outcome> {
    const outcome = await wrapOutage(askStore)
    if (outcome.kind === 'reused') await this.publish([loginId])
    if (outcome.kind === 'unknown') await this.#options.adoptions?.repeatReport(loginId)
    return outcome
  }

  async #revokeAll(userId: string, except: string | undefined): Promise<RevokeUserResult> {
    const { store, revocations } = this.#options
    const active = await wrapOutage(() => store.listByUser(userId))
    try {
      const revoked = await wrapOutage(() => store.removeByUser(userId, except))
      return { revokedCount: revoked.length, position: await revocations.publish(revoked) }
    } catch (error) {
      revocations.addUnconfirmed(active.map(({ id }) => id).filter((id) => id !== except))
      throw error
    }
  }

  /** By the tag alone where the record is gone: it may be a revocation that is repeated because it was not published. */
  async #belongsTo(loginId: string, userId: string): Promise<boolean> {
    if (typeof userId !== 'string' || !hasUserTag(loginId, userId)) return false
    const login = await wrapOutage(() => this.#options.store.find(loginId))
    return login === null || login.userId === userId
  }
}
