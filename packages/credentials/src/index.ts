export type { PasswordChange } from './change-password.ts'
export type {
  Credentials,
  CredentialsOptions,
  HashingOptions,
  PasswordOptions,
  ThrottleOptions
} from './create-credentials.ts'
export { createCredentials, credentialsDefaults } from './create-credentials.ts'
export type {
  AcceptedEvent,
  CredentialsEvent,
  Occasion,
  PasswordChangedEvent,
  CountingAloneEvent,
  CountingTogetherEvent,
  PasswordRehashedEvent,
  RegisteredEvent,
  RejectedEvent,
  SecondFactorNeededEvent,
  SuspiciousLogInEvent,
  ThrottledEvent
} from './credentials-channel.ts'
export { credentialsChannel } from './credentials-channel.ts'
export { CredentialsUnavailableError } from './errors.ts'
export { OptionError } from '@drawbridge/options'
export type {
  ChangePasswordOutcome,
  RegisterOutcome,
  SecondFactorOutcome,
  VerifyOutcome
} from './outcomes.ts'
export type { HashKind, HashVerifier } from './passwords/known-hash.ts'
export type { IsBreached, PolicyRefusal, PolicyRule } from './passwords/policy.ts'
export { identifyHash } from './passwords/read-hash.ts'
export type { Registration } from './register.ts'
export type { SecondFactor, SecondFactorAttempt, SecondFactorResponse } from './second-factor.ts'
export type { SeededUser } from './seed-user.ts'
export { seedUser } from './seed-user.ts'
export type { Count, CreateLimiter, Limiter, LimiterOptions } from './throttle/limiter.ts'
export type { EarlierProof } from './still-holds.ts'
export { createMemoryUserStore } from './users/memory-user-store.ts'
export { migrateUsers } from './users/migrate-users.ts'
export type { KyselyInstance } from './users/sql-user-store.ts'
export { createSqlUserStore } from './users/sql-user-store.ts'
export type { NewUser, StoredUser, User } from './users/user.ts'
export type { Username } from './users/username.ts'
export { canonicalUsername } from './users/username.ts'
export type { UserStore } from './users/user-store.ts'
export type { VerifyAttempt } from './verify.ts'
