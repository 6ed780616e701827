export type { ChangePasswordInput } from './change-password.ts'
export type {
  Credentials,
  CredentialsOptions,
  HashingOptions,
  PasswordOptions,
  ThrottleOptions
} from './create-credentials.ts'
export { createCredentials, credentialsDefaults } from './create-credentials.ts'
export type {
  SignInSucceededEvent,
  CredentialsEvent,
  Operation,
  PasswordChangedEvent,
  ThrottleDegradedEvent,
  ThrottleRecoveredEvent,
  PasswordRehashedEvent,
  UserRegisteredEvent,
  InvalidCredentialsEvent,
  SecondFactorRequiredEvent,
  SuspiciousSignInEvent,
  ThrottledEvent
} from './credentials-channel.ts'
export { credentialsChannel } from './credentials-channel.ts'
export { CredentialsUnavailableError } from './errors.ts'
export { OptionError } from '@drawbridge/options'
export type {
  ChangePasswordOutcome,
  RegisterOutcome,
  VerifySecondFactorOutcome,
  VerifyOutcome
} from './outcomes.ts'
export type { HashKind, HashVerifier } from './passwords/known-hash.ts'
export type { IsBreached, PasswordPolicyViolation, PasswordPolicyRule } from './passwords/policy.ts'
export { identifyHash } from './passwords/read-hash.ts'
export type { RegisterInput } from './register.ts'
export type {
  SecondFactorProvider,
  VerifySecondFactorInput,
  SecondFactorVerification
} from './second-factor.ts'
export type { SeedUserInput } from './seed-user.ts'
export { seedUser } from './seed-user.ts'
export type { LimiterResult, CreateLimiter, Limiter, LimiterOptions } from './throttle/limiter.ts'
export type { PasswordStamp } from './still-holds.ts'
export { createMemoryUserStore } from './users/memory-user-store.ts'
export { createUsersTable } from './users/migrate-users.ts'
export type { KyselyInstance } from './users/sql-user-store.ts'
export { createKyselyUserStore } from './users/sql-user-store.ts'
export type { NewUser, StoredUser, User } from './users/user.ts'
export type { CanonicalUsername } from './users/username.ts'
export { canonicalizeUsername } from './users/username.ts'
export type { UserStore } from './users/user-store.ts'
export type { VerifyInput } from './verify.ts'
