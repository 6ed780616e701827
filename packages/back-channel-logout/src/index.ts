export type { BackChannelLogoutOptions, ProviderOptions } from './options.ts'
export { backChannelLogout, backChannelLogout as default } from './plugin.ts'
export type { ProviderSessions } from './sessions/provider-sessions.ts'
export type { BackChannelLogout, IdTokenClaims } from './types.ts'
