/* What the plugins that carry a login call. No promise to applications: see `Logins` for theirs. */
export type { CredentialCache } from './cache/credential-cache.ts'
export { checkServeStaleFor, onStaleOption, onStoreDownOption } from './cache/outage-policy.ts'
export { describeLogin, type DescribedLogin } from './events/describe-login.ts'
export type { NewLoginEvent } from './events/login-event.ts'
export type { PublishEvent } from './events/login-events.ts'
export type { LoginStatus, QueryStart, Validity, VerifiedCredential } from './cache/verified-credential.ts'
export type {
  AdoptResult,
  CarrierAdoptions,
  NewAdoptedLogin,
  RevokedListener
} from './adoption/carrier-adoptions.ts'
export { carrierLogins, type CarrierLogins, type NewKeyLogin } from './carrier-logins.ts'
export {
  followLogins,
  type FollowedLogins,
  type FollowedLoginsHealth,
  type FollowLoginsOptions
} from './followed-logins.ts'
export { wrapOutage } from './errors.ts'
export { MAX_ADDRESS_LENGTH, MAX_KEY_NAME_LENGTH } from './login/check-new-login.ts'
export { isLoginId, isValidSecret, LOGIN_ID_PREFIX_LENGTH, loginIdFrom, newLoginId } from './login/login.ts'
export { defaultCacheEntries } from './create-logins.ts'
export { isRefusal, type LoginClaims, type LoginWithClaims } from './login/claims.ts'
export { copyJsonObject, describeType } from './login/json-copy.ts'
export { causeEntries } from './revocation/revocation-cause.ts'
export { isScope, parseScopes } from './login/scopes.ts'
export { deriveKeys, rootSecret } from './root-secret.ts'
export { MacCodec } from './mac-codec.ts'
export { Sealer, unseal } from './seal.ts'
