export type { BridgeOptions, ExchangeDirection } from './options.ts'
export type { Bridge, ChangePasswordOptions, LogOutOptions, SessionForTokenOptions } from './types.ts'
export type { BridgeOutcome, RejectedRequest } from './outcome.ts'
export type {
  AccessTokenResponse,
  DescribeErrorsOptions,
  ErrorBody,
  ForwardAuthOptions,
  ForwardAuthProxy,
  Guard,
  GuardHook,
  GuardOptions,
  HttpError,
  PageGuardOptions,
  UserHeader,
  UserHeaders
} from '@drawbridge/carrier'
export {
  accessTokenExpiresAt,
  closeOnAbort,
  describeErrors,
  endOnAbort,
  forwardAuth,
  nextPath,
  outcomeError,
  principalOf,
  insufficientScopeWithChallenge as insufficientScope,
  reauthenticationRequiredWithChallenge as reauthenticationRequired,
  unauthorizedWithChallenge as unauthorized
} from '@drawbridge/carrier'
export { bridge } from './plugin.ts'
