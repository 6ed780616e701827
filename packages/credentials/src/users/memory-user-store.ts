import { randomUUID } from 'node:crypto'
import type { NewUser, StoredUser } from './user.ts'
import type { RenameResult, UserStore } from './user-store.ts'

/**
 * Users in the memory of this process, lost when it ends: for tests and trials. Unbounded.
 *
 * @example
 * ```ts
 * const credentials = createCredentials({ users: createMemoryUserStore() })
 * await credentials.register({ username: 'Kim', password: 'a bicycle made of rain' })
 * ```
 */
export function createMemoryUserStore<Profile = undefined>(): UserStore<Profile> {
  return new MemoryUserStore() as UserStore as unknown as UserStore<Profile>
}

class MemoryUserStore implements UserStore {
  readonly #byId = new Map<string, StoredUser>()
  readonly #idByUsernameKey = new Map<string, string>()

  async findByUsernameKey(usernameKey: string): Promise<StoredUser | null> {
    return this.findById(this.#idByUsernameKey.get(usernameKey) ?? '')
  }

  async findById(id: string): Promise<StoredUser | null> {
    return this.#byId.get(id) ?? null
  }

  async insert(user: NewUser): Promise<StoredUser | null> {
    if (this.#idByUsernameKey.has(user.usernameKey)) return null
    const stored: StoredUser = Object.freeze({ ...user, id: randomUUID() })
    this.#idByUsernameKey.set(stored.usernameKey, stored.id)
    this.#byId.set(stored.id, stored)
    return stored
  }

  async replacePasswordHash(id: string, expectedHash: string, newHash: string): Promise<boolean> {
    const user = this.#byId.get(id)
    if (user?.passwordHash !== expectedHash) return false
    return this.#change(id, { passwordHash: newHash })
  }

  async setDisabled(id: string, disabled: boolean): Promise<boolean> {
    return this.#change(id, { disabled })
  }

  async remove(id: string): Promise<boolean> {
    const user = this.#byId.get(id)
    if (user === undefined) return false
    this.#idByUsernameKey.delete(user.usernameKey)
    return this.#byId.delete(id)
  }

  async rename(
    id: string,
    { username, usernameKey }: Pick<StoredUser, 'username' | 'usernameKey'>
  ): Promise<RenameResult> {
    const user = this.#byId.get(id)
    if (user === undefined) return 'unknown'
    if ((this.#idByUsernameKey.get(usernameKey) ?? id) !== id) return 'taken'
    this.#idByUsernameKey.delete(user.usernameKey)
    this.#idByUsernameKey.set(usernameKey, id)
    this.#change(id, { username, usernameKey })
    return 'renamed'
  }

  async ping(): Promise<void> {}

  #change(id: string, change: Partial<Omit<StoredUser, 'id'>>): boolean {
    const user = this.#byId.get(id)
    if (user === undefined) return false
    this.#byId.set(id, Object.freeze({ ...user, ...change }))
    return true
  }
}
