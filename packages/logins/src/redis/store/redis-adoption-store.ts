import { hasUserTag, type Login } from '../../login/login.ts'
import {
  type Adoption,
  type Claim,
  decideAdopt,
  type LeadInput,
  type OldName
} from '../../stores/adoption.ts'
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
} from '../../stores/adoption-store.ts'
import { countAdopted, groupByPhase } from '../../stores/adoption-counts.ts'
import type { MoveInput, Phase, StoredPhase } from '../../stores/phase.ts'
import { decodeAdoption, decodePhase, encodeName } from './adoption-row.ts'
import { scanAdoptions } from './adoption-scan.ts'
import { ADOPTION_SCRIPTS } from './adoption-scripts.ts'
import { type Inserted, toInsertArgs, toInsertOutcome } from './insert-login.ts'
import { decodeRow } from './login-row.ts'
import { createScriptRunner, type RunScript } from './script-runner.ts'
import type { StoreConnection } from './store-connection.ts'
import type { StoreKeys } from './store-keys.ts'

/** What {@link RedisAdoptionStore} shares with the store of the logins. */
export interface RedisAdoptionStoreOptions {
  readonly connection: StoreConnection
  readonly keys: StoreKeys
  readonly now: (() => number) | undefined
}

/** In an argument or a reply: no login. */
const NONE = '-'

/** The adoptions beside the logins in Redis: those of a user are in the slot of the user's logins. */
export class RedisAdoptionStore implements AdoptionStore {
  readonly #connection: StoreConnection
  readonly #keys: StoreKeys
  readonly #run: RunScript<keyof typeof ADOPTION_SCRIPTS>

  constructor({ connection, keys, now }: RedisAdoptionStoreOptions) {
    this.#connection = connection
    this.#keys = keys
    this.#run = createScriptRunner(connection, ADOPTION_SCRIPTS, now)
  }

