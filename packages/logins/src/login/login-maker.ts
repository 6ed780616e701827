import { plainError } from '@drawbridge/options'
import type { NewKeyLogin } from '../carrier-logins.ts'
import { wrapOutage } from '../errors.ts'
import { describeLogin } from '../events/describe-login.ts'
import type { PublishEvent } from '../events/login-events.ts'
import type { NewLogin } from '../logins.ts'
import type { Revoker } from '../revocation/revoker.ts'
import type { LoginStore } from '../stores/login-store.ts'
import { checkNewKey, checkNewLogin } from './check-new-login.ts'
import { type LoginClaims, type LoginWithClaims, NO_CLAIMS } from './claims.ts'
import { isPending, type Login } from './login.ts'
import { createKeyRecord, createRecord } from './new-record.ts'

/** Options of {@link LoginMaker}. */
export interface LoginMakerOptions {
  readonly store: LoginStore
  readonly revoker: Revoker
  readonly publishEvent: PublishEvent
  readonly maxLoginsPerUser: number
  readonly maxKeysPerUser: number
  readonly touchIntervalSeconds: number
  /** ms since the epoch, by the clock that all nodes go by. */
  readonly now: () => number
  /** Resolves when this node goes by the clock of all nodes. */
  readonly waitForClock: () => Promise<void>
  readonly readClaims: (login: Login) => LoginClaims | Promise<LoginClaims>
  /** Must not throw. */
  readonly onError: (error: unknown) => void
}

/** Makes logins: in the store, or not at all. */
export class LoginMaker {
  readonly #options: LoginMakerOptions

  constructor(options: LoginMakerOptions) {
    this.#options = options
  }

  /** Whatever has to make room is revoked everywhere. */
  async create(input: NewLogin): Promise<{ readonly login: Login; readonly claims: LoginClaims }> {
    checkNewLogin(input)
    const { now, touchIntervalSeconds, maxLoginsPerUser, revoker, waitForClock } = this.#options
    await waitForClock()
    const record = createRecord(input, now(), touchIntervalSeconds)
    // Before anything is written: a login whose claims cannot be carried would be a 500 at each of its requests.
    let claims = await this.#readClaims(record)
    const { login, removed } = (await this.#insert(record, maxLoginsPerUser)) ?? {
      login: record,
      removed: []
    }
    try {
      await revoker.publishEvicted(login, removed)
      if (login.username !== record.username) claims = await this.#readClaims(login)
    } catch (error) {
      await this.#takeBack(login.id)
      throw error
    }
    this.#publishCreated(login)
    return { login, claims }
  }

  /** Null where the user has as many keys as may be: a key makes no other login give way. */
  async createKey(input: NewKeyLogin): Promise<LoginWithClaims | null> {
    checkNewKey(input)
    const { now, maxKeysPerUser, readClaims, waitForClock } = this.#options
    await waitForClock()
    const record = createKeyRecord(input, now())
    const claims = await readClaims(record)
    const inserted = await this.#insert(record, maxKeysPerUser)
    if (inserted === null) return null
    this.#publishCreated(inserted.login)
    return { ...inserted.login, claims }
  }

  #readClaims(login: Login): LoginClaims | Promise<LoginClaims> {
    return isPending(login) ? NO_CLAIMS : this.#options.readClaims(login)
  }

  /** Of a pending login nobody hears: the credentials say that the password was right, and it is gone when the sign-in is completed. */
  #publishCreated(login: Login): void {
    if (!isPending(login))
      this.#options.publishEvent(() => ({ type: 'login-created', ...describeLogin(login) }))
  }

  async #insert(login: Login, maxPerUser: number): ReturnType<LoginStore['insert']> {
    const { store } = this.#options
    try {
      return await wrapOutage(() => store.insert(login, maxPerUser))
    } catch (error) {
      // It may have been written although the reply was lost. Not awaited: in an outage that would take as long again.
      void this.#takeBack(login.id)
      throw error
    }
  }

  /** Removes a login that nobody will have. Not published: no node has served it. */
  async #takeBack(loginId: string): Promise<void> {
    try {
      await this.#options.store.remove(loginId)
    } catch (error) {
      this.#options.onError(plainError(error))
    }
  }
}
