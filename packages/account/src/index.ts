export type { AccountOptions, AccountRoute, AccountThrottleOptions, Verification } from './options.ts'
export type { Account, AccountLogin, AccountToken, Registration } from './types.ts'
export {
  createMemorySpentTokens,
  type MemorySpentTokensOptions
} from './one-time-tokens/memory-spent-tokens.ts'
export {
  createOneTimeTokens,
  type FindState,
  type OneTimeTokenInput,
  type OneTimeTokens,
  type OneTimeTokensOptions,
  type RedeemOutcome
} from './one-time-tokens/create-one-time-tokens.ts'
export type { SpentTokens } from './one-time-tokens/spent-tokens.ts'
export { account } from './plugin.ts'
