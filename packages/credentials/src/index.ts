export type { ChangePasswordInput } from './operations/change-password.ts'
export type { Credentials, CredentialsHealth } from './create-credentials.ts'
export { createCredentials } from './create-credentials.ts'
export type { CredentialsOptions, HashingOptions, PasswordOptions, ThrottleOptions } from './options.ts'
export { credentialsDefaults } from './options.ts'
export type {
  SignInSucceededEvent,
  CredentialsEvent,
  Operation,
  PasswordChangedEvent,
  PasswordResetRequestedEvent,
  PasswordSetEvent,
  UserDisabledEvent,
  UserEnabledEvent,
  UserRemovedEvent,
  UserRenamedEvent,
  UserVerifiedEvent,
  ThrottleDegradedEvent,
  ThrottleRecoveredEvent,
  PasswordRehashedEvent,
  UserRegisteredEvent,
  InvalidCredentialsEvent,
  SecondFactorRequiredEvent,
  SuspiciousSignInEvent,
  ThrottledEvent
} from './events.ts'
export { credentialsChannel } from './events.ts'
export { CredentialsUnavailableError } from './errors.ts'
export { OptionError } from '@drawbridge/options'
export type {
  ChangePasswordOutcome,
  RegisterOutcome,
  RenameOutcome,
  SetPasswordOutcome,
  UserChangeOutcome,
  VerifySecondFactorOutcome,
  VerifyOutcome
} from './outcomes.ts'
export type { HashingHealth } from './passwords/hashing-queue.ts'
export type { HashKind, HashVerifier } from './passwords/known-hash.ts'
export type { IsBreached, PasswordPolicyViolation, PasswordPolicyRule } from './passwords/policy.ts'
export { identifyHash } from './passwords/parse-hash.ts'
export type { RegisterInput } from './operations/register.ts'
export type { UserManagement } from './operations/manage-users.ts'
export type { RenameInput } from './operations/rename-user.ts'
export type { ChangeCause, ChangeCauseInput, ChangedBy } from './operations/change-cause.ts'
export type { UserInput } from './operations/set-disabled.ts'
export type { SetPasswordInput } from './operations/set-password.ts'
export type { VerifySecondFactorInput } from './operations/second-factor.ts'
export type { SecondFactorProvider, SecondFactorVerification } from './operations/second-factor-provider.ts'
export type { SeedUserInput } from './operations/seed-user.ts'
export { seedUser } from './operations/seed-user.ts'
export type { LimiterResult, CreateLimiter, Limiter, LimiterOptions, Limiters } from './throttle/limiter.ts'
export type { AddressLimits, AddressThrottle } from './throttle/address-throttle.ts'
export type {
  CountedRequest,
  RequestAdmission,
  RequestThrottle,
  RequestThrottleOptions
} from './throttle/request-throttle.ts'
export { createRequestThrottle } from './throttle/request-throttle.ts'
export type { PasswordStamp, StampOfInput, UserStamp } from './operations/stamp.ts'
export { createMemoryUserStore } from './users/memory-user-store.ts'
export { createUsersTable } from './users/create-users-table.ts'
export type {
  KyselyInstance,
  KyselyOwnTableOptions,
  KyselyUserStoreOptions
} from './users/kysely-user-store.ts'
export type { UsersColumns, UsersTable } from './users/users-table.ts'
export { createKyselyUserStore } from './users/kysely-user-store.ts'
export type { NewUser, StoredUser, User, WithProfile } from './users/user.ts'
export type { CanonicalUsername } from './users/username.ts'
export { canonicalizeUsername } from './users/username.ts'
export type { RenameResult, UserStore } from './users/user-store.ts'
export type { VerifyInput } from './operations/verify.ts'
