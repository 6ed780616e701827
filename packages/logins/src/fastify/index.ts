/* What the plugins of both carriers share at the edge to Fastify. Services need none of it directly. */
export { aFunction, instanceWith, parseOptions, wholeNumber } from '../options.ts'
export { rootSecret } from '../root-secret.ts'
export type { HttpError } from './errors.ts'
export {
  ambiguousCredential,
  asHttpError,
  insufficientScope,
  orUnavailable,
  unauthorized,
  unavailable
} from './errors.ts'
export type { CredentialsVerifier, LogInBody, ProvenUser } from './log-in.ts'
export { deviceOf, logInBody, proveUser } from './log-in.ts'
export { decoratePrincipal } from './principal.ts'
export { acceptStrictJsonOnly } from './strict-json.ts'
