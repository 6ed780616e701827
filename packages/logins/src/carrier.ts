/* What carriers of a login call, and stands on no promise to applications: see `Logins` for those. */
export type { CredentialCache } from './cache/credential-cache.ts'
export { checkServeStaleFor, onStaleOption, onStoreDownOption } from './cache/outage-options.ts'
export { MAX_ADDRESS_LENGTH } from './login/check-new-login.ts'
export { isLoginId, newLoginId } from './login/login.ts'
export { describeType } from './login/principal-extension.ts'
export type { LoginStatus, Validity, VerifiedCredential } from './logins.ts'
export { deriveKeys, rootSecret } from './root-secret.ts'
