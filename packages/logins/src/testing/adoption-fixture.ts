import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import type { Login } from '../login/login.ts'
import type { AdoptInput, AdoptionStore, AdoptOutcome } from '../stores/adoption-store.ts'
import type { ContractCase, LoginStoreSubject } from './contract-case.ts'
import { NO_LIMIT, storeCase, type StoreFixture } from './store-case.ts'

/** What a case of adoptions works with besides: a migration and old credentials of its own. */
export interface AdoptionFixture extends StoreFixture {
  readonly adoptions: AdoptionStore
  readonly migration: string
  /** An old credential of this migration, issued now and claimed for an hour. Each has a key of its own. */
  readonly oldCredential: (changes?: Partial<AdoptInput>) => AdoptInput
  /** Adopts an old credential; asserts that this makes a login. */
  readonly adopt: (changes?: Partial<Login>, input?: AdoptInput) => Promise<Adopted>
}

export type Adopted = Extract<AdoptOutcome, { kind: 'adopted' }> & { readonly input: AdoptInput }

/** A case of `adoptionCases`. */
export function adoptionCase(
  name: string,
  check: (fixture: AdoptionFixture) => Promise<void>
): ContractCase<LoginStoreSubject> {
  return storeCase(name, (fixture) => check(createFixture(fixture)))
}

function createFixture(fixture: StoreFixture): AdoptionFixture {
  const { adoptions } = fixture.store
  assert.ok(adoptions !== undefined, 'the store has no adoptions')
  const migration = `migration ${randomText()}`
  const oldCredential = (changes: Partial<AdoptInput> = {}): AdoptInput => ({
    migration,
    key: `key ${randomText()}`,
    ledBy: 'old',
    issuedAt: fixture.now(),
    claimedUntil: fixture.now() + 3_600_000,
    ...changes
  })
  return {
    ...fixture,
    adoptions,
    migration,
    oldCredential,
    adopt: async (changes, input = oldCredential()) => {
      const outcome = await adoptions.adopt(fixture.buildLogin(changes), input, NO_LIMIT)
      assert.equal(outcome.kind, 'adopted')
      return { ...(outcome as Extract<AdoptOutcome, { kind: 'adopted' }>), input }
    }
  }
}

const randomText = () => randomBytes(9).toString('base64url')

/** How many of the outcomes are of this kind. */
export const countKind = (outcomes: ReadonlyArray<{ readonly kind: string }>, kind: string): number =>
  outcomes.filter((outcome) => outcome.kind === kind).length
