import { createHash, randomBytes } from 'node:crypto'
import { type Login, newLoginId } from '../login/login.ts'
import type { CarryInput } from '../stores/carry.ts'
import type { LoginStore } from '../stores/login-store.ts'
import type { RotateInput } from '../stores/rotation.ts'
import { type ContractCase, closingCase, type LoginStoreSubject } from './contract-case.ts'

/** What a case of a store works with: the subject, and users and logins of its own. */
export interface StoreFixture {
  readonly store: LoginStore
  readonly advance: (ms: number) => Promise<void>
  readonly now: () => number
  /** A login that is not in the store yet; of a new user unless `changes` name one. */
  readonly buildLogin: (changes?: Partial<Login>) => Login
  /** The same, inserted. */
  readonly insertLogin: (changes?: Partial<Login>) => Promise<Login>
  readonly newUserId: () => string
}

/** More logins than any case inserts for one user. */
export const NO_LIMIT = 10_000

/** A case of {@link loginStoreCases}. */
export function storeCase(
  name: string,
  check: (fixture: StoreFixture) => Promise<void>
): ContractCase<LoginStoreSubject> {
  return closingCase(name, (subject) => check(createFixture(subject)))
}

function createFixture(subject: LoginStoreSubject): StoreFixture {
  const now = () => subject.now?.() ?? Date.now()
  // A fixed capital and small letters, since one case has users whose ids differ only in case.
  const newUserId = () => `User-${randomBytes(9).toString('base64url')}`
  const buildLogin = (changes: Partial<Login> = {}) => newLogin({ userId: newUserId(), ...changes }, now())
  return {
    store: subject.store,
    advance: (ms) => subject.advance(ms),
    now,
    newUserId,
    buildLogin,
    insertLogin: async (changes) => {
      const login = buildLogin(changes)
      await subject.store.insert(login, NO_LIMIT)
      return login
    }
  }
}

/** The ids of the logins that made room for one that is inserted; undefined where nothing was. */
export async function removedBy(
  inserting: ReturnType<LoginStore['insert']>
): Promise<readonly string[] | undefined> {
  return (await inserting)?.removed
}

/** A login record with valid defaults. @param now ms since the epoch. */
export function newLogin(changes: Partial<Login> & { readonly userId: string }, now: number): Login {
  return {
    id: newLoginId(changes.userId),
    username: 'user',
    createdAt: now,
    authenticatedAt: now,
    expiresAt: now + 3_600_000,
    idleTimeoutSeconds: 600,
    lastSeenAt: now,
    device: { userAgent: 'curl/8.5.0', address: '192.0.2.1' },
    session: { secretHash: sha256('cookie'), expiresAt: null },
    refresh: {
      familyHash: sha256('family'),
      generation: 0,
      hash: sha256('token 0'),
      previousHash: null,
      sealed: null,
      rotatedAt: now
    },
    key: null,
    scopes: ['read', 'write'],
    data: {},
    ...changes
  }
}

/**
 * The input of a rotation, as if the token of `generation` were presented. Each call offers a successor of
 * its own, as each of two parallel requests does.
 */
export function presentedToken(generation: number, overrides: Partial<RotateInput> = {}): RotateInput {
  const next = `token ${generation + 1}`
  return {
    familyHash: sha256('family'),
    generation,
    hash: sha256(`token ${generation}`),
    nextHash: sha256(next),
    nextSealed: `sealed ${randomBytes(6).toString('base64url')}`,
    graceSeconds: 60,
    ...overrides
  }
}

/** The input of a carry that adds a session secret, as if the token of `generation` were presented. */
export function addedSession(
  generation: number,
  expiresAt: number,
  overrides: Partial<RotateInput> = {}
): Extract<CarryInput, { add: 'session' }> {
  const { familyHash, hash, graceSeconds } = presentedToken(generation, overrides)
  const session = { secretHash: sha256('added cookie'), expiresAt }
  return { add: 'session', presented: { familyHash, generation, hash, graceSeconds }, session }
}

/** The input of a carry that adds the token of generation 0, as if this session secret were presented. */
export function addedRefresh(secret = 'cookie'): Extract<CarryInput, { add: 'refresh' }> {
  const refresh = { familyHash: sha256('family'), hash: sha256('token 0') }
  return { add: 'refresh', presented: { secretHash: sha256(secret) }, refresh }
}

/** SHA-256, base64url. */
export function sha256(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url')
}
