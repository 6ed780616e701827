export type {
  AuthenticateOutcome,
  AuthenticatedUser,
  CredentialsVerifier,
  DescribeErrorsOptions,
  ErrorBody,
  ForwardAuthOptions,
  ForwardAuthProxy,
  GetSignInResponse,
  Guard,
  GuardHook,
  GuardOptions,
  HttpError,
  PendingSignIn,
  PendingUser,
  UserHeader,
  UserHeaders,
  SecondFactorFlow,
  VerifiedSignIn,
  VerifyPassword,
  VerifyPasswordInput,
  VerifyPasswordStepInput
} from '@drawbridge/carrier'
export type { TokenClient } from './clients/parse-clients.ts'
export type { IssueTokensInput } from './access-tokens/issue.ts'
export type { TokenResponse } from './access-tokens/token-response.ts'
export {
  accessTokenExpiresAt,
  closeOnAbort,
  describeErrors,
  endOnAbort,
  forwardAuth,
  outcomeError,
  principalOf
} from '@drawbridge/carrier'
export { insufficientScope, reauthenticationRequired, unauthorized } from './errors.ts'
export type { Algorithm } from './keys/algorithms.ts'
export { generateSigningKey } from './keys/generate-signing-key.ts'
export type { Jwk, KeyRingJwk, SigningKey } from './keys/jwk.ts'
export type { PublicJwk, PublicJwkSet } from './keys/jwks.ts'
export type { TokenAuthOptions, TokenRoutesOption } from './options.ts'
export { tokenAuth, tokenAuth as default } from './plugin.ts'
export type { RefreshOutcome } from './refresh/refresh.ts'
export type { TokenAuth } from './types.ts'
