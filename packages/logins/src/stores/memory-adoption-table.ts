import type { Adoption, Claim } from './adoption.ts'
import type { AdoptedLogin, AdoptionPage, LeadCounts } from './adoption-store.ts'
import { countAdopted, type CountRow } from './adoption-counts.ts'
import { ExpiringMap } from './expiring-map.ts'
import type { LoginTable } from './login-table.ts'
import type { StoredPhase } from './phase.ts'
import type { AdoptionRow, AdoptionTable, Bar } from './table-adoption-store.ts'

/** The adoptions of a memory store. Rows are never changed in place, so that no caller holds one that changes. */
export class MemoryAdoptionTable implements AdoptionTable {
  readonly #logins: Pick<LoginTable, 'find'>
  readonly #claims = new ExpiringMap<Claim>()
  readonly #adoptions = new ExpiringMap<AdoptionRow>()
  readonly #bars = new ExpiringMap<Bar>()
  readonly #phases = new Map<string, StoredPhase>()
  readonly #counts = new Map<string, Map<string, CountRow>>()

  /** @param logins asked which logins are active. */
  constructor(logins: Pick<LoginTable, 'find'>) {
    this.#logins = logins
  }

  findClaim(digest: string, now: number): Claim | null {
    return this.#claims.get(digest, now)
  }

  putClaim(digest: string, claim: Claim, until: number, now: number): void {
    this.#claims.set(digest, claim, until, now)
  }

  findAdoption(loginId: string, now: number): Adoption | null {
    return this.#adoptions.get(loginId, now)?.adoption ?? null
  }

  putAdoption(row: AdoptionRow, now: number): void {
    this.#adoptions.set(row.loginId, row, row.expiresAt, now)
  }

  deleteAdoption(loginId: string): void {
    this.#adoptions.delete(loginId)
  }

  listAdoptions(userId: string, now: number): readonly AdoptedLogin[] {
    return this.#adoptions
      .list(now)
      .filter((row) => row.userId === userId)
      .map(toAdopted)
  }

  findBar(userId: string, now: number): Bar | null {
    return this.#bars.get(userId, now)
  }

  putBar(userId: string, bar: Bar, now: number): void {
    this.#bars.set(userId, bar, bar.until, now)
  }

  findPhase(migration: string): StoredPhase | null {
    return this.#phases.get(migration) ?? null
  }

  putPhase(stored: StoredPhase): void {
    this.#phases.set(stored.migration, stored)
  }

  /** One part has them all. */
  listActive(migration: string, _cursor: string | null, now: number): AdoptionPage {
    const rows = this.#adoptions.list(now).filter(({ adoption }) => adoption.migration === migration)
    const active = rows.filter(({ loginId }) => this.#logins.find(loginId, now) !== null)
    return { adopted: active.map(toAdopted), cursor: null }
  }

  countByLead(migration: string, after: number, now: number): LeadCounts {
    return countAdopted(this.listActive(migration, null, now).adopted, after)
  }

  addCount(migration: string, row: CountRow): void {
    this.#putCount(migration, row, (stored) => stored + row.value)
  }

  raiseCount(migration: string, row: CountRow): void {
    this.#putCount(migration, row, (stored) => Math.max(stored, row.value))
  }

  listCounts(migration: string): readonly CountRow[] {
    return [...(this.#counts.get(migration)?.values() ?? [])]
  }

  #putCount(migration: string, { phase, name }: CountRow, change: (stored: number) => number): void {
    const counts = this.#counts.get(migration) ?? new Map<string, CountRow>()
    this.#counts.set(migration, counts)
    const id = `${phase}:${name}`
    counts.set(id, { phase, name, value: change(counts.get(id)?.value ?? 0) })
  }
}

const toAdopted = ({ loginId, adoption }: AdoptionRow): AdoptedLogin => ({ loginId, adoption })
