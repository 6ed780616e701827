import { loginEndsAt, type Login } from '../login/login.ts'
import {
  type Adoption,
  type Claim,
  claimDigest,
  claimedAdoption,
  decideAdopt,
  ledAdoption,
  type LeadInput,
  newAdoption,
  type OldName
} from './adoption.ts'
import { type CountRow, groupByPhase } from './adoption-counts.ts'
import type {
  AdoptedLogin,
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
} from './adoption-store.ts'
import { insertLogin, type LoginTable } from './login-table.ts'
import { decideMove, movedPhase, type MoveInput, type Phase, type StoredPhase } from './phase.ts'

/** An adoption with what a table searches it by. */
export interface AdoptionRow extends AdoptedLogin {
  readonly userId: string
  /** ms since the epoch: when the login expires at the latest. */
  readonly expiresAt: number
}

/** Refuses what was issued up to a moment. Both: ms since the epoch. */
export interface Bar {
  readonly issuedUpTo: number
  readonly until: number
}

/**
 * Where a {@link TableAdoptionStore} stores its rows: in the same place as the `LoginTable`, whose `atomically` runs the
 * methods, which are synchronous. `put` replaces the row that is there, and may delete some expired ones.
 */
export interface AdoptionTable {
  findClaim(digest: string, now: number): Claim | null
  putClaim(digest: string, claim: Claim, until: number, now: number): void
  findAdoption(loginId: string, now: number): Adoption | null
  putAdoption(row: AdoptionRow, now: number): void
  deleteAdoption(loginId: string): void
  /** Those of active logins too. */
  listAdoptions(userId: string, now: number): readonly AdoptedLogin[]
  /** @param userId empty for all users. */
  findBar(userId: string, now: number): Bar | null
  putBar(userId: string, bar: Bar, now: number): void
  findPhase(migration: string): StoredPhase | null
  putPhase(stored: StoredPhase): void
  /** Of active logins only. */
  listActive(migration: string, cursor: string | null, now: number): AdoptionPage
  /** @param after ms since the epoch: whose lead came back later is counted as returned. */
  countByLead(migration: string, after: number, now: number): LeadCounts
  addCount(migration: string, row: CountRow): void
  raiseCount(migration: string, row: CountRow): void
  listCounts(migration: string): readonly CountRow[]
}

const ALL_USERS = ''

/** An {@link AdoptionStore} over a table with synchronous methods. */
export class TableAdoptionStore implements AdoptionStore {
  readonly #logins: LoginTable
  readonly #table: AdoptionTable
  readonly #now: () => number

  constructor(logins: LoginTable, table: AdoptionTable, now: () => number) {
    this.#logins = logins
    this.#table = table
    this.#now = now
  }

  adopt(login: Login, input: AdoptInput, maxPerUser: number): Promise<AdoptOutcome> {
    const digest = claimDigest(login.userId, input)
    return this.#transact((now): AdoptOutcome => {
      const claim = this.#table.findClaim(digest, now)
      const decision = decideAdopt(claim, this.#barredUpTo(login.userId, now), input.issuedAt)
      if (decision === 'barred') return { kind: 'barred' }
      if (claim !== null) return this.#findExisting(claim, now)
      if (Math.min(loginEndsAt(login), input.claimedUntil) <= now) return { kind: 'expired' }
      const inserted = insertLogin(this.#logins, login, maxPerUser, now)
      if (inserted === null) throw new TypeError('an adopted login is no key')
      this.#table.putClaim(digest, { loginId: login.id }, input.claimedUntil, now)
      const adoption = this.#put(login, newAdoption(input, now), now)
      return { kind: 'adopted', ...inserted, adoption }
    })
  }

