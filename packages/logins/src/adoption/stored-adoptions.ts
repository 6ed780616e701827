import type { ClockStepDetector } from '../cache/clock-step-detector.ts'
import { wrapOutage } from '../errors.ts'
import { describeLogin } from '../events/describe-login.ts'
import type { PublishEvent } from '../events/login-events.ts'
import { publishEvicted } from '../events/publish-evicted.ts'
import type { LoginClaims } from '../login/claims.ts'
import type { Login } from '../login/login.ts'
import type { Revocations } from '../revocation/revocations.ts'
import type { Adoption, Claim, LeadInput, OldName } from '../stores/adoption.ts'
import type {
  AdoptInput,
  AdoptionPage,
  AdoptionStore,
  AdoptOutcome,
  ClaimInput,
  ClaimStatus,
  CountChanges,
  LeadCounts,
  MoveOutcome,
  PhaseCounts
} from '../stores/adoption-store.ts'
import type { MoveInput, Phase, StoredPhase } from '../stores/phase.ts'
import { createAdoptedRecord, latestMoment } from './adopted-record.ts'
import type { AdoptResult, CarrierAdoptions, NewAdoptedLogin, RevokedListener } from './carrier-adoptions.ts'
import { RevokedAdoptions } from './revoked-adoptions.ts'

/** Options of {@link StoredAdoptions}. */
export interface StoredAdoptionsOptions {
  readonly store: AdoptionStore
  readonly revocations: Revocations
  readonly clockSteps: Pick<ClockStepDetector, 'check'>
  /** ms since the epoch. */
  readonly now: () => number
  /** ms on a clock that only goes forward. */
  readonly monotonicNow: () => number
  readonly retentionSeconds: number
  readonly touchIntervalSeconds: number
  readonly maxLoginsPerUser: number
  /** Resolves when this node goes by the clock of all nodes. */
  readonly waitForClock: () => Promise<void>
  readonly readClaims: (login: Login) => LoginClaims | Promise<LoginClaims>
  readonly publishEvent: PublishEvent
}

/** The adoptions of a store, and what this node knows of their logins without it. */
export class StoredAdoptions implements CarrierAdoptions {
  readonly #options: StoredAdoptionsOptions
  readonly #revoked: RevokedAdoptions
  #barsUntil = -Infinity

  constructor(options: StoredAdoptionsOptions) {
    this.#options = options
    this.#revoked = new RevokedAdoptions(options)
  }

  get maxLoginsPerUser(): number {
    return this.#options.maxLoginsPerUser
  }

  async adopt(input: NewAdoptedLogin, old: AdoptInput): Promise<AdoptResult> {
    const { store, now, touchIntervalSeconds, maxLoginsPerUser, waitForClock, readClaims } = this.#options
    await waitForClock()
    const record = createAdoptedRecord(input, now(), touchIntervalSeconds)
    // Before anything is written, as for a sign-in.
    const claims = await readClaims(record)
    const adopt = { ...old, claimedUntil: latestMoment(old.claimedUntil) }
    const outcome = await wrapOutage(() => store.adopt(record, adopt, maxLoginsPerUser))
    if (outcome.kind === 'adopted') {
      this.#publishAdopted(outcome, old.migration)
      await this.#options.revocations.publish(outcome.removed)
      await this.#revoked.report(outcome.removed)
      const { login, adoption } = outcome
      const isRenamed = login.username !== record.username
      return {
        kind: 'adopted',
        login: { ...login, claims: isRenamed ? await readClaims(login) : claims },
        adoption
      }
    }
    if (outcome.kind !== 'existing') return { kind: outcome.kind }
    const { login, adoption } = outcome
    if (this.#isRevoked(login.id)) return { kind: 'revoked' }
    return { kind: 'existing', login: { ...login, claims: await readClaims(login) }, adoption }
  }

  /** Before the feed has what had to make room: the login is stored, and is found by a call that repeats this one. */
  #publishAdopted(
    { login, removed }: Pick<Extract<AdoptOutcome, { kind: 'adopted' }>, 'login' | 'removed'>,
    migration: string
  ): void {
    const { publishEvent } = this.#options
    publishEvicted(publishEvent, login, removed)
    publishEvent(() => ({ type: 'login-adopted', ...describeLogin(login), migration }))
  }

