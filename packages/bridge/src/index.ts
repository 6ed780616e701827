export type { BridgeOptions, ExchangeDirection } from './options.ts'
export type { Bridge, ChangePasswordOptions, LogOutOptions, SessionForTokenOptions } from './types.ts'
export type { BridgeOutcome, RejectedRequest } from './outcome.ts'
export type {
  AccessTokenResponse,
  DescribeErrorsOptions,
  ErrorBody,
  Guard,
  GuardHook,
  GuardOptions,
  HttpError,
  PageGuardOptions
} from '@drawbridge/carrier'
export {
  accessTokenExpiresAt,
  closeOnAbort,
  describeErrors,
  endOnAbort,
  nextPath,
  outcomeError,
  principalOf,
  insufficientScopeWithChallenge as insufficientScope,
  reauthenticationRequiredWithChallenge as reauthenticationRequired,
  unauthorizedWithChallenge as unauthorized
} from '@drawbridge/carrier'
export { bridge } from './plugin.ts'