  /** The bar of all users is in a slot of its own, and read before. */
  async adopt(login: Login, input: AdoptInput, maxPerUser: number): Promise<AdoptOutcome> {
    const { id, userId } = login
    const keys = this.#keys
    const allBarredUpTo = await this.#findBarOfAll()
    const [kind, text, third, last] = await this.#run<[AdoptOutcome['kind'], string?, unknown?, string?]>(
      'adopt',
      [
        keys.row(id),
        keys.index(userId),
        keys.claim(userId, input),
        keys.adoption(id),
        keys.adoptionIndex(userId),
        keys.bar(userId)
      ],
      [...toInsertArgs(login, maxPerUser), ...toAdoptArgs(input, allBarredUpTo)]
    )
    if (kind !== 'adopted' && kind !== 'existing') return { kind }
    const adoption = decodeAdoption(text) as Adoption
    if (kind === 'adopted')
      return { kind, ...toInsertOutcome(login, [third, last] as unknown as Inserted), adoption }
    const existing = decodeRow(third as string, last as string)
    return existing === null ? { kind: 'revoked' } : { kind, login: existing, adoption }
  }

  async claim(userId: string, input: ClaimInput): Promise<Claim | null> {
    const { owner, claimedUntil } = input
    // A login of another user is in another slot.
    if (owner !== null && !hasUserTag(owner.loginId, userId)) return null
    const claimKey = this.#keys.claim(userId, input)
    const [row, adoption] =
      owner === null
        ? [claimKey, claimKey]
        : [this.#keys.row(owner.loginId), this.#keys.adoption(owner.loginId)]
    const claim = await this.#run<string | null>(
      'claim',
      [claimKey, row, adoption, this.#keys.adoptionIndex(userId)],
      [claimedUntil, owner?.loginId ?? NONE, owner?.ledBy ?? NONE, encodeName(input)]
    )
    return claim === null ? null : { loginId: decodeLoginId(claim) }
  }

  async findClaim(userId: string, old: OldName, issuedAt: number | null): Promise<ClaimStatus> {
    const keys = [this.#keys.claim(userId, old), this.#keys.bar(userId)]
    const [[kind, claim], allBarredUpTo] = await Promise.all([
      this.#run<[ClaimStatus['kind'], string?]>('findClaim', keys, [issuedAt ?? '', '']),
      this.#findBarOfAll()
    ])
    if (kind === 'claimed') return { kind, loginId: decodeLoginId(claim as string) }
    return kind === 'barred' ? { kind } : toStatus(decideAdopt(null, allBarredUpTo, issuedAt))
  }

  find(loginId: string): Promise<Adoption | null> {
    return this.#find(loginId, 'active')
  }

  async lead(loginId: string, input: LeadInput): Promise<Adoption | null> {
    const args = [input.ledBy, encodeName(input)]
    return decodeAdoption(await this.#run<string | null>('lead', this.#pair(loginId), args))
  }

  async findInactive(loginIds: readonly string[]): Promise<readonly AdoptedLogin[]> {
    return this.#findAll(loginIds, 'inactive')
  }

  async listInactive(userId: string): Promise<readonly AdoptedLogin[]> {
    const pairs = await this.#run<Array<[string, string]>>(
      'listInactive',
      [this.#keys.adoptionIndex(userId)],
      []
    )
    return pairs.flatMap(([loginId, text]) => toAdopted(loginId, decodeAdoption(text)))
  }

  async forget(loginIds: readonly string[]): Promise<void> {
    await Promise.all(loginIds.map((loginId) => this.#run('forget', this.#pair(loginId), [])))
  }

  async bar(userId: string | null, issuedUpTo: number, until: number): Promise<void> {
    await this.#run('bar', [this.#keys.bar(userId)], [issuedUpTo, until])
  }

  async readPhase(migration: string): Promise<StoredPhase | null> {
    return decodePhase(migration, await this.#run('readPhase', [this.#keys.phase(migration)], []))
  }

  async movePhase(migration: string, input: MoveInput): Promise<MoveOutcome> {
    const { from, to, by, minIntervalMs, lostVersion } = input
    const [kind, waitMs, text] = await this.#run<[MoveOutcome['kind'], number, string]>(
      'movePhase',
      [this.#keys.phase(migration)],
      [from ?? '', to, by, minIntervalMs, lostVersion ?? '']
    )
    const stored = decodePhase(migration, text === '' ? null : text)
    return { kind, stored, ...(kind === 'too-soon' && { waitMs: Number(waitMs) }) } as MoveOutcome
  }

  async countByLead(migration: string, withinMs: number): Promise<LeadCounts> {
    const now = await this.#run<number>('readClock', [this.#keys.ping], [])
    const found = new Map<string, AdoptedLogin>()
    let cursor: string | null = null
    do {
      const page: AdoptionPage = await this.list(migration, cursor)
      for (const adopted of page.adopted) found.set(adopted.loginId, adopted)
      cursor = page.cursor
    } while (cursor !== null)
    return countAdopted([...found.values()], Number(now) - withinMs)
  }

  async list(migration: string, cursor: string | null): Promise<AdoptionPage> {
    const page = await scanAdoptions(this.#connection, this.#keys, cursor)
    const found = await this.#findAll(page.loginIds, 'active')
    return {
      adopted: found.filter(({ adoption }) => adoption.migration === migration),
      cursor: page.cursor
    }
  }

  async addCounts(migration: string, phase: Phase, { add = {}, raise = {} }: CountChanges): Promise<void> {
    const changes = [
      ...Object.entries(add).flatMap(([name, value]) => ['add', name, value]),
      ...Object.entries(raise).flatMap(([name, value]) => ['raise', name, value])
    ]
    await this.#run('addCounts', [this.#keys.counts(migration)], [phase, ...changes])
  }

  async readCounts(migration: string): Promise<PhaseCounts> {
    const texts = await this.#run<string[]>('readCounts', [this.#keys.counts(migration)], [])
    return groupByPhase(
      texts.flatMap((field, at) => {
        if (at % 2 === 1) return []
        const [phase, name] = field.split(':') as [Phase, string]
        return [{ phase, name, value: Number(texts[at + 1]) }]
      })
    )
  }

  async #findBarOfAll(): Promise<number | null> {
    const barredUpTo = await this.#run<string | null>('findBar', [this.#keys.bar(null)], [])
    return barredUpTo === null ? null : Number(barredUpTo)
  }

  async #findAll(loginIds: readonly string[], is: 'active' | 'inactive'): Promise<AdoptedLogin[]> {
    const found = await Promise.all(loginIds.map((loginId) => this.#find(loginId, is)))
    return loginIds.flatMap((loginId, at) => toAdopted(loginId, found[at] ?? null))
  }

  async #find(loginId: string, is: 'active' | 'inactive'): Promise<Adoption | null> {
    return decodeAdoption(await this.#run<string | null>('findAdoption', this.#pair(loginId), [is]))
  }

  #pair(loginId: string): readonly string[] {
    return [this.#keys.row(loginId), this.#keys.adoption(loginId)]
  }
}

/** In the order of the script, after those of the insert. */
function toAdoptArgs(input: AdoptInput, allBarredUpTo: number | null): ReadonlyArray<string | number> {
  const { claimedUntil, issuedAt, ledBy } = input
  return [claimedUntil, issuedAt ?? '', allBarredUpTo ?? '', ledBy, encodeName(input)]
}

const toAdopted = (loginId: string, adoption: Adoption | null): AdoptedLogin[] =>
  adoption === null ? [] : [{ loginId, adoption }]
const toStatus = (decision: string): ClaimStatus => ({
  kind: decision === 'barred' ? 'barred' : 'unclaimed'
})
const decodeLoginId = (text: string) => (text === NONE ? null : text)
