export type {
  AuthenticateOutcome,
  DescribeErrorsOptions,
  ErrorBody,
  ForwardAuthOptions,
  ForwardAuthProxy,
  Guard,
  GuardHook,
  GuardOptions,
  HttpError,
  UserHeader,
  UserHeaders
} from '@drawbridge/carrier'
export { describeErrors, forwardAuth, principalOf } from '@drawbridge/carrier'
export { createVerifier } from './create-verifier.ts'
export { insufficientScope, reauthenticationRequired, unauthorized } from './errors.ts'
export type { PrivateJwk } from './keys/client-key.ts'
export type { PublicJwk } from './keys/given-keys.ts'
export type { IntrospectionOption, VerifierOptions } from './options.ts'
export { verifier, verifier as default } from './plugin.ts'
export type { ClosableTokenVerifier, TokenVerifier, Verifier } from './types.ts'
