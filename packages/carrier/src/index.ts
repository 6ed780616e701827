/* What the plugins of both carriers share at the edge to Fastify. Services need none of it directly. */
export {
  type AuthenticateOutcome,
  failedAuthentication,
  type FailedAuthentication
} from './authenticate-outcome.ts'
export { authenticate } from './authenticate.ts'
export {
  type AccessTokenClaims,
  type AccessTokenOutcome,
  type AccessTokenRules,
  checkAccessTokenClaims,
  findInvalidClaim
} from './access-tokens/claims.ts'
export { isPublicKeyAlgorithm, PUBLIC_KEY_ALGORITHMS } from './access-tokens/algorithms.ts'
export { type AccessTokenHeader, readAccessTokenHeader } from './access-tokens/header.ts'
export { type CurrentClaims, toSignedClaims, toVerifiedToken } from './access-tokens/principal.ts'
export { announceEffect } from './announce-effect.ts'
export { type Bearer, hasDuplicateAuthorization, readBearer } from './bearer.ts'
export { findCachedBearer, findCachedToken, type UncachedBearer } from './cached-bearer.ts'
export {
  type CompactJws,
  isStrictJson,
  type JoseHeader,
  parseCompactJws,
  parseJsonObject
} from './compact-jws.ts'
export { deepFreeze } from './deep-freeze.ts'
export { claimInstance } from './claim-instance.ts'
export { closeWithApp } from './close-with-app.ts'
export { warnOfReuse } from './warn-of-reuse.ts'
export { compareSecretsOnReady } from './compare-secrets.ts'
export type { HttpError } from './errors.ts'
export { type FailedAccountOutcome, outcomeError } from './outcome-error.ts'
export {
  ambiguousCredential,
  causeFrom,
  insufficientScope,
  invalidClient,
  keyNotAllowed,
  malformedCredentials,
  reauthenticationRequired,
  unauthorized
} from './errors.ts'
export { type UnsentLogin, UnsentLogins } from './unsent-logins.ts'
export { clientAddress } from './client-address.ts'
export {
  bearerError,
  challenge,
  insufficientScopeWithChallenge,
  reauthenticationRequiredWithChallenge,
  unauthorizedWithChallenge
} from './challenge.ts'
export { forwardAuth } from './forward-auth/forward-auth.ts'
export { isForwarded } from './forward-auth/forwarded.ts'
export type { ForwardAuthOptions } from './forward-auth/options.ts'
export type { ForwardAuthProxy } from './forward-auth/proxies.ts'
export type { UserHeader, UserHeaders } from './forward-auth/user-headers.ts'
export { createGuardHook, type GuardHook } from './guard-hook.ts'
export {
  type Authenticated,
  createGuard,
  type Guard,
  type GuardedCarrier,
  type GuardOptions,
  type PageGuardOptions,
  parseRoutePolicy,
  type Unresolved
} from './guard.ts'
export { type AccessTokenResponse, accessTokenResponseSchema, refreshTokenSchema } from './token-response.ts'
export {
  type BridgedKeys,
  type BridgedSessions,
  type BridgedTokens,
  type CarriedSession,
  type CarryResult,
  type DerivedSession,
  type DerivedTokens,
  findBridged,
  offerBridged,
  type PresentedSession,
  type PresentedToken
} from './bridged.ts'
export type { CreatedKey, KeyView, NewKeyInput } from './personal-access-tokens.ts'
export type {
  AuthenticatedUser,
  AddressThrottle,
  CredentialsVerifier,
  PendingSignIn,
  PendingUser,
  SignInBody,
  SignInOutcome,
  Reauthentication,
  VerifiedSignIn
} from './sign-in.ts'
export {
  authenticateUser,
  createSignInBodySchema,
  deviceFrom,
  readSignInBody,
  usernameFieldOption,
  reauthenticationEntries,
  verifiedSignInEntries
} from './sign-in.ts'
export {
  createVerifyPassword,
  type VerifyPassword,
  type VerifyPasswordInput,
  type VerifyPasswordStepInput
} from './verify-password.ts'
export type {
  SecondFactorRequiredResponse,
  SecondFactorFlow,
  SecondFactorBody
} from './second-factor/flow.ts'
export {
  createSecondFactorFlow,
  secondFactorRequiredSchema,
  secondFactorBodySchema
} from './second-factor/flow.ts'
export { isLocalPath, nextPath, withQuery } from './pages/local-path.ts'
export { localPathOption } from './pages/local-path-option.ts'
export { decoratePrincipal, principalOf, refuseKey } from './request-principal.ts'
export { markPublic, type RouteConfig } from './public-route.ts'
export { createSignInResponse, type GetSignInResponse } from './sign-in-response.ts'
export { createLoginForUser, revokeOnError } from './create-login.ts'
export { reauthenticateLogin } from './reauthenticate-login.ts'
export { parseSignInClaims, type SignInClaims, signInClaimsEntries } from './sign-in-claims.ts'
export { hasPrivateMember } from './private-jwk.ts'
export { isRoutePath } from './route-path.ts'
export {
  hasRoutes,
  type OptionalRoutesOption,
  type RoutePaths,
  type RoutesOption,
  routesOption
} from './route-options.ts'
export { acceptStrictJsonOnly, ignoreBodies, ignoreNonJsonBodies, useOwnCompilers } from './strict-json.ts'
export { speakOAuth } from './oauth-scope.ts'
export { acceptForms, acceptFormsOnly, isForm } from './strict-form.ts'
export { enforceNoStore, noStoreFields, setNoStore } from './no-store.ts'
export { installFollower, isFollowed, toOutcome } from './follower.ts'
export type { Follower, FollowerSlot, FollowOutcome } from './follower.ts'
export { onHeaders } from './on-headers.ts'
export {
  createRejectionHook,
  noteRejection,
  publishFailure,
  publishRejected,
  type Rejection
} from './rejections.ts'
export { describeErrors, type DescribeErrorsOptions } from './open-api/describe-errors.ts'
export { describeGuards } from './open-api/describe-guards.ts'
export { describeRoutes, type SecuritySchemes } from './open-api/describe-routes.ts'
export type { ErrorBody } from './open-api/error-schemas.ts'
export { bodyErrors, errorSchemas, jsonBodyErrors, signInErrors } from './open-api/error-schemas.ts'
export { findGuardTag, tagGuard } from './open-api/guard-tag.ts'
export { accessTokenExpiresAt } from './connections/access-token-expires-at.ts'
export { closeOnAbort, type ClosableSocket } from './connections/close-on-abort.ts'
export { endOnAbort, type EndableStream } from './connections/end-on-abort.ts'
