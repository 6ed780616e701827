/* For a service that moves its users here from another system. */
export type {
  AdoptionThrottleOptions,
  ForeignMigrationOptions,
  MigrationOptions,
  MigrationsOptions,
  OperatorOptions,
  OwnMigrationOptions
} from './options.ts'
export { migrationChannel, type MigrationEvent } from './migration-channel.ts'
export type { CountName } from './counts.ts'
export { migrations } from './plugin.ts'
export type {
  BarOptions,
  LoginMigration,
  Migrations,
  MigrationStatus,
  MoveOptions,
  NextStep,
  RestoreOptions,
  RevokeAdoptedOptions
} from './types.ts'
export type { MigratedUser, UserOf } from './user-of.ts'
export type { GivenLogin, OldLogin, OldLogins, PresentedOldLogin } from './old-logins.ts'
