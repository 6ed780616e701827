import { parseOptions } from '@drawbridge/options'
import * as v from 'valibot'
import type { StoredAdoptions } from '../adoption/stored-adoptions.ts'
import { wrapOutage } from '../errors.ts'
import { describeLogin, unreadLogin } from '../events/describe-login.ts'
import type { PublishEvent } from '../events/login-events.ts'
import { publishEvicted } from '../events/publish-evicted.ts'
import { hasUserTag, isLoginId, isPending, type Login } from '../login/login.ts'
import type { RevokeUserOptions, RevokeUserResult } from '../logins.ts'
import type { CarryOutcome, LoginStore, RotateOutcome } from '../stores/login-store.ts'
import {
  causeEntries,
  type ParsedCause,
  parseRevokeOptions,
  type RevokeOptions,
  toParsedCause
} from './revocation-cause.ts'
import type { Revocations } from './revocations.ts'

/** Options of {@link Revoker}. */
export interface RevokerOptions {
  readonly store: LoginStore
  readonly revocations: Revocations
  /** Undefined where no service moves its users here. */
  readonly adoptions: StoredAdoptions | undefined
  readonly publishEvent: PublishEvent
}

/** Strict: with a misspelt `except` the login to be spared would be revoked. */
const revokeUserOptions = v.strictObject({
  except: v.optional(v.string('must be a string')),
  ...causeEntries
})

/** Revokes logins: in the store, then on every node, then in the other system that users are moved from. */
export class Revoker {
  readonly #options: RevokerOptions

  constructor(options: RevokerOptions) {
    this.#options = options
  }

  /** What the store has removed to make room for a new login is revoked everywhere. */
  async publishEvicted(newLogin: Login, loginIds: readonly string[]): Promise<void> {
    publishEvicted(this.#options.publishEvent, newLogin, loginIds)
    await this.#publish(loginIds)
  }

  /**
   * Published even where the store no longer has the login: a revocation whose second step failed is repeated by its caller,
   * and must not be lost for that. Once the feed has accepted it from this node it is not published again, or a client with the
   * cookie of a revoked login could fill the feed with it.
   */
  async revoke(loginId: string, options?: RevokeOptions): Promise<boolean> {
    const { owner, cause } = parseRevokeOptions(options)
    if (!isLoginId(loginId) || (owner !== undefined && !(await this.#belongsTo(loginId, owner.userId))))
      return false
    const { store, revocations, adoptions } = this.#options
    const login = await wrapOutage(() => store.remove(loginId))
    if (login !== null) this.#publishRevoked(login, cause)
    if (login !== null || !revocations.isPublished(loginId)) await revocations.publish([loginId])
    await adoptions?.reportRevoked([loginId])
    return login !== null
  }

  async revokeUser(userId: string, options?: RevokeUserOptions): Promise<RevokeUserResult> {
    const { except, ...cause } = parseOptions('logins.revokeUser', revokeUserOptions, options ?? {})
    const { adoptions } = this.#options
    await adoptions?.barUser(userId)
    const result = await this.#revokeAll(userId, except, toParsedCause(cause))
    await adoptions?.reportRevokedOf(userId)
    return result
  }

  /** The login is revoked where the store has removed it, since its credential was used twice. */
  async revokeReused<Outcome extends RotateOutcome | CarryOutcome>(
    loginId: string,
    askStore: () => Promise<Outcome>
  ): Promise<Outcome> {
    const outcome = await wrapOutage(askStore)
    if (outcome.kind === 'reused') {
      const { login } = outcome
      this.#options.publishEvent(() => ({ type: 'refresh-token-reused', ...describeLogin(login, 'token') }))
      this.#publishRevoked(login, { by: 'reuse', reason: 'refresh-token-reused' })
      await this.#publish([loginId])
    }
    if (outcome.kind === 'unknown') await this.#options.adoptions?.repeatReport(loginId)
    return outcome
  }

  async #publish(loginIds: readonly string[]): Promise<void> {
    await this.#options.revocations.publish(loginIds)
    await this.#options.adoptions?.reportRevoked(loginIds)
  }

  /** Before the feed has it: a call that is repeated because that failed finds no login any more. A pending one had no event either. */
  #publishRevoked(login: Login, cause: ParsedCause): void {
    if (isPending(login)) return
    this.#options.publishEvent(() => ({ type: 'login-revoked', ...describeLogin(login), ...cause }))
  }

  #publishAllRevoked(
    userId: string,
    revoked: readonly string[],
    records: readonly Login[],
    cause: ParsedCause
  ): void {
    const byId = new Map(records.map((login) => [login.id, login]))
    for (const loginId of revoked) {
      const login = byId.get(loginId)
      if (login !== undefined) this.#publishRevoked(login, cause)
      // It was made after the list was read.
      else
        this.#options.publishEvent(() => ({
          type: 'login-revoked',
          ...unreadLogin(loginId, userId),
          ...cause
        }))
    }
  }

  async #revokeAll(
    userId: string,
    except: string | undefined,
    cause: ParsedCause
  ): Promise<RevokeUserResult> {
    const { store, revocations } = this.#options
    const active = await wrapOutage(() => store.listByUser(userId))
    try {
      const revoked = await wrapOutage(() => store.removeByUser(userId, except))
      this.#publishAllRevoked(userId, revoked, active, cause)
      return { revokedCount: revoked.length, position: await revocations.publish(revoked) }
    } catch (error) {
      revocations.addUnconfirmed(active.map(({ id }) => id).filter((id) => id !== except))
      throw error
    }
  }

  /** By the tag alone where the record is gone: it may be a revocation that is repeated because it was not published. */
  async #belongsTo(loginId: string, userId: string | undefined): Promise<boolean> {
    if (typeof userId !== 'string' || !hasUserTag(loginId, userId)) return false
    const login = await wrapOutage(() => this.#options.store.find(loginId))
    return login === null || login.userId === userId
  }
}
