import type { HashingQueue } from '../passwords/hashing-queue.ts'
import type { PasswordHasher } from '../passwords/password-hasher.ts'
import type { PasswordPolicy } from '../passwords/policy.ts'
import type { SecondFactorProvider } from './second-factor-provider.ts'
import type { Throttle } from '../throttle/throttle.ts'
import type { UserStore } from '../users/user-store.ts'

/** What the methods of `Credentials` work with. */
export interface Dependencies {
  readonly users: UserStore
  readonly hasher: PasswordHasher
  readonly hashingQueue: HashingQueue
  readonly throttle: Throttle
  /** Absent where no second factor is configured. */
  readonly secondFactor?: { readonly provider: SecondFactorProvider; readonly throttle: Throttle }
  readonly policy: PasswordPolicy
  /** Code points. */
  readonly maxPasswordLength: number
  /** Called with errors that change no outcome. */
  readonly onError: (error: unknown) => void
}