  claim(userId: string, input: ClaimInput): Promise<Claim | null> {
    const digest = claimDigest(userId, input)
    return this.#transact((now) => {
      const { owner, claimedUntil } = input
      const login = owner && this.#logins.find(owner.loginId, now)
      if (owner !== null && login?.userId !== userId) return null
      const earlier = this.#table.findClaim(digest, now)
      const claim = earlier ?? { loginId: owner?.loginId ?? null }
      if (earlier === null && claimedUntil > now) this.#table.putClaim(digest, claim, claimedUntil, now)
      if (owner !== null && login && claim.loginId === login.id) {
        const { migration, key } = input
        const adoption = this.#table.findAdoption(login.id, now)
        this.#put(login, claimedAdoption(adoption, { migration, key, ledBy: owner.ledBy }, now), now)
      }
      return claim
    })
  }

  findClaim(userId: string, old: OldName, issuedAt: number | null): Promise<ClaimStatus> {
    return this.#read((now): ClaimStatus => {
      const claim = this.#table.findClaim(claimDigest(userId, old), now)
      const decision = decideAdopt(claim, this.#barredUpTo(userId, now), issuedAt)
      if (claim !== null) return { kind: 'claimed', loginId: claim.loginId }
      return { kind: decision === 'barred' ? 'barred' : 'unclaimed' }
    })
  }

  find(loginId: string): Promise<Adoption | null> {
    return this.#read((now) => (this.#isActive(loginId, now) ? this.#table.findAdoption(loginId, now) : null))
  }

  lead(loginId: string, input: LeadInput): Promise<Adoption | null> {
    return this.#transact((now) => {
      const login = this.#logins.find(loginId, now)
      const adoption = login && this.#table.findAdoption(loginId, now)
      return login && adoption && this.#put(login, ledAdoption(adoption, input, now), now)
    })
  }

  findInactive(loginIds: readonly string[]): Promise<readonly AdoptedLogin[]> {
    return this.#read((now) =>
      loginIds.flatMap((loginId) => {
        const adoption = this.#isActive(loginId, now) ? null : this.#table.findAdoption(loginId, now)
        return adoption === null ? [] : [{ loginId, adoption }]
      })
    )
  }

  listInactive(userId: string): Promise<readonly AdoptedLogin[]> {
    return this.#read((now) =>
      this.#table.listAdoptions(userId, now).filter(({ loginId }) => !this.#isActive(loginId, now))
    )
  }

  forget(loginIds: readonly string[]): Promise<void> {
    return this.#transact((now) => {
      for (const loginId of loginIds) {
        if (!this.#isActive(loginId, now)) this.#table.deleteAdoption(loginId)
      }
    })
  }

  bar(userId: string | null, issuedUpTo: number, until: number): Promise<void> {
    return this.#transact((now) => {
      const name = userId ?? ALL_USERS
      const earlier = this.#table.findBar(name, now) ?? { issuedUpTo, until }
      const bar = {
        issuedUpTo: Math.max(issuedUpTo, earlier.issuedUpTo),
        until: Math.max(until, earlier.until)
      }
      if (bar.until > now) this.#table.putBar(name, bar, now)
    })
  }

  readPhase(migration: string): Promise<StoredPhase | null> {
    return this.#read(() => this.#table.findPhase(migration))
  }

  movePhase(migration: string, input: MoveInput): Promise<MoveOutcome> {
    return this.#transact((now): MoveOutcome => {
      const stored = this.#table.findPhase(migration)
      const decision = decideMove(stored, input, now)
      if (decision === 'move') {
        const moved = movedPhase(migration, input, now)
        this.#table.putPhase(moved)
        return { kind: 'moved', stored: moved }
      }
      if (decision !== 'too-soon' || stored === null)
        return { kind: decision as 'changed' | 'not-neighbour', stored }
      return { kind: 'too-soon', stored, waitMs: stored.since + input.minIntervalMs - now }
    })
  }

  countByLead(migration: string, withinMs: number): Promise<LeadCounts> {
    return this.#read((now) => this.#table.countByLead(migration, now - withinMs, now))
  }

  list(migration: string, cursor: string | null): Promise<AdoptionPage> {
    return this.#read((now) => this.#table.listActive(migration, cursor, now))
  }

  addCounts(migration: string, phase: Phase, { add = {}, raise = {} }: CountChanges): Promise<void> {
    return this.#transact(() => {
      for (const [name, value] of Object.entries(add)) this.#table.addCount(migration, { phase, name, value })
      for (const [name, value] of Object.entries(raise))
        this.#table.raiseCount(migration, { phase, name, value })
    })
  }

  async readCounts(migration: string): Promise<PhaseCounts> {
    return groupByPhase(await this.#read(() => this.#table.listCounts(migration)))
  }

  #findExisting({ loginId }: Claim, now: number): AdoptOutcome {
    const login = loginId === null ? null : this.#logins.find(loginId, now)
    const adoption = login && this.#table.findAdoption(login.id, now)
    return login && adoption ? { kind: 'existing', login, adoption } : { kind: 'revoked' }
  }

  #barredUpTo(userId: string, now: number): number | null {
    const bars = [this.#table.findBar(userId, now), this.#table.findBar(ALL_USERS, now)]
    const moments = bars.flatMap((bar) => (bar === null ? [] : [bar.issuedUpTo]))
    return moments.length === 0 ? null : Math.max(...moments)
  }

  #isActive(loginId: string, now: number): boolean {
    return this.#logins.find(loginId, now) !== null
  }

  #put({ id, userId, expiresAt }: Login, adoption: Adoption, now: number): Adoption {
    this.#table.putAdoption({ loginId: id, userId, expiresAt, adoption }, now)
    return adoption
  }

  /** Async, so that an error of the table becomes a rejection. */
  async #read<T>(work: (now: number) => T): Promise<T> {
    return this.#logins.read(() => work(this.#now()))
  }

  async #transact<T>(work: (now: number) => T): Promise<T> {
    return this.#logins.atomically(() => work(this.#now()))
  }
}
