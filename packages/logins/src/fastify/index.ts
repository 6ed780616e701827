/* What the plugins of both carriers share at the edge to Fastify. Services need none of it directly. */
export { deepFreeze } from '../deep-freeze.ts'
export { claimInstance } from './claim-instance.ts'
export { compareSecretsOnReady } from './compare-secrets.ts'
export { rootSecret } from '../root-secret.ts'
export type { HttpError } from './errors.ts'
export {
  ambiguousCredential,
  asHttpError,
  because,
  insufficientScope,
  orUnavailable,
  unauthorized,
  unavailable
} from './errors.ts'
export { createGuardHook, type GuardHook } from './guard-hook.ts'
export { createGuards, type GuardOptions, type Guards } from './guard-options.ts'
export type { CredentialsVerifier, LacksSecondFactor, LogInBody, PendingUser, ProvenUser } from './log-in.ts'
export { deviceOf, logInBody, proveUser } from './log-in.ts'
export type { PendingAnswer, PendingLogins, SecondFactorBody } from './pending-logins.ts'
export { createPendingLogins, pendingAnswer, secondFactorBody } from './pending-logins.ts'
export { conflictOf, decoratePrincipal } from './principal.ts'
export { isOpen, markPublic, type RouteMark } from './public-route.ts'
export { createProvenLogin } from './proven-login.ts'
export { isScope, readScopes, readScopesOf, type ScopesOf } from './scopes.ts'
export { isRoutePath } from './route-path.ts'
export { acceptStrictJsonOnly, ignoreBodies, ignoreOtherBodies, useOwnCompilers } from './strict-json.ts'
export { whenSent } from './when-sent.ts'
export { describeGuards, describeRoutes, failure, failures, guardOf } from './open-api.ts'
