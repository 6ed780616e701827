export type {
  AuthenticateOutcome,
  DescribeErrorsOptions,
  ErrorBody,
  Guard,
  GuardHook,
  GuardOptions,
  HttpError
} from '@drawbridge/carrier'
export { describeErrors, principalOf, refuseKey } from '@drawbridge/carrier'
export { insufficientScope, unauthorized } from './errors.ts'
export type { CreatedKey, KeyOwner } from './keys/create-key.ts'
export type { KeyView } from './keys/list-keys.ts'
export type { NewKeyInput } from './keys/parse-new-key.ts'
export type { KeyAuthOptions } from './options.ts'
export { keyAuth, keyAuth as default } from './plugin.ts'
export type { KeyAuth } from './types.ts'
