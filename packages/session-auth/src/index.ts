export {
  closeOnAbort,
  describeErrors,
  endOnAbort,
  forwardAuth,
  insufficientScope,
  nextPath,
  outcomeError,
  principalOf,
  reauthenticationRequired,
  unauthorized
} from '@drawbridge/carrier'
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
  PageGuardOptions,
  PendingSignIn,
  PendingUser,
  SecondFactorFlow,
  UserHeader,
  UserHeaders,
  VerifiedSignIn,
  VerifyPassword,
  VerifyPasswordInput,
  VerifyPasswordStepInput
} from '@drawbridge/carrier'
export type { FormOptions, RememberOptions, SessionAuthOptions, SessionCookieOptions } from './options.ts'
export type { OriginOptions } from './origin.ts'
export { sessionAuth, sessionAuth as default } from './plugin.ts'
export type { ReauthenticateInput } from './sessions/reauthenticate.ts'
export type { StartSessionInput } from './sessions/start.ts'
export type { SessionAuth } from './types.ts'
