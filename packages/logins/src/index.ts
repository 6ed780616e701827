export type { LoginsOptions } from './create-logins.ts'
export type {
  Logins,
  LoginsHealth,
  NewLogin,
  RefreshClaimsResult,
  RevokeUserOptions,
  RevokeUserResult
} from './logins.ts'
export type {
  CredentialRejectedEvent,
  LoginAdoptedEvent,
  LoginCreatedEvent,
  LoginEvent,
  LoginExchangedEvent,
  LoginExpiredEvent,
  LoginReauthenticatedEvent,
  LoginRefreshedEvent,
  LoginRevokedEvent,
  RefreshRepeatedEvent,
  RefreshTokenReusedEvent,
  RejectedReason
} from './events/login-event.ts'
export { loginsChannel } from './events/logins-channel.ts'
export type { RevocationCause, RevokedBy, RevokeOptions } from './revocation/revocation-cause.ts'
export type { StoreAskReason } from './cache/cache-policy.ts'
export type { CacheLookup } from './cache/credential-cache.ts'
export type { OnStale, OnStoreDown, OutagePolicy, RoutePolicy } from './cache/outage-policy.ts'
export { createLogins } from './create-logins.ts'
export { type InactiveLoginCode, InactiveLoginError, LoginsUnavailableError } from './errors.ts'
export { OptionError } from '@drawbridge/options'
export type {
  Change,
  FeedHealth,
  FeedPosition,
  FeedReader,
  Revocation,
  RevocationFeed
} from './revocation/feed.ts'
export type { MemoryFeedOptions } from './revocation/memory-feed.ts'
export { createMemoryFeed } from './revocation/memory-feed.ts'
export type {
  DeviceInfo,
  Login,
  LoginKind,
  LoginSecrets,
  RefreshTokenState,
  StoredKey,
  StoredSessionSecret
} from './login/login.ts'
export type { LoginView } from './login/login-view.ts'
export { loginEndsAt, isPending, kindOf } from './login/login.ts'
export type { Claims, ClaimsInput, GetClaims } from './login/claims.ts'
export type { Carrier, Principal, PrincipalExtension, StandardPrincipal } from './login/principal.ts'
export type { ClosingEmitter, SignalOptions } from './signals/signal-options.ts'
export type { RootSecret } from './root-secret.ts'
export type {
  AdoptedLogin,
  AdoptInput,
  AdoptionPage,
  AdoptionStore,
  AdoptOutcome,
  ClaimInput,
  ClaimStatus,
  CountChanges,
  LeadCounts,
  MoveOutcome,
  PhaseCounts
} from './stores/adoption-store.ts'
export type { AdoptDecision, Adoption, Claim, Lead, LeadInput, OldName } from './stores/adoption.ts'
export { claimDigest, claimedAdoption, decideAdopt, ledAdoption, newAdoption } from './stores/adoption.ts'
export type { MoveDecision, MoveInput, Phase, StoredPhase } from './stores/phase.ts'
export { decideMove, movedPhase, PHASES } from './stores/phase.ts'
export type { CarryInput, CarryDecision } from './stores/carry.ts'
export { carriedLogin, decideCarry } from './stores/carry.ts'
export type {
  CarryOutcome,
  FeedClocks,
  InsertOutcome,
  LoginStore,
  RotateOutcome,
  Touch
} from './stores/login-store.ts'
export type { LoginChange } from './stores/login-change.ts'
export { changedLogin } from './stores/login-change.ts'
export type { MemoryLoginStoreOptions } from './stores/memory-login-store.ts'
export { createMemoryLoginStore } from './stores/memory-login-store.ts'
export type { PresentedRefreshToken, RotateInput, RotationDecision } from './stores/rotation.ts'
export { decideRotation, rotatedState } from './stores/rotation.ts'
