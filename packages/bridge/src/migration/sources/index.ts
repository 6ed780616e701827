/* For the logins of a system that has no adapter here: most of OldLogins is then a check of its signature, or a look-up. */
export type { OldLoginFields } from './fields.ts'
export { type OldCookie, readCookies } from './old-cookie.ts'
export { type PresentedIn, readBearer } from './presented.ts'
export { readPath, readTime } from './read-path.ts'
export {
  createSealedLogins,
  OldSystemUnreachableError,
  type SealedLogin,
  type SealedLoginsOptions
} from './sealed-logins.ts'
export {
  createStoredLogins,
  type OldRows,
  type StoredLogin,
  type StoredLoginsOptions
} from './stored-logins.ts'
export type { GivenLogin, OldLogin, OldLogins, PresentedOldLogin } from '../old-logins.ts'
export { parseJsonObject } from '@drawbridge/carrier'
