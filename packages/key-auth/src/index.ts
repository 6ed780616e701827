export type {
  AuthenticateOutcome,
  CreatedKey,
  DescribeErrorsOptions,
  ErrorBody,
  ForwardAuthOptions,
  ForwardAuthProxy,
  Guard,
  GuardHook,
  GuardOptions,
  HttpError,
  KeyView,
  NewKeyInput,
  UserHeader,
  UserHeaders
} from '@drawbridge/carrier'
export {
  closeOnAbort,
  describeErrors,
  endOnAbort,
  forwardAuth,
  principalOf,
  refuseKey
} from '@drawbridge/carrier'
export { insufficientScope, unauthorized } from './errors.ts'
export type { KeyOwner } from './keys/create-key.ts'
export type { KeyAuthOptions } from './options.ts'
export { keyAuth, keyAuth as default } from './plugin.ts'
export type { KeyAuth } from './types.ts'
