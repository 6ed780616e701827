/* For a service that moves its users here from another system. */
export type {
  ForeignMigrationOptions,
  MigrationOptions,
  MigrationsOptions,
  OperatorOptions,
  OwnMigrationOptions
} from './options.ts'
export { migrations } from './plugin.ts'
export type {
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