  async claim(userId: string, input: ClaimInput): Promise<Claim | null> {
    if (input.owner !== null && this.#isRevoked(input.owner.loginId)) return null
    const claim = { ...input, claimedUntil: latestMoment(input.claimedUntil) }
    return wrapOutage(() => this.#options.store.claim(userId, claim))
  }

  findClaim(userId: string, old: OldName, issuedAt: number | null): Promise<ClaimStatus> {
    return wrapOutage(() => this.#options.store.findClaim(userId, old, issuedAt))
  }

  async find(loginId: string): Promise<Adoption | null> {
    if (this.#isRevoked(loginId)) return null
    return wrapOutage(() => this.#options.store.find(loginId))
  }

  async lead(loginId: string, input: LeadInput): Promise<Adoption | null> {
    if (this.#isRevoked(loginId)) return null
    return wrapOutage(() => this.#options.store.lead(loginId, input))
  }

  bar(userId: string | null, issuedUpTo: number, until: number): Promise<void> {
    return wrapOutage(() => this.#options.store.bar(userId, latestMoment(issuedUpTo), latestMoment(until)))
  }

  readPhase(migration: string): Promise<StoredPhase | null> {
    return wrapOutage(() => this.#options.store.readPhase(migration))
  }

  movePhase(migration: string, input: MoveInput): Promise<MoveOutcome> {
    return wrapOutage(() => this.#options.store.movePhase(migration, input))
  }

  countByLead(migration: string, withinMs: number): Promise<LeadCounts> {
    return wrapOutage(() => this.#options.store.countByLead(migration, withinMs))
  }

  list(migration: string, cursor: string | null): Promise<AdoptionPage> {
    return wrapOutage(() => this.#options.store.list(migration, cursor))
  }

  addCounts(migration: string, phase: Phase, changes: CountChanges): Promise<void> {
    return wrapOutage(() => this.#options.store.addCounts(migration, phase, changes))
  }

  readCounts(migration: string): Promise<PhaseCounts> {
    return wrapOutage(() => this.#options.store.readCounts(migration))
  }

  useBars(until: number): void {
    this.#barsUntil = Math.max(this.#barsUntil, latestMoment(until))
  }

  barAll(issuedUpTo: number): Promise<void> {
    return this.bar(null, issuedUpTo, this.#barsUntil)
  }

  onRevoked(listener: RevokedListener): void {
    this.#revoked.addListener(listener)
  }

  reportFailed(): Promise<void> {
    return this.#revoked.reportFailed()
  }

  /** Before the logins of a user are removed: an adoption in flight is then either removed with them, or refused. */
  async barUser(userId: string): Promise<void> {
    const now = this.#options.now()
    if (this.#barsUntil > now) await this.bar(userId, now, this.#barsUntil)
  }

  /** After logins were revoked. */
  reportRevoked(loginIds: readonly string[]): Promise<void> {
    return this.#revoked.report(loginIds)
  }

  /** After all logins of a user were revoked: those too that were revoked earlier, and not reported. */
  reportRevokedOf(userId: string): Promise<void> {
    return this.#revoked.reportOf(userId)
  }

  /** Reports a login again whose report by this node failed. */
  async repeatReport(loginId: string): Promise<void> {
    if (this.#revoked.hasFailed(loginId)) await this.#revoked.report([loginId])
  }

  #isRevoked(loginId: string): boolean {
    this.#options.clockSteps.check()
    return this.#options.revocations.list.has(loginId)
  }
}
