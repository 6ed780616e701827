import { createHash, randomBytes } from 'node:crypto'
import { type Login, newLoginId } from '../login.ts'
import type { LoginStore } from '../stores/login-store.ts'
import type { Rotation } from '../stores/rotation.ts'
import { type Case, closing, type LoginStoreSubject } from './case.ts'

/** What a case of a store works with: the subject, and users and logins that no other case has. */
export interface Bench {
  readonly store: LoginStore
  readonly advance: (ms: number) => Promise<void>
  readonly now: () => number
  /** A login that is not in the store yet; of a new user where `changes` name none. */
  readonly login: (changes?: Partial<Login>) => Login
  /** The same, inserted. */
  readonly inserted: (changes?: Partial<Login>) => Promise<Login>
  readonly userId: () => string
}

/** More logins than any case gives to one user. */
export const NO_LIMIT = 10_000

export function storeCase(name: string, check: (bench: Bench) => Promise<void>): Case<LoginStoreSubject> {
  return closing(name, (subject) => check(benchOf(subject)))
}

function benchOf(subject: LoginStoreSubject): Bench {
  const now = () => subject.now?.() ?? Date.now()
  // A capital and small letters that are not left to chance: a case has users whose ids differ in nothing else.
  const userId = () => `User-${randomBytes(9).toString('base64url')}`
  const login = (changes: Partial<Login> = {}) => newLogin({ userId: userId(), ...changes }, now())
  return {
    store: subject.store,
    advance: (ms) => subject.advance(ms),
    now,
    userId,
    login,
    inserted: async (changes) => {
      const made = login(changes)
      await subject.store.insert(made, NO_LIMIT)
      return made
    }
  }
}

export function newLogin(changes: Partial<Login> & { readonly userId: string }, now: number): Login {
  return {
    id: newLoginId(changes.userId),
    username: 'user',
    createdAt: now,
    authenticatedAt: now,
    expiresAt: now + 3_600_000,
    idleSeconds: 600,
    lastSeenAt: now,
    device: { userAgent: 'curl/8.5.0', address: '192.0.2.1' },
    session: { secretHash: hashOf('cookie') },
    refresh: {
      familyHash: hashOf('family'),
      generation: 0,
      hash: hashOf('token 0'),
      previousHash: null,
      sealed: null,
      rotatedAt: now
    },
    scopes: ['read', 'write'],
    data: {},
    ...changes
  }
}

/**
 * The token of a generation is shown, to be replaced. Each call offers a successor of its own, as each of two
 * parallel requests does.
 */
export function shown(generation: number, more: Partial<Rotation> = {}): Rotation {
  const next = `token ${generation + 1}`
  return {
    familyHash: hashOf('family'),
    generation,
    hash: hashOf(`token ${generation}`),
    nextHash: hashOf(next),
    nextSealed: `sealed ${randomBytes(6).toString('base64url')}`,
    graceSeconds: 60,
    ...more
  }
}

export function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url')
}
